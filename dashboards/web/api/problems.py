"""What goes wrong below /api, as a problem document (RFC 9457): every mistake at once, what was meant, never a traceback."""

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from dashboards.web.api.asked import body
from dashboards.web.entrance.gate import NotAllowed, NotKnown, NotOurs
from dashboards.web.refusal import Refusal
from dashboards.web.viewer import Right
from inventory.mistakes import did_you_mean

BELOW: Final = "/api"
KIND: Final = "application/problem+json"
MOST: Final = 50  # mistakes that are named
LONGEST: Final = 300  # letters of one of them
TITLES: Final[Mapping[int, str]] = {  # where the usual words of HTTP do not say it
    404: "No such thing",
    409: "Not as things stand",
    412: "Changed meanwhile",
    422: "Not understood",
    428: "Key needed",
    503: "Not to be read now",
}
CODES: Final[Mapping[int, str]] = {  # where nothing finer is known of it
    400: "not-json",
    401: "nobody-known",
    403: "not-allowed",
    404: "not-there",
    405: "no-such-method",
    409: "not-as-things-stand",
    412: "changed-meanwhile",
    413: "too-much",
    415: "not-sent-as-json",
    422: "not-understood",
    429: "too-often",
    500: "our-mistake",
    503: "away",
}
NOT_THIS: Final = "your account or token may not do this"
NEEDED: Final[Mapping[Right, str]] = {
    Right.SEE: f"{NOT_THIS}: it takes the scope read; of one's own account only who is logged in changes anything",
    Right.WATCH: f"{NOT_THIS}: it takes the scope read, and an account that sees the whole network",
    Right.ACT: f"{NOT_THIS}: it takes the scope act, and an operator's account",
    Right.ADMIN: f"{NOT_THIS}: it takes the scope admin, and an admin's account",
}
SAID: Final[Mapping[str, str]] = {"extra_forbidden": "there is no such thing to ask for", "missing": "is needed"}


def ours(request: Request) -> bool:
    """Is the answer for a program?"""
    return request.url.path.startswith(f"{BELOW}/")


def answered(request: Request, error: Exception) -> Response:
    """What is told of any failure."""
    if isinstance(error, Refusal):
        return _refused(request, error)
    if isinstance(error, NotKnown):
        return _unknown(request)
    if isinstance(error, NotAllowed):
        return problem(request, 403, NEEDED.get(error.needs, NOT_THIS))
    if isinstance(error, NotOurs):
        said = "nothing was done: send a token, or the form key of your session (X-Form-Key)"
        return problem(request, 403, said, code="no-form-key")
    if isinstance(error, RequestValidationError):
        return _mistaken(request, error.errors())
    if isinstance(error, HTTPException):
        return _plain(request, error)
    return problem(request, 500, "this is a mistake of ours; it is in the log of noc web")


def problem(
    request: Request,
    status: int,
    detail: str,
    *,
    problems: Mapping[str, str] | None = None,
    hints: Sequence[str] = (),
    headers: Mapping[str, str] | None = None,
    code: str = "",
) -> Response:
    """`code`: finer than the status; never another for the same thing."""
    title = TITLES.get(status) or HTTPStatus(status).phrase
    content = {
        "type": f"{BELOW}#{status}",
        "title": title,
        "status": status,
        "code": code or CODES.get(status, f"http-{status}"),
        "detail": detail or title,
        "instance": request.url.path,
        **({"problems": dict(problems)} if problems else {}),
        **({"hints": list(hints)} if hints else {}),
    }
    return Response(body(content), status, {"cache-control": "no-store", **(headers or {})}, KIND)


def _refused(request: Request, error: Refusal) -> Response:
    headers = {"retry-after": str(error.retry_s)} if error.retry_s else {}
    said, code = str(error), error.code
    return problem(request, error.status, said, problems=error.problems, hints=error.hints, headers=headers, code=code)


def _unknown(request: Request) -> Response:
    """401: nobody is known by what came with the request."""
    given = "authorization" in request.headers
    challenge = 'Bearer realm="GovNet NOC"' + (', error="invalid_token"' if given else "")
    said = "this token is unknown, ended or revoked" if given else "send Authorization: Bearer and a token"
    code = "invalid-token" if given else ""
    return problem(request, 401, said, headers={"www-authenticate": challenge}, code=code)


def _mistaken(request: Request, errors: Iterable[Mapping[str, Any]]) -> Response:
    """422; 400 where the body is no JSON at all."""
    found = list(errors)[:MOST]
    unread = next((one for one in found if one["type"] == "json_invalid"), None)
    if unread:
        return problem(request, 400, f"the body is no JSON: {unread.get('ctx', {}).get('error', '')}".rstrip(": "))
    known = _known(request)
    said = {_where(one["loc"]): _what(one, known)[:LONGEST] for one in found}
    return problem(request, 422, "; ".join(f"{where}: {what}" for where, what in said.items()), problems=said)


def _plain(request: Request, error: HTTPException) -> Response:
    """What the routing says: no such path, another method, a body that cannot be read."""
    said, hints = str(error.detail), []
    if error.status_code == 404:
        said = f"there is nothing at {request.url.path[:LONGEST]}"
        hint = did_you_mean(request.url.path[:LONGEST], request.app.state.description.paths(request.app))
        hints = [hint] if hint else []
    if error.status_code == 405:
        said = f"{request.method} is nothing that can be done here"
    return problem(request, error.status_code, said, hints=hints, headers=error.headers)


def _known(request: Request) -> Sequence[str]:
    """What could have been asked for on this route."""
    path = getattr(request.scope.get("route"), "path", "")
    known: Sequence[str] = request.app.state.description.names(request.app, path, request.method)
    return known


def _what(one: Mapping[str, Any], known: Sequence[str]) -> str:
    said = SAID.get(one["type"]) or str(one["msg"]).removeprefix("Value error, ")
    hint = did_you_mean(str(one["loc"][-1]), known) if one["type"] == "extra_forbidden" else ""
    return f"{said} ({hint})" if hint else said


def _where(place: Sequence[object]) -> str:
    """`query.limit` is `limit`, a field of the body its path; of the body as a whole `body`."""
    inside = ".".join(map(str, place[1:]))
    return (inside or str(place[0]) if place else "body")[:LONGEST]
