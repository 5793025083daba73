"""Silences and maintenance: what is quiet now and what is ahead, planning with a look at what it covers, ending."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final

from fastapi import Form
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from alerts.desk.planned import WindowRefused
from alerts.places import Place
from alerts.subject import Subject
from alerts.window import Window, WindowKind
from alerts.windows import TARGETS, next_occurrence
from dashboards.cases.planning import REPEATS, Planned, counted
from dashboards.cases.seen import address_of
from dashboards.incidents import row
from dashboards.web.frame import Crumb, Frame, Framed
from dashboards.web.pages.incidents import whole_number
from dashboards.web.refusal import Away, NotNow, Refusal
from dashboards.web.route import Route
from dashboards.web.viewer import Right
from dashboards.windows import WindowRow

BOTH: Final[tuple[WindowKind, ...]] = ("silence", "maintenance")
ADDRESSES: Final[Mapping[WindowKind, str]] = {"silence": "/silences", "maintenance": "/maintenance"}
AHEAD: Final = ((8, 8 * 3600), (24, 86_400), (24 * 7, 7 * 86_400))  # hours, seconds
MOST_TYPED: Final = 2_000
LONGEST: Final = 200  # of what an address puts into the form
COMING: Final = 5  # next times of a series that are shown
MOST_PLACES: Final = 200


class Typed(BaseModel):
    """What stands in the form; `do` is the button: preview or save."""

    model_config = ConfigDict(populate_by_name=True)
    selector: str = Field("", max_length=MOST_TYPED)
    target: str = Field("", max_length=MOST_TYPED)
    key: str = Field("", max_length=MOST_TYPED)
    begins: str = Field("", alias="from", max_length=MOST_TYPED)
    ends: str = Field("", alias="to", max_length=MOST_TYPED)
    length: str = Field("", alias="for", max_length=MOST_TYPED)
    repeat: str = Field("", max_length=MOST_TYPED)
    until: str = Field("", max_length=MOST_TYPED)
    reason: str = Field("", max_length=MOST_TYPED)
    anyway: str = Field("", max_length=20)
    do: str = Field("preview", max_length=20)


EMPTY: Final = Typed()


def windows(frame: Framed) -> Response:
    return listed(frame, BOTH)


def silences(frame: Framed) -> Response:
    return listed(frame, ("silence",))


def maintenance(frame: Framed) -> Response:
    return listed(frame, ("maintenance",))


def listed(
    frame: Frame,
    kinds: Sequence[WindowKind],
    *,
    status: int = 200,
    typed: Typed = EMPTY,
    looked: Planned | None = None,
    refused: str = "",
) -> Response:
    """`looked`: what the form was found to ask for; it stands on the page with what was typed."""
    now, params = frame.sight.now, frame.request.query_params
    rows = frame.sight.planned.rows(kinds, over=bool(params.get("all")))
    title = _title(frame, kinds)
    first = Typed(
        selector=params.get("q", "")[:MOST_TYPED],
        key=params.get("key", "")[:MOST_TYPED],
        target=params.get("target", "")[:20],
    )
    inventory = frame.sight.inventory
    return frame.page(
        "cases/windows.html",
        title=title,
        crumbs=[Crumb(title)],
        status=status,
        kinds=kinds,
        groups=grouped(rows, now),
        counted=counted,
        total=len(rows),
        targets=TARGETS,
        repeats=REPEATS,
        keys={
            "site": inventory.sites,
            "link": inventory.links,
            "device": inventory.devices,
            "circuit": inventory.circuits,
            "provider": inventory.providers,
            "region": inventory.regions,
        },
        typed=(typed if looked or refused else first).model_dump(by_alias=True),
        looked=looked,
        problems=looked.problems if looked else {},
        refused=refused,
        may_act=frame.sight.viewer.may(Right.ACT),
        over=bool(params.get("all")),
    )


def _title(frame: Frame, kinds: Sequence[WindowKind]) -> str:
    if len(kinds) > 1:
        return frame.gettext("Silences and maintenance")
    return frame.gettext("Silences") if kinds[0] == "silence" else frame.gettext("Maintenance")


def grouped(rows: Sequence[WindowRow], now: float) -> Sequence[tuple[str, Sequence[WindowRow]]]:
    """What runs, what begins within 8 hours, a day, a week, later, and what is over; groups without rows are left out."""
    found: dict[str, list[WindowRow]] = {}
    for each in rows:
        found.setdefault(_group(each, now), []).append(each)
    order = ("now", *(f"{hours}" for hours, _ in AHEAD), "later", "over")
    return [(name, found[name]) for name in order if name in found]


def _group(each: WindowRow, now: float) -> str:
    if each.span is None:
        return "over"
    if each.span[0] <= now:
        return "now"
    return next((f"{hours}" for hours, seconds in AHEAD if each.span[0] - now <= seconds), "later")


def window(frame: Framed, number: str) -> Response:
    return shown(frame, whole_number(number))


def shown(frame: Frame, number: int, *, status: int = 200, refused: str = "") -> Response:
    found = frame.sight.planned.one(number)
    one, view = found.row.window, frame.sight.cases.view(frame.language.key)
    title = f"{frame.gettext('Silence') if one.kind == 'silence' else frame.gettext('Maintenance')} {number}"
    return frame.page(
        "cases/window.html",
        title=title,
        crumbs=[Crumb(_title(frame, (one.kind,)), ADDRESSES[one.kind]), Crumb(str(number))],
        status=status,
        row=found.row,
        window=one,
        counts=counted(found.reach),
        places=_places(frame, found.reach),
        more=max(0, len(found.reach) - MOST_PLACES),
        coming=_coming(one, frame.sight.now),
        quiet=[row(each, view) for each in found.quiet],
        others=found.others,
        refused=refused,
        may_act=frame.sight.viewer.may(Right.ACT),
    )


def _places(frame: Frame, places: Sequence[Place]) -> Sequence[tuple[str, str, str]]:
    """(kind, name, address)."""
    names, found = frame.sight.cases.names, []
    for kind, key in places[:MOST_PLACES]:
        subject = Subject(kind, key, key if kind == "device" else "")  # type: ignore[arg-type]
        found.append((kind, names.subject(subject, frame.language.key), address_of(subject, names.inventory)))
    return found


def _coming(one: Window, now: float) -> Sequence[tuple[float, float]]:
    """The next times of a series."""
    found: list[tuple[float, float]] = []
    at = now
    while one.repeat and len(found) < COMING and (span := next_occurrence(one, at)) is not None:
        found.append(span)
        at = span[0]
    return found


def add_silence(frame: Framed, typed: Annotated[Typed, Form()]) -> Response:
    return _add(frame, "silence", typed)


def add_maintenance(frame: Framed, typed: Annotated[Typed, Form()]) -> Response:
    return _add(frame, "maintenance", typed)


def _add(frame: Frame, kind: WindowKind, typed: Typed) -> Response:
    """Looked at first, kept when the other button is pressed; 422 with every field that cannot be meant."""
    sight = frame.sight
    try:
        looked = sight.planned.asked_for(kind, typed.model_dump(by_alias=True), sight.cases.who)
        if looked.window is None:
            return listed(frame, (kind,), status=422, typed=typed, looked=looked)
        if typed.do != "save":
            return listed(frame, (kind,), typed=typed, looked=looked)
        kept = sight.planned.keep(looked.window)
    except (Away, NotNow) as error:
        return _kept(frame, kind, typed, error)
    return RedirectResponse(f"/windows/{kept.number}", 303)


def _kept(frame: Frame, kind: WindowKind, typed: Typed, error: Refusal) -> Response:
    """Nothing of what was typed is lost where the ledger takes nothing."""
    fields: dict[str, Any] = {
        name: value for name, value in typed.model_dump(by_alias=True).items() if value and name != "do"
    }
    return frame.page(
        "cases/kept.html",
        title=frame.gettext("Not done yet"),
        crumbs=[Crumb(_title(frame, (kind,)), ADDRESSES[kind])],
        status=error.status,
        action=ADDRESSES[kind],
        back=ADDRESSES[kind],
        typed={**fields, "do": "save"},
        reason=str(error),
    )


def end(frame: Framed, number: str) -> Response:
    """It covers nothing from now on; 409 with the reason where it is over already."""
    whole = whole_number(number)
    one = frame.sight.planned.one(whole).row.window
    try:
        frame.sight.planned.end(one.kind, whole, frame.sight.cases.who)
    except (WindowRefused, NotNow) as error:
        if one.ended_by == frame.sight.cases.who:
            return RedirectResponse(f"/windows/{whole}", 303)
        return shown(frame, whole, status=409, refused=str(error))
    except Away as error:
        return shown(frame, whole, status=error.status, refused=str(error))
    return RedirectResponse(f"/windows/{whole}", 303)


def back(number: str) -> Response:
    """The page that says why it was not ended is read again as its own."""
    return RedirectResponse(f"/windows/{whole_number(number)}", 303)


ROUTES: Final = (
    Route("/windows/{number}/end", back, Right.WATCH),
    Route("/windows", windows, Right.WATCH),
    Route("/silences", silences, Right.WATCH),
    Route("/maintenance", maintenance, Right.WATCH),
    Route("/windows/{number}", window, Right.WATCH),
    Route("/silences", add_silence, Right.ACT, ("POST",)),
    Route("/maintenance", add_maintenance, Right.ACT, ("POST",)),
    Route("/windows/{number}/end", end, Right.ACT, ("POST",)),
)
