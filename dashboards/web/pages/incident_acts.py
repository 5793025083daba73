"""Taking, giving, noting, waiting, resolving and closing from a page: done, or the page again with what was typed."""

from typing import Annotated, Final

from fastapi import Form
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field
from starlette.datastructures import QueryParams

from alerts.desk.acts import ActRefused
from dashboards.cases.acts import ACTS, Doing, carry_out
from dashboards.web.frame import Crumb, Frame, Framed
from dashboards.web.pages.incidents import listed, shown, whole_number
from dashboards.web.refusal import Away, NotNow, Unseen
from dashboards.web.route import Route
from dashboards.web.sight.cases import ActsRefused
from dashboards.web.viewer import Right
from inventory.sentence import Sentence

MOST_TYPED: Final = 20_000  # of one field; how much is kept the act says itself
MOST_CHOSEN: Final = 500


class Typed(BaseModel):
    """What stands in the forms of an incident."""

    text: str = Field("", max_length=MOST_TYPED)
    owner: str = Field("", max_length=MOST_TYPED)
    ticket: str = Field("", max_length=MOST_TYPED)
    check: str = Field("", max_length=MOST_TYPED)
    cause: str = Field("", max_length=MOST_TYPED)
    many: str = Field("", max_length=MOST_TYPED)


class Chosen(BaseModel):
    """Rows of the list; `back` is its query."""

    number: list[str] = Field(default_factory=list, max_length=MOST_CHOSEN)
    back: str = Field("", max_length=2000)


def act(frame: Framed, number: str, name: str, typed: Annotated[Typed, Form()]) -> Response:
    """303 to the incident when it is done; 409 with the page, the reason and what was typed when it is not."""
    if name not in ACTS:
        raise Unseen(Sentence("act-unknown", "there is no act {key!r} on incidents", key=name[:40]))
    whole, words = whole_number(number), typed.model_dump(exclude={"many"})
    cases = frame.sight.cases
    try:
        with cases.acting() as books:
            cases.known(books, whole)
            doing = Doing(whole, cases.who, frame.sight.now, words, frame.sight.inventory.contacts)
            carry_out(name, books, doing)
    except (ActRefused, NotNow) as error:
        return shown(frame, whole, status=409, typed=words, refused=str(error))
    except Away as error:
        return _kept(frame, whole, name, words, error)
    return RedirectResponse(f"/incidents/{whole}", 303)


def _kept(frame: Frame, number: int, name: str, words: dict[str, str], error: Away) -> Response:
    """Nothing of what was typed is lost where the ledger takes nothing: the same form, to be sent again."""
    answer = frame.page(
        "cases/kept.html",
        title=frame.gettext("Not done yet"),
        crumbs=[Crumb(frame.gettext("Incidents"), "/incidents"), Crumb(str(number), f"/incidents/{number}")],
        status=error.status,
        action=f"/incidents/{number}/{name}",
        back=f"/incidents/{number}",
        typed={field: value for field, value in words.items() if value},
        reason=str(error),
    )
    answer.headers["retry-after"] = str(error.retry_s)
    return answer


def take(frame: Framed, chosen: Annotated[Chosen, Form()]) -> Response:
    """The rows that are chosen, all of them or none; 409 with every reason."""
    numbers = list(dict.fromkeys(whole_number(text) for text in chosen.number))
    params = QueryParams(chosen.back)
    back = f"/incidents?{params}" if params else "/incidents"
    if not numbers:
        return listed(frame, params, status=409, refused=[frame.gettext("Nothing was chosen.")])
    cases, contacts = frame.sight.cases, frame.sight.inventory.contacts
    empty = Typed().model_dump()
    try:
        cases.carry_out(
            numbers,
            lambda books, number, who, now: carry_out("ack", books, Doing(number, who, now, empty, contacts)),
        )
    except ActsRefused as error:
        reasons = [*error.reasons, *([frame.gettext("Nothing was done with the others.")] if len(numbers) > 1 else [])]
        return listed(frame, params, status=409, refused=reasons, chosen=numbers)
    except (Away, NotNow) as error:
        return listed(frame, params, status=error.status, refused=[str(error)], chosen=numbers)
    return RedirectResponse(back, 303)


def back(number: str, name: str) -> Response:
    """The page that says why an act was refused is read again as the incident's own."""
    return RedirectResponse(f"/incidents/{whole_number(number)}", 303)


ROUTES: Final = (
    Route("/incidents/{number}/{name}", back, Right.SEE),
    Route("/incidents/ack", take, Right.ACT, ("POST",)),
    Route("/incidents/{number}/{name}", act, Right.ACT, ("POST",)),
)
