"""Which incidents a page is asked for: filters as they stand in its address, so the same address is the same list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from alerts.alarm import Severity
from alerts.incident import Incident, IncidentState
from alerts.words.names import Names
from dashboards.incidents import ASKED, labels_of, places_of
from inventory.mistakes import did_you_mean
from inventory.selector import Selector, SelectorError, parse_text
from inventory.sentence import Sentence, joined

LONGEST: Final = 200  # letters of one filter
CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "severity": tuple(map(str, Severity)),
    "state": tuple(map(str, IncidentState)),
}
LABELS: Final = ("region", "site", "provider", "family", "owner")
CALLED: Final = frozenset({"", "name", "name_sw"})  # labels that are asked of its title, in both languages
MARKS: Final = ("mine", "unacked")
NOT_CLOSED: Final = tuple(state for state in IncidentState if state is not IncidentState.CLOSED)
PAST: Final[Mapping[str, int]] = {"7d": 7, "30d": 30, "92d": 92, "366d": 366}  # days back
SPAN: Final = "30d"
MOST_WRONG: Final = 5  # of one filter, that are named


class Params(Protocol):
    """A query string, taken apart."""

    def getlist(self, key: str, /) -> list[str]: ...


@dataclass(frozen=True)
class Asked:
    """`problems`: parameter -> what is wrong with it; nothing is listed then. `labels`: region, site, provider ..."""

    severities: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    mine: bool = False
    unacked: bool = False
    text: str = ""
    span: str = SPAN
    page: int = 1
    selector: Selector = field(default_factory=Selector)
    problems: Mapping[str, str] = field(default_factory=dict)

    @property
    def past(self) -> bool:
        """Closed ones are among what is meant."""
        return IncidentState.CLOSED in self.states

    @property
    def narrowed(self) -> bool:
        return bool(self.severities or self.states or self.labels or self.mine or self.unacked or self.text)

    def meant(self) -> Sequence[IncidentState]:
        return tuple(map(IncidentState, self.states)) or NOT_CLOSED

    def matches(self, incident: Incident, names: Names, who: str) -> bool:
        if self.severities and incident.severity not in self.severities:
            return False
        if self.states and incident.state not in self.states:
            return False
        if self.mine and who not in (incident.owner, incident.acknowledged_by):
            return False
        if self.unacked and (incident.state is not IncidentState.OPEN):
            return False
        return not (self.labels or self.selector.terms) or self._labelled(incident, names)

    def _labelled(self, incident: Incident, names: Names) -> bool:
        called = any(term.label in CALLED for term in self.selector.terms)
        known = labels_of(incident, names) if called else places_of(incident, names.inventory)
        for label, value in self.labels.items():
            its = known[label]
            if value not in (its if isinstance(its, list) else (its,)):
                return False
        return self.selector.matches(f"{incident.number} {incident.root.key}", known)


def first(params: Params, name: str) -> str:
    return next(iter(params.getlist(name)), "").strip()


def asked(params: Params) -> Asked:
    """Every mistake at once, each with what is known instead."""
    problems: dict[str, str] = {}
    chosen = {name: _chosen(params, name, known, problems) for name, known in CHOICES.items()}
    labels = {name: value for name in LABELS if (value := first(params, name)[:LONGEST])}
    text = first(params, "q")
    return Asked(
        chosen["severity"],
        chosen["state"],
        labels,
        mine=bool(first(params, "mine")),
        unacked=bool(first(params, "unacked")),
        text=text[:LONGEST],
        span=_span(first(params, "span") or SPAN, problems),
        page=_page(first(params, "page") or "1", problems),
        selector=_selector(text, problems),
        problems=problems,
    )


def _chosen(params: Params, name: str, known: Sequence[str], problems: dict[str, str]) -> tuple[str, ...]:
    given = [word for word in params.getlist(name) if word]
    wrong = [word[:LONGEST] for word in given if word not in known][:MOST_WRONG]
    if wrong:
        there = Sentence("there-are", "there are {known}", known=", ".join(known))
        hints = ((word, did_you_mean(word, known) or there) for word in wrong)
        said = [Sentence("choice-unknown", "{given}: {hint}", given=repr(word), hint=hint) for word, hint in hints]
        problems[name] = joined("choice-unknown", said)
    return tuple(word for word in known if word in given)


def _span(text: str, problems: dict[str, str]) -> str:
    if text not in PAST:
        there = Sentence("there-are", "there are {known}", known=", ".join(PAST))
        problems["span"] = Sentence("choice-unknown", "{given}: {hint}", given=repr(text[:LONGEST]), hint=there)
        return SPAN
    return text


def _page(text: str, problems: dict[str, str]) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:7]) > 0 and len(text) < 7):
        problems["page"] = Sentence("no-page", "{given!r} is no number of a page", given=text[:LONGEST])
        return 1
    return int(text)


def _selector(text: str, problems: dict[str, str]) -> Selector:
    if len(text) > LONGEST:
        problems["q"] = Sentence("too-long", "at most {most} letters", most=LONGEST)
        return Selector()
    try:
        return parse_text(text, ("name", "name_sw", *ASKED))
    except SelectorError as error:
        problems["q"] = str(error)
        return Selector()
