"""Circuits and providers: what was agreed with whom, how it stands and carries, and how the month went so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import Depends, Request
from fastapi.responses import Response

from alerts.subject import Subject
from dashboards.lines.circuit import LABELS, SORTS, CircuitRow, chosen, stand_ins, title_of
from dashboards.lines.link import subjects_of
from dashboards.lines.month import MonthSeen, month_seen, served
from dashboards.lines.panels import of_circuit
from dashboards.lines.provider import provider_rows
from dashboards.lines.sheet import sheet
from dashboards.places.listing import PAGE_ROWS, unknown
from dashboards.web.attachment import spreadsheet
from dashboards.web.frame import Crumb, Frame, Framed
from dashboards.web.pages.boards import board_of
from dashboards.web.pages.links import ahead
from dashboards.web.pages.terms import terms
from dashboards.web.refusal import Away, mistaken
from dashboards.web.route import Route
from dashboards.web.viewer import Right
from inventory.selector import Selector, SelectorError, parse_text
from inventory.sentence import Sentence, noted
from inventory.states import WORST_FIRST

STATES: Final = tuple(state.value for state in WORST_FIRST)
MOST_LETTERS: Final = 500
MOST_CASES: Final = 20


@dataclass(frozen=True, slots=True)
class Query:
    """The parts of the address of the list."""

    q: str = ""
    state: str = ""
    sort: str = "worst"
    format: str = ""
    page: str = "1"

    def address(self, number: int) -> str:
        """Another page of the same list."""
        said = {"q": self.q, "state": self.state, "sort": self.sort, "page": str(number)}
        return "/circuits?" + urlencode({name: value for name, value in said.items() if value})


Question = Annotated[Query, Depends(Query)]


def circuits(frame: Framed, question: Question) -> Response:
    wrong, selector = _meant(question)
    if wrong and question.format:
        raise mistaken(wrong)
    asked = Query() if wrong else question
    inventory = frame.sight.inventory
    every = frame.sight.lines.circuits()
    rows = chosen(every, inventory, selector, asked.state, asked.sort)
    if question.format == "csv":
        return spreadsheet(sheet(rows, frame.language.key), "circuits")
    meant = chosen(every, inventory, selector, "", "name")
    last = max(1, -(-len(rows) // PAGE_ROWS))
    number = min(int(asked.page), last)
    shown = rows[(number - 1) * PAGE_ROWS : number * PAGE_ROWS]
    title = frame.gettext("Circuits")
    return frame.page(
        "lines/circuits.html",
        terms=terms(frame.language),
        title=title,
        crumbs=[Crumb(title)],
        status=422 if wrong else 200,
        rows=shown,
        pages={"number": number, "last": last, "total": len(rows), "address": asked.address},
        asked=question,
        wrong=wrong,
        counts={state: sum(row.state == state for row in meant) for state in STATES},
        month=frame.sight.lines.month,
        undeclared=frame.sight.scope.whole and not inventory.circuits,
        titles={row.key: title_of(row.circuit, row.links, frame.language.key) for row in shown},
    )


def circuit(frame: Framed, request: Request, key: str) -> Response:
    lines, inventory = frame.sight.lines, frame.sight.inventory
    row = lines.circuit_row(key)
    title = title_of(row.circuit, row.links, frame.language.key)
    subjects = [Subject("circuit", key), *(subject for link in row.links for subject in subjects_of(link)[:1])]
    told, away = _told(frame, subjects)
    panels = of_circuit(row.circuit, row.links, inventory, frame.gettext)
    provider = inventory.providers.get(row.circuit.provider)
    return frame.page(
        "lines/circuit.html",
        terms=terms(frame.language),
        title=title,
        crumbs=[Crumb(frame.gettext("Circuits"), "/circuits"), Crumb(key)],
        row=row,
        provider=provider,
        contracts=[one for one in inventory.contracts.values() if key in one.circuits],
        month=_month(frame, row),
        others=stand_ins(row, inventory, lines.circuit_row),
        told=told,
        away=away,
        ahead=ahead(frame, row.links),
        drawn=board_of(frame, request, panels, [("circuit", key)]),
    )


def providers(frame: Framed) -> Response:
    inventory, title = frame.sight.inventory, frame.gettext("Providers")
    return frame.page(
        "lines/providers.html",
        title=title,
        crumbs=[Crumb(title)],
        rows=provider_rows(frame.sight.lines.circuits(), inventory),
        undeclared=frame.sight.scope.whole and not inventory.providers,
    )


def provider(frame: Framed, key: str) -> Response:
    lines, inventory = frame.sight.lines, frame.sight.inventory
    one = lines.provider(key)
    rows = chosen(lines.circuits(key), inventory, Selector(), "", "worst")
    try:
        told, away = lines.of_provider(key, frame.language.key, MOST_CASES), ""
    except Away as error:
        told, away = [], str(error)
    return frame.page(
        "lines/provider.html",
        terms=terms(frame.language),
        title=one.name.in_language(frame.language.key),
        crumbs=[Crumb(frame.gettext("Providers"), "/providers"), Crumb(one.key)],
        provider=one,
        rows=rows,
        contracts=[contract for contract in inventory.contracts.values() if contract.provider == key],
        counts={state: sum(row.state == state for row in rows) for state in STATES},
        served=served([row.standing for row in rows if row.standing is not None]),
        month=lines.month,
        told=told,
        away=away,
        titles={row.key: title_of(row.circuit, row.links, frame.language.key) for row in rows},
    )


def _month(frame: Frame, row: CircuitRow) -> MonthSeen | None:
    figures = frame.sight.lines.month
    if figures is None or row.standing is None:
        return None
    return month_seen(row.standing, month=str(figures.month), until=figures.until, made_at=figures.made_at)


def _told(frame: Frame, subjects: Sequence[Subject]) -> tuple[Sequence[object], str]:
    try:
        return frame.sight.lines.last(subjects, frame.language.key), ""
    except Away as error:
        return (), str(error)


def _meant(question: Query) -> tuple[dict[str, str], Selector]:
    """What is wrong with the question, by its part; and what it selects."""
    wrong: dict[str, str] = {}
    selector = Selector()
    if len(question.q) > MOST_LETTERS:
        text = noted("a selector of {count} letters; at most {most}")
        wrong["q"] = Sentence("too-long", text, count=len(question.q), most=MOST_LETTERS)
    else:
        try:
            selector = parse_text(question.q, LABELS)
        except SelectorError as error:
            wrong["q"] = str(error)
    for name, value, known in (
        ("state", question.state, ("", *STATES)),
        ("sort", question.sort, SORTS),
        ("format", question.format, ("", "csv")),
    ):
        if value not in known:
            wrong[name] = unknown(name, value, known)
    if not (question.page.isascii() and question.page.isdigit() and len(question.page) < 5 and int(question.page)):
        wrong["page"] = Sentence("no-page", "{given!r} is no number of a page", given=question.page[:20])
    return wrong, selector


ROUTES: Final = (
    Route("/circuits", circuits, Right.SEE),
    Route("/circuits/{key}", circuit, Right.SEE),
    Route("/providers", providers, Right.SEE),
    Route("/providers/{key}", provider, Right.SEE),
)
