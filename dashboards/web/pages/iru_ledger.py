"""Who holds what of the capacity that was bought, on any day, as it was known at any time, with what is measured of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import Depends
from fastapi.responses import Response

from dashboards.capacity.institutions import InstitutionStanding
from dashboards.figures import mbps
from dashboards.iru_ledger import Asked, allocations, balances, note, of, postings, together
from dashboards.moments import MomentError, moment
from dashboards.spreadsheet import guarded, written
from dashboards.web.attachment import spreadsheet
from dashboards.web.frame import Crumb, Frame, Framed
from dashboards.web.pages.terms import terms
from dashboards.web.refusal import mistaken
from dashboards.web.route import Route
from dashboards.web.viewer import Right
from inventory.accounts.book import Book
from inventory.accounts.request import share
from inventory.accounts.room import mbps as exact
from inventory.allocation import DIRECTIONS, Allocation
from inventory.calendar import DAY_S, Month, parse_day

PAGE: Final = 250
HEADS: Final = (
    *("number", "institution", "name", "of", "in_bps", "out_bps", "from", "until", "state", "reference", "approver"),
    *("iru_in_p95_bps", "iru_out_p95_bps", "access_in_p95_bps", "access_out_p95_bps", "note"),
)
SORTS: Final[Mapping[str, Callable[["Holder"], Any]]] = {
    "institution": lambda one: one.name.casefold(),
    "number": lambda one: one.held.number,
    "in": lambda one: -one.rates[0],
    "out": lambda one: -one.rates[1],
    "from": lambda one: one.held.start,
    "used": lambda one: -(one.used("in") or -1.0),
    "access": lambda one: -(one.access("in") or -1.0),
}


@dataclass(frozen=True, slots=True)
class _Query:
    on: str = ""
    known: str = ""
    contract: str = ""
    q: str = ""
    sort: str = "number"
    page: int = 1
    lines: str = ""
    format: str = ""


@dataclass(frozen=True, slots=True)
class Holder:
    """A request that holds something; `rates` of the contract that is looked at, else of all."""

    held: Allocation
    name: str
    rates: tuple[int, int]
    of: str
    note: str
    standing: InstitutionStanding | None

    def used(self, way: str) -> float | None:
        """p95 of what measuring points saw; None: not measured."""
        return _p95(self.standing.iru if self.standing else None, way)

    def access(self, way: str) -> float | None:
        """p95 of all that its router carries."""
        return _p95(self.standing.access if self.standing else None, way)


def _p95(uses: Any, way: str) -> float | None:
    return uses[way].p95.bps if uses else None


def ledger(frame: Framed, query: Annotated[_Query, Depends(_Query)]) -> Response:
    capacity = frame.sight.capacity
    asked, wrong = _asked(frame, query)
    if wrong and query.format:
        raise mistaken(wrong)
    if query.format == "csv":
        return _csv(_holders(frame, capacity.book, asked, query))
    lines = bool(query.lines)
    found = [] if lines else _holders(frame, capacity.book, asked, query)
    last = max(1, -(-len(found) // PAGE))
    number = min(max(1, query.page), last)
    shown = balances(capacity.book, asked)
    return frame.page(
        "iru/ledger.html",
        title=frame.gettext("Who holds what"),
        crumbs=[Crumb(frame.gettext("IRU"), "/iru"), Crumb(frame.gettext("Who holds what"))],
        status=422 if wrong else 200,
        tab="ledger",
        query=query,
        asked=asked,
        wrong=wrong,
        holders=found[(number - 1) * PAGE : number * PAGE],
        total=len(found),
        number=number,
        last=last,
        lines=_lines(capacity.book, asked) if lines else None,
        balances=shown,
        sums=_sums([balance for balance, _ in shown]),
        contracts=list(frame.sight.inventory.contracts),
        address=lambda **more: _address(query, **more),
        mbps=mbps,
        exact=exact,
        terms=terms(frame.language),
    )


def _asked(frame: Frame, query: _Query) -> tuple[Asked, dict[str, str]]:
    """All mistakes at once; what means nothing is as if it were not asked."""
    capacity, now, wrong = frame.sight.capacity, frame.sight.now, {}
    on, known = capacity.today, None
    if query.on:
        try:
            on = parse_day(query.on.strip())
        except ValueError as error:
            wrong["on"] = str(error)
    if query.known:
        known = _known(query.known.strip(), now, wrong)
    every = list(dict.fromkeys((*frame.sight.inventory.contracts, *capacity.book.contracts)))
    if query.contract and query.contract not in every:
        wrong["contract"] = frame.gettext("there is no contract {key}").format(key=repr(query.contract[:60]))
    if query.sort not in SORTS:
        wrong["sort"] = frame.gettext("there is no such order")
    if query.format not in ("", "csv"):
        wrong["format"] = frame.gettext("there is csv, and the page")
    chosen = [query.contract] if query.contract in every else every
    return Asked(on, known, chosen), wrong


def _known(text: str, now: float, wrong: dict[str, str]) -> float | None:
    """A bare day counts to its end, as for `noc iru ledger --known`."""
    try:
        bare = len(text) == 10 and bool(parse_day(text))
        at = moment(text, now) + (DAY_S if bare else 0)
    except (MomentError, ValueError, OverflowError) as error:
        wrong["known"] = str(error)
        return None
    return at if at < now else None


def _holders(frame: Frame, book: Book, asked: Asked, query: _Query) -> list[Holder]:
    capacity, language = frame.sight.capacity, frame.language.key
    known = {one.key: one for one in capacity.institutions(Month.of(frame.sight.now)) or ()}
    requests, names = book.as_known(asked.known).requests, frame.sight.inventory.institutions
    one = asked.contracts[0] if len(asked.contracts) == 1 else ""
    found = []
    for held in allocations(book, asked):
        rates = (held.in_bps, held.out_bps)
        if one and held.shares:
            rates = (share(held.in_bps, held.shares, one), share(held.out_bps, held.shares, one))
        there = names.get(held.institution)
        name = there.name.in_language(language) if there else held.institution
        request = requests[held.number]
        found.append(Holder(held, name, rates, one or of(request), note(request), known.get(held.institution)))
    wanted = query.q.strip().casefold()
    if wanted:
        found = [
            each for each in found if wanted in f"r-{each.held.number} {each.name} {each.held.institution}".casefold()
        ]
    return sorted(found, key=SORTS.get(query.sort, SORTS["number"]))


def _lines(book: Book, asked: Asked) -> Sequence[Any]:
    return postings(book, asked)[:2000]


def _sums(found: Sequence[Any]) -> Sequence[Any]:
    if len(found) <= len(DIRECTIONS):
        return []
    return [together("", [each for each in found if each.direction == way]) for way in DIRECTIONS]


def _address(query: _Query, **more: Any) -> str:
    """The same question with some of it changed."""
    fields = {name: getattr(query, name) for name in _Query.__slots__} | more
    kept = {
        name: value
        for name, value in fields.items()
        if value and (name, value) not in (("page", 1), ("sort", "number"))
    }
    return "/iru/ledger" + (f"?{urlencode(kept)}" if kept else "")


def _csv(found: Sequence[Holder]) -> Response:
    """bit/s; what is not measured is empty."""
    rows: list[Sequence[str]] = [HEADS]
    for one in found:
        held = one.held
        words = (f"R-{held.number}", held.institution, one.name, one.of)
        days = (held.start.isoformat(), held.end.isoformat() if held.end else "")
        used = [one.used("in"), one.used("out"), one.access("in"), one.access("out")]
        cells = [*words, *map(str, one.rates), *days, held.state, held.reference, held.approver]
        cells += ["" if bps is None else str(round(bps)) for bps in used]
        rows.append([guarded(cell) for cell in (*cells, one.note)])
    return spreadsheet(written(rows), "iru-ledger")


ROUTES: Final = (Route("/iru/ledger", ledger, Right.WATCH),)
