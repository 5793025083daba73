"""Planning and ending windows from a page: looked over, then kept once, or the page again with what was typed."""

from typing import Annotated, Any, Final

from fastapi import Form
from fastapi.responses import RedirectResponse, Response

from alerts.desk.planned import WindowRefused
from alerts.window import WindowKind
from dashboards.web.frame import Crumb, Frame, Framed
from dashboards.web.pages.incidents import whole_number
from dashboards.web.pages.windows import ADDRESSES, Typed, listed, shown, title_of
from dashboards.web.refusal import Away, NotNow, Refusal
from dashboards.web.route import Route
from dashboards.web.viewer import Right


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
        crumbs=[Crumb(title_of(frame, (kind,)), ADDRESSES[kind])],
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
    Route("/silences", add_silence, Right.ACT, ("POST",)),
    Route("/maintenance", add_maintenance, Right.ACT, ("POST",)),
    Route("/windows/{number}/end", back, Right.WATCH),
    Route("/windows/{number}/end", end, Right.ACT, ("POST",)),
)
