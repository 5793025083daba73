"""How routes of the API describe themselves: what they tell, and every problem that can come instead."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final

from fastapi import Path

from dashboards.web.api.models import Told
from dashboards.web.route import Route
from dashboards.web.viewer import Right

Key = Annotated[str, Path(min_length=1, max_length=200, description="As the inventory calls it.")]
ROOT: Final = "/api/v1"
WORDS: Final[Mapping[int, str]] = {
    400: "What was sent cannot be read.",
    401: "Nobody is known by this token or session.",
    403: "Known, but without the right.",
    404: "There is no such thing, or it may not be known that there is.",
    405: "That cannot be done here; Allow says what can.",
    409: "It cannot be done as things stand.",
    412: "It was changed meanwhile: read it again.",
    413: "What was sent is too much.",
    415: "What was sent is not JSON.",
    422: "Something asked for means nothing; all mistakes at once.",
    429: "Too often; Retry-After says when to ask again.",
    500: "A mistake of ours; X-Reference is its number in the log.",
    503: "What it would be read from is missing or locked; Retry-After says when to ask again.",
}
HEADERS: Final[Mapping[str, Any]] = {
    "ETag": {"description": "Of what is told; goes into If-None-Match.", "schema": {"type": "string"}},
}


def _header(text: str, kind: str = "string") -> Mapping[str, Any]:
    return {"description": text, "schema": {"type": kind}}


AGAIN: Final = {"Retry-After": _header("Seconds after which to ask again.", "integer")}
ONWARD: Final = {"Link": _header('The page after, rel="next" (RFC 8288); none on the last one.')}
MADE: Final = {"Location": _header("Of what was made.")}
REPLAYED: Final = {"Idempotency-Replayed": _header("true where it was done before, with the same key.")}
TOLD_WITH: Final[Mapping[int, Mapping[str, Any]]] = {
    401: {"WWW-Authenticate": _header("How to show who asks (RFC 6750).")},
    405: {"Allow": _header("What can be done there.")},
    409: AGAIN,
    429: AGAIN,
    503: AGAIN,
}
ALWAYS: Final = (401, 403, 404, 422, 503)


def problems(*more: int) -> dict[int | str, dict[str, Any]]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    every = sorted({*ALWAYS, *more})
    return {
        status: {"description": WORDS[status], "content": content, "headers": dict(TOLD_WITH.get(status, {}))}
        for status in every
    }


def reading(
    path: str, answer: Callable[..., Any], told: type[Told], summary: str, *other: int, needs: Right = Right.SEE
) -> Route:
    """A GET of `/api/v1` + `path` that tells a `told`."""
    paged = ONWARD if "next" in told.model_fields else {}
    whole = {"model": told, "description": _first(told), "headers": {**HEADERS, **paged}}
    known = {"description": "Not changed since the ETag in If-None-Match.", "headers": HEADERS}
    more = {
        "summary": summary,
        "description": (answer.__doc__ or "").strip(),
        "operation_id": answer.__name__,
        "tags": [path.split("/")[1]],
        "responses": {200: whole, 304: known, **problems(*other)},
        "openapi_extra": {"security": _keys(needs)},
    }
    return Route(f"{ROOT}{path}", answer, needs, ("GET",), more)


def acting(
    path: str,
    answer: Callable[..., Any],
    told: type[Told],
    summary: str,
    *more: int,
    made: bool = False,
    needs: Right = Right.ACT,
) -> Route:
    """A POST to `/api/v1` + `path` that does something and tells a `told`; `made`: 201."""
    about = {
        "summary": summary,
        "description": (answer.__doc__ or "").strip(),
        "operation_id": answer.__name__,
        "tags": [path.split("/")[1]],
        "status_code": 201 if made else 200,
        "openapi_extra": {"security": _keys(needs)},
        "responses": {
            201 if made else 200: {
                "model": told,
                "description": _first(told),
                "headers": {**REPLAYED, **(MADE if made else {})},
            },
            **problems(400, 409, 413, 415, *more),
        },
    }
    return Route(f"{ROOT}{path}", answer, needs, ("POST",), about)


def _keys(needs: Right) -> list[dict[str, list[str]]]:
    """A token with the scope that the right needs, or a session."""
    scope = {Right.ACT: "act", Right.ADMIN: "admin"}.get(needs, "read")
    return [{"token": [scope]}, {"session": []}]


def _first(told: type[Told]) -> str:
    return (told.__doc__ or told.__name__).strip().split("\n")[0]
