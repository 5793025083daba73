"""What goes wrong below /api, as a problem document (RFC 9457): every mistake at once, what was meant, never a traceback."""

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from fastapi import Request
from fastapi.responses import Response

from dashboards.web.api.asked import body

BELOW: Final = "/api"
KIND: Final = "application/problem+json"
TITLES: Final[Mapping[int, str]] = {  # where the usual words of HTTP do not say it
    404: "No such thing",
    409: "Not as things stand",
    412: "Changed meanwhile",
    422: "Not understood",
    503: "Not to be read now",
}
PLACES: Final = {"query": "", "path": "", "body": "", "header": "header "}


def ours(request: Request) -> bool:
    """Is the answer for a program?"""
    path = request.url.path
    return path == BELOW or path.startswith(f"{BELOW}/")


def problem(
    request: Request,
    status: int,
    detail: str,
    *,
    problems: Mapping[str, str] | None = None,
    hints: Sequence[str] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    title = TITLES.get(status) or HTTPStatus(status).phrase
    content = {
        "type": f"{BELOW}#{status}",
        "title": title,
        "status": status,
        "detail": detail or title,
        "instance": request.url.path,
        **({"problems": dict(problems)} if problems else {}),
        **({"hints": list(hints)} if hints else {}),
    }
    return Response(body(content), status, {"cache-control": "no-store", **(headers or {})}, KIND)


def unknown(request: Request) -> Response:
    """401: nobody is known by what came with the request."""
    given = "authorization" in request.headers
    return problem(
        request,
        401,
        "this token is unknown, ended or revoked" if given else "send Authorization: Bearer and a token",
        headers={"www-authenticate": 'Bearer realm="GovNet NOC"' + (', error="invalid_token"' if given else "")},
    )


def mistaken(request: Request, errors: Iterable[Mapping[str, Any]]) -> Response:
    """422 (400 where the body is no JSON at all): `errors` as pydantic lists them."""
    found = list(errors)
    unread = [one for one in found if one["type"] == "json_invalid"]
    if unread:
        return problem(request, 400, f"the body is no JSON: {unread[0].get('ctx', {}).get('error', '')}")
    said = {_where(one["loc"]): str(one["msg"]) for one in found}
    return problem(request, 422, "; ".join(f"{where}: {what}" for where, what in said.items()), problems=said)


def _where(place: Sequence[object]) -> str:
    """`query.limit` is `limit`; a field of the body by its path; what came in a header says so."""
    first, *rest = place or ("body",)
    inside = ".".join(map(str, rest))
    return (PLACES.get(str(first), "") + inside) or str(first)
