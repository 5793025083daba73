"""Devices: the list of them, and the page of one with all that it tells about itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import Response

from dashboards.charts.asked import Asked
from dashboards.charts.panel import Panel, Subject
from dashboards.notices import when
from dashboards.places.health import health
from dashboards.places.interfaces import PAGE_ROWS, interfaces, undeclared
from dashboards.places.peers import declared, neighbours, not_heard, peers
from dashboards.status import sentence
from dashboards.text import one_line
from dashboards.web.frame import Crumb, Frame, Framed
from dashboards.web.pages.boards import board_of
from dashboards.web.pages.listings import Question, listed, sheet_of
from dashboards.web.pages.places import cases_of, cause_address, readable, region_crumbs
from dashboards.web.pages.terms import terms
from dashboards.web.route import Route
from dashboards.web.viewer import Right

THEN_S: Final = 6 * 3600  # of a range between two instants so much, up to its end, is read poll by poll
SYSTEM: Final = (
    *("vendor", "hardware", "os", "version", "serial"),
    *("sysName", "sysLocation", "sysContact", "sysDescr"),
)


@dataclass(frozen=True, slots=True)
class Then:
    """[start, end) in UTC seconds of which polls and notices are shown."""

    start: int
    end: int


def devices(frame: Framed, asked: Question) -> Response:
    return listed(frame, "device", asked)


def devices_sheet(frame: Framed, asked: Question) -> Response:
    return sheet_of(frame, "device", asked)


def device(frame: Framed, request: Request, key: str) -> Response:
    sight, places = frame.sight, frame.sight.places
    one, row, known = places.device(key), places.row("device", key), places.known(key)
    cabled = places.cabled()
    findings = declared(sight.inventory, key, cabled.cabling)
    heard = neighbours(sight.inventory, key, known, cabled.cabling)
    ports = interfaces(sight.inventory, key, known)
    drawn = board_of(frame, request, [_round_trip(frame, key), _loss(frame, key)])
    then = then_of(drawn.board.asked)
    return frame.page(
        "places/device.html",
        title=one.name or key,
        crumbs=[*site_crumbs(frame, one.site), Crumb(key)],
        device=one,
        row=row,
        sentence=sentence(row, sight.now, frame.words),
        cause=cause_address(frame, str(row.figures.get("cause", ""))),
        known=known,
        system={**dict.fromkeys(SYSTEM, ""), **_lines(known.get("system", {}))},
        line=one_line,
        interfaces=ports[:PAGE_ROWS],
        more_interfaces=max(0, len(ports) - PAGE_ROWS),
        missing=undeclared(ports, sight.inventory, key) if ports else (),
        health=health(known),
        peers=peers(known),
        neighbours=heard,
        not_heard=not_heard(heard, findings),
        then=then,
        heard_at=when,
        polls=places.polled(key, then.start, then.end) if then else places.polls(key),
        incidents=readable(lambda: cases_of(frame, sight.past.standing("device", key))),
        ahead=readable(lambda: sight.past.ahead("device", key)),
        notices=places.noticed(key, then.start, then.end) if then else places.notices(key),
        drawn=drawn,
        words=frame.words,
        data_age=places.age,
        terms=terms(frame.language),
    )


def then_of(asked: Asked) -> Then | None:
    """None where the address asks for what is now: then the last polls and notices are shown."""
    if asked.range:
        return None
    return Then(max(asked.start, asked.end - THEN_S), asked.end)


def _lines(said: Mapping[str, Any]) -> Mapping[str, str]:
    """Texts of a device, each fit for one line."""
    return {name: one_line(value) for name, value in said.items() if value is not None}


def _round_trip(frame: Frame, key: str) -> Panel:
    return Panel(frame.gettext("Round trip"), Subject("ping", key, "ping", ("rtt_ms",)))


def _loss(frame: Frame, key: str) -> Panel:
    return Panel(frame.gettext("Loss"), Subject("ping", key, "ping", ("loss_ratio",)))


def site_crumbs(frame: Frame, key: str) -> list[Crumb]:
    site = frame.sight.inventory.sites[key]
    return [
        *region_crumbs(frame, site.region),
        Crumb(site.name.in_language(frame.language.key), f"/sites/{quote(key, safe='')}"),
    ]


ROUTES: Final = (
    Route("/devices", devices, Right.SEE),
    Route("/devices.csv", devices_sheet, Right.SEE),
    Route("/devices/{key}", device, Right.SEE),
)
