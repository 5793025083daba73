"""The one way out over HTTP: a POST of exactly these bytes, with limits for everything, TLS verified, no redirect followed.

Failures are NotifyError: plain where nothing can have arrived, Unsure where it may have.
"""

import asyncio
import logging
import ssl
from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from alerts.notification import NotifyError, Unsure
from alerts.notify.plain import said
from alerts.notify.trust import trust

CONNECT_S = 4.0  # for the connection and once more for TLS
LONGEST_ANSWER = 65_536


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side said; `body` is cut after LONGEST_ANSWER octets."""

    status: int
    body: bytes

    @property
    def fine(self) -> bool:
        return 200 <= self.status < 300


class Post:
    """Constructed inert; one connection per message, so that none is stale when it is needed."""

    def __init__(self, ca_file: str = "") -> None:
        self._ca_file = ca_file
        self._trust: ssl.SSLContext | None = None

    async def __call__(self, url: str, body: bytes, headers: Mapping[str, str], *, limit_s: float = 20.0) -> Answer:
        # it writes every address into the log, and some hold a token
        logging.getLogger("httpx").setLevel(logging.WARNING)
        try:
            async with asyncio.timeout(limit_s):
                return await self._exchange(url, body, headers, limit_s)
        except TimeoutError:
            raise Unsure(f"no answer within {limit_s:g} s") from None
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol, httpx.LocalProtocolError) as error:
            raise NotifyError(f"not connected: {_reason(error)}") from None
        except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, OSError) as error:
            raise Unsure(f"cut off: {_reason(error)}") from None

    async def _exchange(self, url: str, body: bytes, headers: Mapping[str, str], limit_s: float) -> Answer:
        limits = httpx.Timeout(limit_s, connect=min(CONNECT_S, limit_s / 2))
        async with (
            httpx.AsyncClient(verify=self._context(), timeout=limits, trust_env=False) as client,
            client.stream("POST", url, content=body, headers=dict(headers), follow_redirects=False) as response,
        ):
            held = bytearray()
            async for part in response.aiter_bytes():
                held += part
                if len(held) > LONGEST_ANSWER:
                    break
            return Answer(response.status_code, bytes(held[:LONGEST_ANSWER]))

    def _context(self) -> ssl.SSLContext:
        if self._trust is None:
            self._trust = trust(self._ca_file)
        return self._trust


def _reason(error: Exception) -> str:
    return said(error) or type(error).__name__
