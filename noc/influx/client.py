"""The only door to influxdb-client: one server of version 1.x, 2.x or 3, as `noc.influx.contract.Server` has it.

All versions take line protocol, 1.x at /write with user and password, 2.x and 3 at /api/v2/write with a token, and all
answer InfluxQL at /query; which one it is, /ping says. Nothing is tried twice here: who sends decides that.
"""

import json
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from ssl import SSLContext
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from alerts.notification import NotifyError
from alerts.notify.trust import trust
from noc.influx.access import WRITE_2, Access, Place, is_loopback, write_path, write_query
from noc.influx.contract import Answered, Denied, Refused, Unreachable
from noc.influx.influxql import identifier
from noc.influx.pool import BoundedPool, Limits
from noc.influx.refusal import lacks_database, query_error, refusal

if TYPE_CHECKING:
    from influxdb_client import InfluxDBClient
    from influxdb_client.client.write_api import WriteApi

_VERSION: Final = "X-Influxdb-Version"
_GZIP: Final = 16 + zlib.MAX_WBITS
_DATABASES: Final = "SHOW DATABASES"


class _Said(NamedTuple):
    body: str
    headers: Mapping[str, str]


class _Library(NamedTuple):
    """One client for questions, and one for lines, whose every request says how it is packed."""

    asking: "InfluxDBClient"
    writing: "InfluxDBClient"
    write_api: "WriteApi"


def open_server(
    place: Place, access: Access, limits: Limits | None = None, *, made: Callable[[], None] = lambda: None
) -> "InfluxServer":
    """Inert: the library is imported and the server asked at the first call.

    `made` is told when the database was not there and had to be made: whatever it held is gone.
    """
    return InfluxServer(place, access, limits or Limits(), made=made)


class InfluxServer:
    """Not for two threads at once; every call is bounded by its limits and raises InfluxError."""

    def __init__(
        self,
        place: Place,
        access: Access,
        limits: Limits,
        *,
        steady: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
        packs: bool | None = None,
        made: Callable[[], None] = lambda: None,
    ) -> None:
        """`packs`: whether lines go compressed; None: where the server is not beside us, where it would only cost."""
        self._place, self._access, self._limits = place, access, limits
        self._steady, self._wall, self._made = steady, wall, made
        self._library: _Library | None = None
        self._path: str | None = None  # where lines are written
        self._packs = not is_loopback(place.url) if packs is None else packs

    def ping(self) -> str:
        """Its version, "1.6.7"; "" where it does not say. Denied also where that version does not know what is shown to it."""
        try:
            version = _version(self._ask("GET", "/ping"))
            if not version:  # VictoriaMetrics says it nowhere else
                version = _version(self._ask("GET", "/query", [("q", _DATABASES)]))
        except Refused as refused:  # no line was sent yet: it is the address that is wrong
            raise Denied(f"{refused}; is [influxdb] url that of an InfluxDB?") from None
        self._path = write_path(self._place, self._access, version)
        return version

    def write(self, lines: Sequence[bytes]) -> None:
        """A database of 1.x that is not there is made, where that is permitted."""
        if not lines:
            return
        body = b"\n".join(lines)
        if self._packs:
            body = _packed(body)
        try:
            self._write(body)
        except Denied as denied:
            if not lacks_database(denied):
                self._path = None  # it may be another version by now
                raise
            self._make_database(denied)
            self._made()
            self._write(body)

    def query(self, influxql: str) -> Sequence[Answered]:
        parameters = [*self._place.database, ("epoch", "s"), ("q", influxql)]
        return [*self._series(self._ask("GET", "/query", parameters), influxql)]

    def close(self) -> None:
        if self._library is not None:
            self._library.asking.close()
            self._library.writing.close()
            self._library = None

    def _write(self, body: bytes) -> None:
        if self._path is None:
            self.ping()
        library, place, path = self._opened(), self._place, self._path or WRITE_2
        if path == WRITE_2:
            self._guarded(
                path,
                lambda: library.write_api.write(place.bucket, place.org, body, write_precision="s"),
            )
        else:
            parameters, kind = write_query(place), {"Content-Type": "text/plain; charset=utf-8"}
            self._guarded(
                path,
                lambda: library.writing.api_client.call_api(
                    path, "POST", query_params=parameters, header_params=kind, body=body, auth_settings=[]
                ),
            )

    def _make_database(self, denied: Denied) -> None:
        name = self._place.database[0][1]
        try:
            said = self._ask("POST", "/query", [("q", f"CREATE DATABASE {identifier(name)}")])
            [*self._series(said, "")]
        except (Denied, Refused) as error:
            raise Denied(f"{denied}; nor may it be made: {error}") from error

    def _ask(self, method: str, path: str, parameters: Sequence[tuple[str, str]] = ()) -> _Said:
        api = self._opened().asking.api_client
        self._guarded(path, lambda: api.call_api(path, method, query_params=[*parameters], auth_settings=[]))
        return _Said(str(api.last_response.data), dict(api.last_response.getheaders()))

    def _guarded(self, path: str, act: Callable[[], Any]) -> None:
        """Whatever the library raises becomes an InfluxError."""
        from influxdb_client.rest import ApiException

        try:
            act()
        except ApiException as error:
            said = str(error.body or error.reason or ""), dict(error.headers or {})
            raise refusal(self._place, self._access, path, int(error.status or 0), said, now=self._wall()) from None
        except UnicodeDecodeError:
            raise Unreachable(f"{self._place.url}{path} answers no text; is this an InfluxDB?") from None

    def _opened(self) -> _Library:
        if self._library is None:
            from influxdb_client.client.write_api import SYNCHRONOUS

            asking, writing = self._client(), self._client()
            if self._packs:
                writing.api_client.set_default_header("Content-Encoding", "gzip")
            self._library = _Library(asking, writing, writing.write_api(write_options=SYNCHRONOUS))
        return self._library

    def _client(self) -> "InfluxDBClient":
        from influxdb_client import InfluxDBClient

        secure = {"ssl_context": self._trust()} if self._place.url.startswith("https:") else {}
        client = InfluxDBClient(self._place.url, retries=False, **secure)
        for name, value in self._access.header.items():
            client.api_client.set_default_header(name, value)
        rest = client.api_client.rest_client
        rest.pool_manager = BoundedPool(rest.pool_manager, self._limits, self._steady)
        return client

    def _trust(self) -> SSLContext:
        try:
            return trust(self._place.ca_file)
        except NotifyError as error:
            raise Denied(f"{self._place.url}: {error}") from None

    def _series(self, said: _Said, influxql: str) -> Iterator[Answered]:
        try:
            results = json.loads(said.body)["results"]
            for result in results:
                if "error" in result:
                    raise query_error(self._place, str(result["error"]))
                for series in result.get("series", ()):
                    if "partial" in series or "partial" in result:
                        raise Refused(f"{self._place.url}/query: the answer was cut; ask for a shorter range")
                    yield self._answered(series, influxql)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Refused(
                f"{self._place.url}/query answers what InfluxDB would not; is [influxdb] url right?"
            ) from None

    def _answered(self, series: Mapping[str, Any], influxql: str) -> Answered:
        if series.get("name") == "databases" and influxql != _DATABASES:
            raise Refused(
                f"{self._place.url} takes lines but answers no InfluxQL (VictoriaMetrics does so): "
                "what is stored there is read with its own language, neither verified nor read back by the NOC"
            )
        tags = {str(key): str(value) for key, value in series.get("tags", {}).items()}
        return Answered(str(series.get("name", "")), tags, tuple(series["columns"]), series.get("values", ()))


def _version(said: _Said) -> str:
    """From the header, or from the body as 3 has it."""
    found = next((value for name, value in said.headers.items() if name.lower() == _VERSION.lower()), "")
    if not found and said.body.startswith("{"):
        try:
            found = str(json.loads(said.body).get("version", ""))
        except (ValueError, AttributeError):
            found = ""
    return found.strip().removeprefix("v")[:40]


def _packed(body: bytes) -> bytes:
    """gzip at its fastest: six times smaller at a tenth of what the best would cost."""
    packer = zlib.compressobj(1, wbits=_GZIP)
    return packer.compress(body) + packer.flush()
