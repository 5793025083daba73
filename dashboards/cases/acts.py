"""What people do with incidents from a page: each act by its name, with what was typed, once however often it is sent."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from alerts.books import Books
from alerts.desk import acts
from alerts.incident import Entry, Incident
from dashboards.moments import MomentError, moment
from inventory.mistakes import did_you_mean
from inventory.model import Contact
from inventory.sentence import Sentence

VIA: Final = "web"
AGAIN_S: Final = 60.0  # in which the same act of the same person is the same click
LOOKED_THROUGH: Final = 100  # lines of a timeline, for whether an act was sent before
FIELDS: Final = ("text", "owner", "ticket", "check", "cause")
Typed = Mapping[str, str]


class ActWrong(acts.ActRefused):
    """What was typed cannot be meant; `field` is which of it."""

    def __init__(self, text: str, field: str) -> None:
        super().__init__(text)
        self.field = field


@dataclass(frozen=True, slots=True)
class Doing:
    """One act as it is asked for."""

    number: int
    who: str
    now: float
    typed: Typed
    contacts: Mapping[str, Contact]


@dataclass(frozen=True, slots=True)
class Act:
    """`code` is what its line in the timeline bears; `text`: which field its line repeats, "" for none."""

    code: str
    run: Callable[[Books, Doing], Incident]
    text: str = ""


def _ack(books: Books, doing: Doing) -> Incident:
    return acts.acknowledge(books, doing.number, doing.who, doing.now, via=VIA)


def _assign(books: Books, doing: Doing) -> Incident:
    name = doing.typed["owner"].strip()
    owner = {key.casefold(): key for key in doing.contacts}.get(name.casefold())
    if owner is None:
        if not name:
            raise ActWrong(Sentence("choose-one", "choose one"), "owner")
        hint = did_you_mean(name[:100], doing.contacts)
        none = Sentence("contact-unknown", "{key!r} is no contact of the inventory", key=name[:100])
        raise ActWrong(none.with_hint(hint), "owner")
    return acts.assign(books, doing.number, doing.who, owner, doing.now)


def _note(books: Books, doing: Doing) -> Incident:
    return acts.note(books, doing.number, doing.who, doing.typed["text"], doing.now)


def _wait(books: Books, doing: Doing) -> Incident:
    try:
        check = moment(doing.typed["check"][:100], doing.now)
    except MomentError as error:
        raise ActWrong(str(error), "check") from error
    return acts.wait(books, doing.number, doing.who, doing.now, ticket=doing.typed["ticket"], next_check_at=check)


def _resolve(books: Books, doing: Doing) -> Incident:
    return acts.resolve(books, doing.number, doing.who, doing.now, text=doing.typed["text"])


def _close(books: Books, doing: Doing) -> Incident:
    """Critical and major ones end with their cause; of the others it need not be known."""
    one = books.incident(doing.number)
    spared = "" if one is None or one.worst.pages else "cause not given"
    return acts.close(books, doing.number, doing.who, doing.now, cause=doing.typed["cause"].strip() or spared)


ACTS: Final[Mapping[str, Act]] = {
    "ack": Act("acknowledged", _ack),
    "assign": Act("assigned", _assign),
    "note": Act("noted", _note, "text"),
    "wait": Act("waiting", _wait),
    "resolve": Act("resolved-by-hand", _resolve, "text"),
    "close": Act("closed", _close, "cause"),
}


def carry_out(name: str, books: Books, doing: Doing) -> Incident:
    """In the transaction of `books`; ActRefused says why not. Sent once more within a minute it is the same act."""
    act = ACTS[name]
    before = books.incident(doing.number)
    if before is not None and _again(_newest(books, doing.number), act, doing):
        return before
    return act.run(books, doing)


def _newest(books: Books, number: int) -> Sequence[Entry]:
    """Its last lines: what was done within a minute stands among them."""
    return books.entries(number, start=max(0, books.length(number) - LOOKED_THROUGH), most=LOOKED_THROUGH)


def _again(entries: Sequence[Entry], act: Act, doing: Doing) -> bool:
    last = next((one for one in reversed(entries) if one.kind in ("act", "note", "resolved", "closed")), None)
    if last is None or (last.code, last.who) != (act.code, doing.who) or doing.now - last.at > AGAIN_S:
        return False
    typed = " ".join(doing.typed[act.text].split()) if act.text else ""
    if act.text and typed != " ".join(last.text.split()):
        return False
    if act.code == "assigned":
        return str(last.figures.get("owner", "")).casefold() == doing.typed["owner"].strip().casefold()
    return act.code != "waiting" or last.figures.get("ticket") == doing.typed["ticket"].strip()
