"""The NOC watches itself: /metrics in the Prometheus format and /healthz, on loopback.

This is the only place that knows prometheus-client. Components count in plain fields; they are read when asked for.
"""

import logging
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.parser import text_string_to_metric_families

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Own:
    """One number about ourselves. `labels` tell several of one name apart."""

    name: str
    help: str
    value: float
    labels: Mapping[str, str] | None = None
    counter: bool = False


@dataclass(frozen=True, slots=True)
class Health:
    """Is the daemon doing its work? `ailing` says in words what is stuck in it, `troubles` what a restart would not mend."""

    ailing: tuple[str, ...] = ()
    troubles: tuple[str, ...] = ()


class _Source:
    """What prometheus-client asks when somebody asks us."""

    def __init__(self, gather: Callable[[], Iterable[Own]]) -> None:
        self._gather = gather

    def collect(self) -> Iterable[Metric]:
        families: dict[str, CounterMetricFamily | GaugeMetricFamily] = {}
        for own in self._gather():
            labels = own.labels or {}
            family = families.get(own.name)
            if family is None:
                kind = CounterMetricFamily if own.counter else GaugeMetricFamily
                family = families[own.name] = kind(f"noc_{own.name}", own.help, labels=list(labels))
            family.add_metric(list(labels.values()), own.value)
        return families.values()


def read_own(text: str) -> Iterator[Own]:
    """What another process of ours says at its /metrics. ValueError: it is not in that format."""
    for family in text_string_to_metric_families(text):
        name = family.name.removeprefix("noc_")
        for sample in family.samples:
            yield Own(name, family.documentation, sample.value, sample.labels or None, counter=family.type == "counter")


class OwnMetrics:
    """A small HTTP server in a thread of its own, so that a busy daemon still answers."""

    def __init__(self, listen: str, gather: Callable[[], Iterable[Own]], health: Callable[[], Health]) -> None:
        host, _, port = listen.rpartition(":")
        self._address = (host or "127.0.0.1", int(port))
        self._registry = CollectorRegistry()
        self._registry.register(_Source(gather))
        self._health = health
        self._server: ThreadingHTTPServer | None = None

    def start(self) -> None:
        """Raises OSError when the port is in use."""
        try:
            self._server = _Server(self._address, _request_class(self._registry, self._health))
        except OSError as error:
            host, port = self._address
            raise OSError(f"{host}:{port}: {error.strerror}; [http] listen in noc.toml says so") from None
        threading.Thread(target=self._server.serve_forever, name="own-metrics", daemon=True).start()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1]) if self._server else self._address[1]

    def stop(self) -> None:
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Somebody who asked and went away before the answer is nobody's mistake."""
        gone = isinstance(sys.exception(), ConnectionError | TimeoutError)
        log.log(
            logging.DEBUG if gone else logging.ERROR, "an answer to %s broke off", client_address, exc_info=not gone
        )


def _request_class(registry: CollectorRegistry, health: Callable[[], Health]) -> type[BaseHTTPRequestHandler]:
    class Request(BaseHTTPRequestHandler):
        server_version, sys_version, timeout = "noc", "", 10

        def do_GET(self) -> None:
            if self.path == "/metrics":
                self._answer(HTTPStatus.OK, CONTENT_TYPE_LATEST, generate_latest(registry))
            elif self.path == "/healthz":
                found = health()
                wrong = (*found.ailing, *found.troubles)
                status = HTTPStatus.SERVICE_UNAVAILABLE if wrong else HTTPStatus.OK
                self._answer(status, "text/plain; charset=utf-8", ("\n".join(wrong) or "ok").encode() + b"\n")
            else:
                self._answer(HTTPStatus.NOT_FOUND, "text/plain; charset=utf-8", b"/metrics and /healthz are here\n")

        def _answer(self, status: HTTPStatus, content_type: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            log.debug(format, *args)

    return Request
