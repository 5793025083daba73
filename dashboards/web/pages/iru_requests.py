"""Requests for capacity: asked for, approved, refused, withdrawn, changed and given back on a page, as by the commands."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Final

from fastapi import Depends
from fastapi.responses import RedirectResponse, Response

from dashboards.iru_form import FIELDS, Act, FormWrong, Reading, may_be_signed
from dashboards.iru_ledger import note, of
from dashboards.web.forms import Fields, Form
from dashboards.web.frame import Crumb, Frame, Framed
from dashboards.web.pages.terms import terms
from dashboards.web.refusal import Away, BadQuestion, NotNow, Unseen
from dashboards.web.route import Route
from dashboards.web.viewer import Right
from inventory.accounts.acts import Signature
from inventory.accounts.request import Request, allocation
from inventory.accounts.room import mbps as exact
from inventory.allocation import DIRECTIONS, Balance
from inventory.sentence import Sentence

PAGE: Final = 250
STATES: Final = ("pending", "requested", "approved", "refused", "withdrawn", "ended")
Again = Callable[["Typed", int], Response]  # the page with what was typed, and its status
ACTS: Final = ("approve", "refuse", "withdraw", "change", "end")


@dataclass(frozen=True, slots=True)
class _Query:
    state: str = ""
    institution: str = ""
    contract: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in a form of the page, why it was not taken, and what would come of it."""

    act: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    refused: str = ""
    before: Sequence[Balance] = ()
    after: Sequence[Balance] = ()

    @property
    def signable(self) -> bool:
        return may_be_signed(self.refused) or bool(self.words.get("over"))


def requests(frame: Framed, query: Annotated[_Query, Depends(_Query)]) -> Response:
    capacity = frame.sight.capacity
    if query.state and query.state not in STATES:
        none = Sentence("state-unknown", "there is no state {key!r}", key=query.state[:40])
        raise BadQuestion(none, {"state": Sentence("there-are", "there are {known}", known=", ".join(STATES))})
    found = [one for one in capacity.held() if _meant(capacity.book.requests[one.number], one.state, query)]
    found.reverse()
    last = max(1, -(-len(found) // PAGE))
    number = min(max(1, query.page), last)
    names = frame.sight.inventory.institutions
    return frame.page(
        "iru/requests.html",
        title=frame.gettext("Requests"),
        crumbs=[Crumb(frame.gettext("IRU"), "/iru"), Crumb(frame.gettext("Requests"))],
        tab="requests",
        query=query,
        states=STATES,
        total=len(found),
        number=number,
        last=last,
        rows=[(capacity.book.requests[one.number], one) for one in found[(number - 1) * PAGE : number * PAGE]],
        names={key: one.name.in_language(frame.language.key) for key, one in names.items()},
        contracts=list(frame.sight.inventory.contracts),
        of=of,
        note=note,
        exact=exact,
        may_act=frame.sight.viewer.may(Right.ACT),
        words=state_words(frame),
    )


def _meant(request: Request, state: str, query: _Query) -> bool:
    return (
        (not query.state or (request.pending if query.state == "pending" else state == query.state))
        and query.institution.strip().casefold() in request.institution.casefold()
        and (not query.contract or query.contract in request.shares)
    )


def state_words(frame: Frame) -> Mapping[str, str]:
    _ = frame.gettext
    return {
        "pending": _("waiting for an approver"),
        "requested": _("reserved"),
        "approved": _("approved"),
        "refused": _("refused"),
        "withdrawn": _("withdrawn"),
        "ended": _("ended"),
    }


def new(frame: Framed) -> Response:
    return asking(frame, Typed())


def asking(frame: Frame, typed: Typed, status: int = 200) -> Response:
    inventory = frame.sight.inventory
    return frame.page(
        "iru/new.html",
        title=frame.gettext("A new request"),
        crumbs=[
            Crumb(frame.gettext("IRU"), "/iru"),
            Crumb(frame.gettext("Requests"), "/iru/requests"),
            Crumb(frame.gettext("A new request")),
        ],
        status=status,
        tab="requests",
        typed=typed,
        institutions=inventory.institutions,
        pools=sorted({one.pool for one in inventory.contracts.values() if one.pool}),
        contracts=list(inventory.contracts),
        exact=exact,
    )


def one(frame: Framed, number: str) -> Response:
    return story(frame, whole(number), Typed())


def whole(text: str) -> int:
    """17 or R-17; Unseen for what is no number of a request."""
    digits = text.upper().removeprefix("R-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 10):
        raise Unseen(Sentence("request-unknown", "there is no such request"))
    return int(digits)


def story(frame: Frame, number: int, typed: Typed, status: int = 200) -> Response:
    capacity = frame.sight.capacity
    request = capacity.request(number)
    name = frame.sight.inventory.institutions.get(request.institution)
    return frame.page(
        "iru/request.html",
        title=f"R-{number}",
        crumbs=[
            Crumb(frame.gettext("IRU"), "/iru"),
            Crumb(frame.gettext("Requests"), "/iru/requests"),
            Crumb(f"R-{number}"),
        ],
        status=status,
        tab="requests",
        typed=typed,
        none_typed=Typed(),
        request=request,
        name=name.name.in_language(frame.language.key) if name else request.institution,
        state=allocation(request, capacity.today).state,
        of=of(request),
        note=note(request),
        acts=[word for word in capacity.book.words if word.number == number],
        postings=[line for line in capacity.book.postings if line.request == number],
        terms=terms(frame.language),
        exact=exact,
        may_act=frame.sight.viewer.may(Right.ACT),
        words=state_words(frame),
    )


def ask(frame: Framed, form: Form) -> Response:
    """303 to the new request; else the form again, with what was typed and why it was not taken."""
    words = _words(form)
    reading = Reading(words, frame.sight.capacity.today)
    return _carried(frame, "add", reading.add, reading, lambda typed, status: asking(frame, typed, status))


def act(frame: Framed, number: str, name: str, form: Form) -> Response:
    whole_number = whole(number)
    if name not in ACTS:
        raise Unseen(Sentence("act-unknown", "there is no act {key!r} on requests", key=name[:40]))
    frame.sight.capacity.request(whole_number)
    reading = Reading(_words(form), frame.sight.capacity.today)
    read = getattr(reading, name)
    return _carried(
        frame,
        name,
        lambda: read(whole_number),
        reading,
        lambda typed, status: story(frame, whole_number, typed, status),
    )


def _words(form: Fields) -> dict[str, str]:
    return {name: text for name in FIELDS if (text := form.text(name))}


def _carried(frame: Frame, name: str, read: Callable[[], Act], reading: Reading, again: Again) -> Response:
    """Done, tried, or refused in words."""
    words = dict(reading.typed)
    try:
        meant = read()
        signature = reading.signature()
    except FormWrong as error:
        return again(Typed(name, words, error.problems), 422)
    if words.get("preview"):
        return _tried(frame, (name, words), meant, signature, again)
    try:
        with frame.sight.capacity.acting(signature) as acts:
            kept = meant(acts)
            number = kept.number
    except NotNow as error:
        return again(Typed(name, words, refused=str(error)), 409)
    except Away as error:
        answer = again(Typed(name, words, refused=str(error)), error.status)
        answer.headers["retry-after"] = str(error.retry_s)
        return answer
    return RedirectResponse(f"/iru/requests/{number}", 303)


def _tried(
    frame: Frame, typed: tuple[str, dict[str, str]], meant: Act, signature: Signature | None, again: Again
) -> Response:
    """The balances as they are and as they would be on the first day of it; nothing is kept."""
    name, words = typed
    capacity = frame.sight.capacity
    found: list[Request] = []
    book, refused = capacity.tried(lambda acts: found.append(meant(acts)), signature)
    if book is None:
        return again(Typed(name, words, refused=refused), 409)
    request = found[0]
    day = max(capacity.today, (request.asked or request.granted)[-1].start)
    sides = [(contract, way) for contract in request.shares for way in DIRECTIONS]
    before = [capacity.book.balance(contract, way, day) for contract, way in sides]
    after = [book.balance(contract, way, day) for contract, way in sides]
    return again(Typed(name, words, before=before, after=after), 200)


ROUTES: Final = (
    Route("/iru/requests", requests, Right.WATCH),
    Route("/iru/requests/new", new, Right.ACT),
    Route("/iru/requests/new", ask, Right.ACT, ("POST",)),
    Route("/iru/requests/{number}", one, Right.WATCH),
    Route("/iru/requests/{number}/{name}", act, Right.ACT, ("POST",)),
)
