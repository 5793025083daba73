"""What can be known of a request before anybody is: where it came from, and the cookies that it is given."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from itertools import pairwise
from typing import Final
from urllib.parse import urlencode, urlsplit

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboards.web.house import House
from dashboards.web.refusal import Refusal
from dashboards.web.sources.accounts import Caller

WEEK_S: Final = 7 * 86_400
KEPT_S: Final = 400 * 86_400  # browsers keep no cookie for longer; a display's is given anew with each page
MOST_OCTETS: Final = 1 << 20  # of what is sent to us
COOKIES: Final = "cookies"
DOORS: Final = ("/login", "/logout", "/setup")  # nobody wants to be led back there
OWN: Final = frozenset({"same-origin", "none"})


class ScreenUnknown(Refusal):
    """A display's address that opens nothing any more: 403."""

    status = 403


def own(request: Request) -> bool:
    """Whether this may have been sent by a page of ours; what no browser sent is judged by its key alone."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        return site in OWN
    if origin is None:
        return True
    ours = {request.headers.get("host", "").lower(), _place(_house(request).outside.url)}
    return _place(origin) in ours - {""}


def _place(address: str) -> str:
    try:
        return urlsplit(address).netloc.lower()
    except ValueError:
        return ""


def caller(request: Request) -> Caller:
    """The nearest address that is no proxy of ours: what others wrote into the header is not believed."""
    way = [request.client.host if request.client else ""]
    said = ",".join(request.headers.getlist("x-forwarded-for"))[-2000:]
    way += [one.strip() for one in reversed(said.split(",")) if one.strip()]
    address = way[0]
    for nearer, further in pairwise(way):
        if not _proxy(nearer, _house(request).outside.proxies) or not _address(further):
            break
        address = further
    return Caller(address[:64], request.headers.get("user-agent", "")[:200])


def _proxy(address: str, proxies: tuple[str, ...]) -> bool:
    found = _address(address)
    return found is not None and any(found in ip_network(one, strict=False) for one in proxies)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


def secure(request: Request) -> bool:
    """Whether the browser speaks TLS, to us or to a proxy that is believed."""
    outside = _house(request).outside
    client = request.client.host if request.client else ""
    proto = request.headers.get("x-forwarded-proto", "") if _proxy(client, outside.proxies) else ""
    return request.url.scheme == "https" or outside.url.startswith("https:") or proto == "https"


def give(answer: Response, request: Request, name: str, value: str, kept_s: int = WEEK_S) -> None:
    answer.set_cookie(name, value, max_age=kept_s, path="/", httponly=True, samesite="lax", secure=secure(request))


def take(answer: Response, request: Request, name: str) -> None:
    answer.delete_cookie(name, path="/", httponly=True, samesite="lax", secure=secure(request))


def keep(request: Request, name: str, value: str) -> None:
    """Give a cookie once more with whatever is answered."""
    if value.isascii() and value.isprintable():
        answer = Response()
        give(answer, request, name, value, KEPT_S)
        request.scope.setdefault("state", {}).setdefault(COOKIES, []).append(answer.headers["set-cookie"])


def exchanged(request: Request, token: str, name: str) -> Response:
    """A display's cookie for the token in its address, and the same address without it."""
    cookie = _house(request).keys.exchange(token, caller(request))
    if not cookie:
        raise ScreenUnknown("the address of this wallboard is good no more: an admin makes a new one")
    left = [(key, value) for key, value in request.query_params.multi_items() if key != "token"]
    answer = RedirectResponse(request.url.path + (f"?{urlencode(left)}" if left else ""), 303)
    answer.headers["referrer-policy"] = "no-referrer"
    give(answer, request, name, cookie, KEPT_S)
    return answer


def local(address: str) -> str:
    """A way within this site, whatever was asked for; "/" where it leads elsewhere."""
    plain = address.isascii() and address.isprintable() and " " not in address and len(address) <= 2000
    if not plain or not address.startswith("/") or address.startswith("//") or "\\" in address:
        return "/"
    return "/" if address.startswith(DOORS) else address


def url_of(request: Request) -> str:
    """How browsers reach us: as configured, else as this one did."""
    return _house(request).outside.url.rstrip("/") or f"{request.url.scheme}://{request.url.netloc}"


def login_for(request: Request) -> str:
    """Where to log in, and come back to what was asked for."""
    if request.method not in ("GET", "HEAD") or request.url.path == "/":
        return "/login"
    way = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return f"/login?{urlencode({'next': way})}" if local(way) == way else "/login"


def _house(request: Request) -> House:
    house: House = request.app.state.house
    return house


class Doorstep:
    """An ASGI middleware: cookies that the gate gives, and no more octets in than anybody needs."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if _announced(scope) > MOST_OCTETS:
            raise TooMuch
        state = scope.setdefault("state", {})
        got, begun = 0, False

        async def counted() -> Message:
            nonlocal got
            message = await receive()
            got += len(message.get("body", b""))
            if got > MOST_OCTETS and not begun:
                raise TooMuch
            return message

        async def told(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                given = [(b"set-cookie", one.encode("latin-1")) for one in state.pop(COOKIES, ())]
                message = {**message, "headers": [*message.get("headers", ()), *given]}
            await send(message)

        await self._app(scope, counted, told)


class TooMuch(HTTPException):
    """More octets than are taken."""

    def __init__(self) -> None:
        super().__init__(413, f"at most {MOST_OCTETS} octets are taken", {"connection": "close"})


def _announced(scope: Scope) -> int:
    given = [value for name, value in scope["headers"] if name == b"content-length"]
    try:
        return max(map(int, given), default=0)
    except ValueError:
        return 0
