"""What InfluxDB answers, within bounds: so long, so much, and every way in which a connection fails as Unreachable."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from urllib3 import Timeout
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, ReadTimeoutError, SSLError
from urllib3.response import BaseHTTPResponse

from noc.influx.contract import Denied, Unreachable

MOST_OCTETS: Final = 64 << 20  # of an answer, unpacked; questions are put so that answers stay far below
_PIECE: Final = 1 << 16


class Urllib3Pool(Protocol):
    def request(self, method: str, url: str, **options: Any) -> BaseHTTPResponse: ...
    def clear(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds to connect, and for the whole answer."""

    connect_s: float = 5.0
    answer_s: float = 30.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What the client's library reads of a response."""

    status: int
    reason: str | None
    data: bytes
    headers: Mapping[str, str]


class BoundedPool:
    """Stands where influxdb-client has its connections. Nothing is tried twice here, no redirect is followed."""

    def __init__(self, pool: Urllib3Pool, limits: Limits, steady: Callable[[], float]) -> None:
        self._pool = pool
        self._limits = limits
        self._steady = steady

    def clear(self) -> None:
        self._pool.clear()

    def request(self, method: str, url: str, **options: Any) -> Answer:
        """Raises Unreachable; Denied where the server's certificate is not believed."""
        limits, place = self._limits, url.partition("?")[0]
        bounded = {
            "preload_content": False,
            "retries": False,
            "redirect": False,
            "timeout": Timeout(connect=limits.connect_s, read=limits.answer_s),
        }
        try:
            response = self._pool.request(method, url, **(options | bounded))
            try:
                data = self._read(response, place)
            except BaseException:
                response.close()  # what is left in it belongs to no other answer
                raise
            response.release_conn()
        except (HTTPError, OSError) as error:
            if "CERTIFICATE_VERIFY_FAILED" in str(error):
                raise Denied(f"{place}: {_root(error)}; [alerts] ca_file names authorities to believe") from error
            raise Unreachable(f"{place}: {_why(error, limits)}") from error
        return Answer(response.status, response.reason, data, response.headers)

    def _read(self, response: BaseHTTPResponse, place: str) -> bytes:
        end, parts, size = self._steady() + self._limits.answer_s, list[bytes](), 0
        while piece := response.read1(_PIECE, decode_content=True):
            parts.append(piece)
            size += len(piece)
            if size > MOST_OCTETS:
                raise Unreachable(f"{place}: the answer is longer than {MOST_OCTETS >> 20} MiB; is this an InfluxDB?")
            if self._steady() > end:
                raise Unreachable(f"{place}: the answer takes longer than {self._limits.answer_s:g} s")
        return b"".join(parts)


def _why(error: Exception, limits: Limits) -> str:
    if isinstance(error, NewConnectionError):
        return f"takes no connection ({_root(error)}); is InfluxDB running there?"
    if isinstance(error, ConnectTimeoutError):
        return (
            f"does not take a connection within {limits.connect_s:g} s; is the address right, does a firewall drop it?"
        )
    if isinstance(error, ReadTimeoutError):
        return f"does not answer within {limits.answer_s:g} s"
    if isinstance(error, SSLError):
        return f"TLS failed ({_root(error)}); does the server speak https?"
    return f"the connection broke ({_root(error)})"


def _root(error: BaseException) -> str:
    """The innermost reason, without addresses of Python objects."""
    inner = error.__cause__ or error.__context__
    while inner is not None and inner is not error:
        error, inner = inner, inner.__cause__ or inner.__context__
    return (error.strerror if isinstance(error, OSError) and error.strerror else str(error)) or type(error).__name__
