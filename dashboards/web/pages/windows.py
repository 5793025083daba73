"""Silences and maintenance: what is quiet now and what is ahead, planning with a look at what it covers, ending."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Final

from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from alerts.places import Place
from alerts.subject import Subject
from alerts.window import Window, WindowKind
from alerts.windows import TARGETS, next_occurrence
from dashboards.cases.planning import REPEATS, Planned, counted
from dashboards.cases.trail import address_of
from dashboards.incidents import row
from dashboards.web.frame import Crumb, Frame, Framed
from dashboards.web.pages.incidents import whole_number
from dashboards.web.route import Route
from dashboards.web.viewer import Right
from dashboards.windows import WindowRow
from inventory.model import Inventory

BOTH: Final[tuple[WindowKind, ...]] = ("silence", "maintenance")
ADDRESSES: Final[Mapping[WindowKind, str]] = {"silence": "/silences", "maintenance": "/maintenance"}
AHEAD: Final = ((8, 8 * 3600), (24, 86_400), (24 * 7, 7 * 86_400))  # hours, seconds
MOST_TYPED: Final = 2_000
LONGEST: Final = 200  # of what an address puts into the form
COMING: Final = 5  # next times of a series that are shown
MOST_PLACES: Final = 200
MOST_OFFERED: Final = 500  # of one kind, while somebody types


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
    title = title_of(frame, kinds)
    first = Typed(
        selector=params.get("q", "")[:MOST_TYPED],
        key=params.get("key", "")[:MOST_TYPED],
        target=params.get("target", "")[:20],
    )
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
        keys=_offered(frame.sight.inventory),
        typed=(typed if looked or refused else first).model_dump(by_alias=True),
        looked=looked,
        problems=looked.problems if looked else {},
        refused=refused,
        may_act=frame.sight.viewer.may(Right.ACT),
        over=bool(params.get("all")),
    )


def _offered(inventory: Inventory) -> Mapping[str, Sequence[str]]:
    """Keys that the form suggests, by what is worked on; of very many the first, and any other may be typed."""
    every: Mapping[str, Iterable[str]] = {
        "site": inventory.sites,
        "link": inventory.links,
        "device": inventory.devices,
        "circuit": inventory.circuits,
        "provider": inventory.providers,
        "region": inventory.regions,
    }
    return {target: list(islice(keys, MOST_OFFERED)) for target, keys in every.items()}


def title_of(frame: Frame, kinds: Sequence[WindowKind]) -> str:
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
        crumbs=[Crumb(title_of(frame, (one.kind,)), ADDRESSES[one.kind]), Crumb(str(number))],
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


ROUTES: Final = (
    Route("/windows", windows, Right.WATCH),
    Route("/silences", silences, Right.WATCH),
    Route("/maintenance", maintenance, Right.WATCH),
    Route("/windows/{number}", window, Right.WATCH),
)
