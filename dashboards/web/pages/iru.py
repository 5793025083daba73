"""What was bought of the submarine cables and the exchange, who holds it, how much is free and used, and until when."""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import Response

from dashboards.capacity.shown import (
    balances,
    headroom_said,
    held_sides,
    interval_said,
    said,
    share_said,
    sides,
    sides_of,
    stairs,
    steps,
)
from dashboards.charts.panel import Panel, Subject
from dashboards.figures import mbps
from dashboards.iru_ledger import of
from dashboards.web import marks
from dashboards.web.frame import Crumb, Frame, Framed
from dashboards.web.pages.boards import board_of
from dashboards.web.route import Route
from dashboards.web.sources.capacity import Figures
from dashboards.web.viewer import Right
from inventory.accounts.request import Request as Asked
from inventory.accounts.room import mbps as exact
from inventory.allocation import DIRECTIONS
from inventory.calendar import Month


def iru(frame: Framed, month: str = "") -> Response:
    capacity = frame.sight.capacity
    chosen = capacity.month(month)
    if not capacity.whole:
        return own(frame, chosen)
    found = capacity.figures(chosen)
    contracts = list(frame.sight.inventory.contracts.values())
    shown = sides(found.overview) if found else held_sides(contracts, capacity.book, capacity.today)
    return frame.page(
        "iru/overview.html",
        title=frame.gettext("IRU"),
        crumbs=[Crumb(frame.gettext("IRU"))],
        tab="overview",
        **figures_of(frame, found, chosen),
        sides=shown,
        sums=balances(shown),
        wrong=list(said(found.overview.wrong, frame.gettext, marks.states(frame.gettext))) if found else [],
        pending=pending(capacity.book.requests.values()),
        of=of,
        names={
            key: one.name.in_language(frame.language.key) for key, one in frame.sight.inventory.institutions.items()
        },
        undeclared=not frame.sight.inventory.contracts,
    )


def pending(requests: Any) -> Sequence[Asked]:
    return [one for one in requests if one.pending]


def figures_of(frame: Frame, found: Figures | None, month: Month) -> dict[str, Any]:
    """What every page with figures of a month needs: which one, up to when, and how numbers are written."""
    current = Month.of(frame.sight.now)
    before = Month(month.year - (month.number == 1), (month.number - 2) % 12 + 1)
    return {
        "figures": found,
        "month": month,
        "current": current,
        "month_before": before,
        "month_after": month.next if month < current else None,
        "mbps": mbps,
        "exact": exact,
        "share": share_said,
        "headroom": lambda head: headroom_said(head, frame.gettext),
        "interval": lambda head: interval_said(head, frame.gettext),
    }


def contract(frame: Framed, request: Request, key: str, month: str = "") -> Response:
    capacity = frame.sight.capacity
    one = capacity.contract(key)
    chosen = capacity.month(month)
    found = capacity.figures(chosen)
    standing = next((each for each in found.overview.contracts if each.contract.key == key), None) if found else None
    circuits = [each for each in found.overview.circuits if each.circuit.key in one.circuits] if found else []
    shown = sides_of(standing) if standing else held_sides([one], capacity.book, capacity.today)
    course = {way: steps(capacity.book, key, way) for way in DIRECTIONS}
    wrong = [*(standing.wrong if standing else ()), *(word for each in circuits for word in each.wrong)]
    name = one.name.in_language(frame.language.key) if one.name else key
    return frame.page(
        "iru/contract.html",
        title=name,
        crumbs=[Crumb(frame.gettext("IRU"), "/iru"), Crumb(name)],
        tab="",
        **figures_of(frame, found, chosen),
        contract=one,
        standing=standing,
        sides=shown,
        circuits=circuits,
        wrong=list(said(wrong, frame.gettext, marks.states(frame.gettext))),
        held=[each for each in capacity.held(capacity.today) if key in each.contracts],
        steps=course,
        stairs={way: stairs(course[way], frame.sight.now) for way in DIRECTIONS},
        ahead=_ahead(frame, course),
        drawn=board_of(frame, request, _panels(frame, one.key, one.circuits)),
        provider=frame.sight.inventory.providers.get(one.provider),
        quote=quote,
    )


def _ahead(frame: Frame, course: Any) -> Any:
    """The steps that are to come."""
    today = frame.sight.capacity.today
    return {way: [step for step in found if step.day > today] for way, found in course.items()}


def _panels(frame: Frame, key: str, circuits: Sequence[str]) -> list[Panel]:
    _ = frame.gettext
    traffic = [
        Panel(_("Traffic of {circuit}").format(circuit=one), Subject("circuit_traffic", "", one, ("in_bps", "out_bps")))
        for one in circuits[:6]
    ]
    judged = [
        Panel(_("95th percentile of 30 days, as judged once an hour"), _judged(key, "in_p95_bps", "out_p95_bps")),
        Panel(_("Free to be allocated"), _judged(key, "free_in_bps", "free_out_bps")),
    ]
    # before the daemon has judged it once there is nothing to be drawn
    return [*traffic, *(judged if frame.sight.charts.series.known("contract", "", key) else ())]


def _judged(key: str, *quantities: str) -> Subject:
    return Subject("contract", "", key, quantities)


def own(frame: Frame, month: Month) -> Response:
    """For who sees single institutions only: what those hold, and what is measured of it."""
    capacity = frame.sight.capacity
    found = capacity.institutions(month)
    return frame.page(
        "iru/own.html",
        title=frame.gettext("IRU"),
        crumbs=[Crumb(frame.gettext("IRU"))],
        **figures_of(frame, None, month),
        computed=found is not None,
        institutions=found or [],
        held=capacity.held(capacity.today),
        names={
            key: one.name.in_language(frame.language.key) for key, one in frame.sight.inventory.institutions.items()
        },
    )


ROUTES: Final = (
    Route("/iru", iru, Right.SEE),
    Route("/iru/{key}", contract, Right.WATCH),
)
