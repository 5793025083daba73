"""What every answer wears: headers that let a browser load and run nothing but ours, and compression."""

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS: Final = {"content-security-policy": POLICY, "x-content-type-options": "nosniff"}
OF_WHAT_IS_SHOWN: Final = {
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
PARTS: Final = ("text/css", "text/javascript")  # of a page, many to each: nothing that is shown by itself
SMALLEST: Final = 500  # octets that are worth compressing
LEVEL: Final = 4


class Outfit:
    """An ASGI middleware; HEAD is asked as GET is, and answered without the body (RFC 9110, 9.3.2).

    Pages are never kept by anybody between, assets (which say so themselves) for ever.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = GZipMiddleware(app, minimum_size=SMALLEST, compresslevel=LEVEL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        bodiless = scope["type"] == "http" and scope["method"] == "HEAD"

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                part = headers.get("content-type", "").startswith(PARTS)
                for name, value in (HEADERS if part else HEADERS | OF_WHAT_IS_SHOWN).items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", "no-store")
            if bodiless and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self._app({**scope, "method": "GET"} if bodiless else scope, receive, dressed)
