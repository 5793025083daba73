"""Every page and every refusal in Swahili: no word that our English texts have, but for data and terms that are the same."""

import re
from collections.abc import Iterable, Iterator, Mapping
from html.parser import HTMLParser
from typing import Final

import pytest

from alerts.words import english, swahili
from dashboards import incident_words, words
from dashboards.languages import entries
from dashboards.web.app import TABLES
from inventory.model import Inventory
from tests.browser.addresses import NO_PAGES
from tests.dashboards.web.test_every_route import STREAMS, filled
from tests.dashboards.web.visits import Visits

SWAHILI: Final = {"noc_language": "sw"}
WORD: Final = re.compile(r"[A-Za-z][a-z'’]+")
PLACES: Final = re.compile(r"%\(\w+\)[sd]|\{[^{}]*\}")
# what stands on pages as people, files and machines write it: selectors, addresses, file names, keys in quotes
WRITTEN: Final = re.compile(r"\S*[=~/_@]\S*|\S*\d\S*|'[^']*'|\"[^\"]*\"|\w+-[\w-]+")
KEYS: Final = re.compile(r"[\w-]+(?: \w+)?(?:, [\w-]+(?: \w+)?){2,}")  # what may be typed, as it is typed
SPOKEN: Final = ("title", "aria-label", "placeholder", "alt", "label", "data-lost", "data-on", "data-off", "data-empty")
EMPTY: Final = frozenset({"br", "hr", "img", "input", "link", "meta", "wbr", "col"})
# English that every text has; not one of them is a word of Swahili
LITTLE: Final = frozenset(
    WORD.findall(
        "the of and is are was were not there since before after ago for from with has have had been will would must "
        "cannot only all each every which who what when where why how this that these those it its be by or if into "
        "under over yes open opened done made given sent unknown about then than their they but"
    )
)
ALLOWED: Final[Mapping[str, str]] = {
    "en": "key of a language, as it is typed",
}
# English of the machinery is marked lang="en", for who hears the page read, and stands in these alone
ENGLISH_PARTS: Final[Mapping[str, str]] = {
    "api/index.html": "what routes do, as the OpenAPI document says it to programmers",
    "cases/oncall.html": "mistakes of the on-call file, in the words of 'noc check'",
    "places/inventory.html": "mistakes of the inventory's files, in the words of 'noc check'",
    "error.html": "what a file or a database says of itself, where there is no sentence of ours",
    "noc/own.html": "help of counters as /metrics has it, and findings of 'noc doctor'",
}


class Heard(HTMLParser):
    """`said`: what a page says, as text or by an attribute that is read or seen."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._open: list[tuple[str, bool]] = []

    @property
    def _silent(self) -> bool:
        return any(silent for _, silent in self._open)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        silent = tag in ("script", "style", "kbd", "code") or (given.get("lang") == "en" and tag != "html")
        if tag not in EMPTY:
            self._open.append((tag, silent))
        names = [*SPOKEN, *(["value"] if given.get("type") in ("submit", "button") else [])]
        if not self._silent and not silent:
            self.said += [text for name in names if (text := given.get(name))]

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not self._silent:
            self.said.append(" ".join(data.split()))


def texts(thing: object) -> Iterator[str]:
    """Every string in a table of words, however deep."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, Mapping):
        yield from (text for value in thing.values() for text in texts(value))
    elif isinstance(thing, tuple | list):
        yield from (text for value in thing for text in texts(value))
    elif hasattr(thing, "__dataclass_fields__"):
        yield from (text for name in thing.__dataclass_fields__ for text in texts(getattr(thing, name)))


def lowered(found: Iterable[str]) -> set[str]:
    return {word.lower() for text in found for word in WORD.findall(PLACES.sub(" ", text))}


@pytest.fixture(scope="module")
def foreign() -> frozenset[str]:
    """Words that only our English has."""
    known = list(entries("sw"))
    ours = [text for entry in known for text in entry.texts]
    ours += [*texts(words.ENGLISH), *texts(incident_words.ENGLISH), *texts(english.ENGLISH)]
    theirs = [text for entry in known for text in entry.said]
    theirs += [*texts(words.SWAHILI), *texts(incident_words.SWAHILI), *texts(swahili.SWAHILI)]
    return frozenset((lowered(ours) | LITTLE) - lowered(theirs) - ALLOWED.keys())


@pytest.fixture(scope="module")
def data(visits: Visits) -> re.Pattern[str]:
    """Names and keys of the inventory, and what people and devices wrote into the ledger and the notices."""
    here = visits.front.inventory
    found = {"power works", "upgrade", "a line", "<b>", "sshd", *here.regions}
    found |= {one.pool for one in here.contracts.values()}
    for table in (here.sites, here.devices, here.links, here.circuits, here.providers, here.services, here.contracts):
        found |= {*table, *(text for one in table.values() for text in named(one))}
    for one in (*here.institutions.values(), *here.contacts.values()):
        found |= {one.key, *named(one)}
    return re.compile("|".join(re.escape(word) for word in sorted(filter(None, found), key=len, reverse=True)))


def named(one: object) -> Iterator[str]:
    name = getattr(one, "name", "")
    yield from (name,) if isinstance(name, str) else (name.en, name.sw) if name else ()


def left(page: str, data: re.Pattern[str], foreign: frozenset[str]) -> list[str]:
    heard = Heard()
    heard.feed(page)
    plain = ((text, WRITTEN.sub(" ", KEYS.sub(" ", data.sub(" ", text)))) for text in heard.said)
    return [f"{text!r}: {sorted(lowered([rest]) & foreign)}" for text, rest in plain if lowered([rest]) & foreign]


def pages(inventory: Inventory) -> list[str]:
    found = [
        filled(route.path, inventory, own=own)
        for table in TABLES
        for route in table
        if "GET" in route.methods and route.path not in STREAMS and not NO_PAGES.search(route.path)
        for own in (True, False)
    ]
    return list(dict.fromkeys(path.replace("//", "/") for path in found))


REFUSED: Final = (
    "/nowhere",
    "/sites/lga-chamwin",
    "/sites?sort=size&state=upp&q=regin%3DDodoma&page=0",
    "/sites?format=xls",
    "/links?q=%22open",
    "/circuits?sort=x&q=a%3D",
    "/sites/lga-chamwino?range=200y",
    "/incidents?state=asleep&severity=critcal&page=x&span=9y&q=%3D",
    "/incidents/99999",
    "/silences?from=1",
    "/windows/99999",
    "/notices?since=whenever&kind=smoke&severity=99&q=zzz",
    "/notices/99999",
    "/oncall?at=whenever",
    "/search?q=zzzzzz",
    "/audit?from=x&before=y&who=" + "x" * 101,
    "/accounts/nobody-there",
    "/iru/what-if?lose=moon&growth=fast&add=9&onto=sea",
    "/iru/ledger?on=x&sort=y&contract=z&known=w",
    "/iru/requests?state=lost",
    "/iru/requests/99",
    "/reports/moon/2026-10",
    "/reports/sla/2999-01",
    "/links/nothing-there",
    "/charts/data?measurement=link&row=a&quantities=none&range=7y&step=2&points=1&from=x",
)
FORMS: Final = (
    ("/silences", {"selector": "regin=x", "for": "1 fortnight", "reason": ""}),
    ("/silences", {"selector": "lga-nothing", "for": "60d", "to": "14:00", "reason": "x"}),
    ("/maintenance", {"target": "moon", "for": "2h", "reason": "x", "repeat": "FREQ=SOMETIMES", "until": "2026"}),
    ("/incidents/1/close", {"cause": "x"}),
    ("/incidents/1/resolve", {"text": ""}),
    ("/incidents/1/wait", {"ticket": "", "check": "soon"}),
    ("/incidents/1/assign", {"owner": "nobody-there"}),
    ("/incidents/3/ack", {}),
    ("/incidents/1/note", {"text": ""}),
    ("/windows/99999/end", {}),
    ("/oncall", {"schedule": "moon", "contact": "", "for": "1x", "reason": ""}),
    ("/oncall/999/end", {}),
    ("/iru/requests/new", {"in": "fast", "from": "x"}),
    ("/preferences", {"language": "fr", "theme": "pink"}),
)


def test_given_every_page_in_swahili_then_no_english_of_ours_is_left(
    visits: Visits, data: re.Pattern[str], foreign: frozenset[str]
) -> None:
    found = {}
    for path in pages(visits.front.inventory):
        answer = visits.get(path, "admin", cookies=SWAHILI)
        if "text/html" in answer.headers.get("content-type", "") and (english := left(answer.text, data, foreign)):
            found[f"{path} {answer.status_code}"] = english
    assert not found, "\n".join(f"{path}\n   " + "\n   ".join(said) for path, said in found.items())


def test_given_what_cannot_be_answered_then_it_is_said_in_swahili(
    visits: Visits, data: re.Pattern[str], foreign: frozenset[str]
) -> None:
    found = {}
    for path in REFUSED:
        answer = visits.get(path, "admin", cookies=SWAHILI)
        if english := left(answer.text, data, foreign):
            found[path] = english
    for path, typed in FORMS:
        form = {**typed, "form_key": "key-of-admin"}
        answer = visits.ask("POST", path, "admin", cookies=SWAHILI, data=form, headers={"origin": "http://noc.test"})
        assert 400 <= answer.status_code < 500, f"{path}: {answer.status_code} {answer.text[:300]}"
        if english := left(answer.text, data, foreign):
            found[f"POST {path}"] = english
    assert not found, "\n".join(f"{path}\n   " + "\n   ".join(said) for path, said in found.items())


def test_given_the_same_in_english_then_this_look_would_find_it(
    visits: Visits, data: re.Pattern[str], foreign: frozenset[str]
) -> None:
    for path in ("/sites", "/incidents/1", "/nowhere"):
        assert len(left(visits.get(path, "admin").text, data, foreign)) > 10, path


def test_given_a_script_or_a_program_that_asks_for_swahili_then_it_is_refused_in_swahili(visits: Visits) -> None:
    accept = {"accept": "application/json"}
    script = visits.get("/charts/data", "admin", headers=accept, cookies=SWAHILI).json()
    assert (script["code"], script["detail"]) == ("not-understood", "measurement, scope, row na quantities hazipo")
    english = visits.front.ask("/sites/lga-chamwin").json()
    swahili = visits.front.ask("/sites/lga-chamwin", headers={"accept-language": "sw"}).json()
    assert english["detail"] == "there is no site 'lga-chamwin'; did you mean 'lga-chamwino'?"
    assert swahili["detail"] == "hakuna kituo 'lga-chamwin'; ulimaanisha 'lga-chamwino'?"
    assert english["code"] == swahili["code"] == "site-unknown"


def test_given_english_of_the_machinery_then_it_is_marked_and_stands_where_it_may() -> None:
    from dashboards.languages import ROOM

    marked = {
        path.relative_to(ROOM / "templates").as_posix()
        for path in (ROOM / "templates").rglob("*.html")
        if re.search(r'<(?!html)\w+[^>]* lang="en"', path.read_text())
    }
    assert marked == ENGLISH_PARTS.keys()
