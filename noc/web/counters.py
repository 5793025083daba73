"""Everything that is counted in the daemon, asked of the daemon itself (`[http] listen`); away when it is."""

import http.client
from collections.abc import Callable
from typing import Final

from dashboards.web.sources.own import Count, Counts
from noc.own_metrics import Own, read_own

LIMIT_S: Final = 1.0
MOST_OCTETS: Final = 1 << 20
ANYWHERE: Final = frozenset({"", "0.0.0.0", "[::]"})  # listened at, and reached on loopback


def asked(listen: str, clock: Callable[[], float]) -> Counts:
    """`listen`: address:port of the daemon's /metrics. What cannot be had is said in words."""
    host, _, port = listen.rpartition(":")
    there = http.client.HTTPConnection(
        "127.0.0.1" if host in ANYWHERE else host.strip("[]"), int(port), timeout=LIMIT_S
    )
    try:
        there.request("GET", "/metrics")
        answer = there.getresponse()
        text = answer.read(MOST_OCTETS).decode("utf-8", "replace")
        if answer.status != http.HTTPStatus.OK:
            return Counts(None, error=f"{listen} answers {answer.status}")
        return Counts(clock(), [_count(own) for own in read_own(text)])
    except (OSError, ValueError, http.client.HTTPException) as error:
        return Counts(None, error=f"{listen}: {error or type(error).__name__}")
    finally:
        there.close()


def _count(own: Own) -> Count:
    label = ", ".join((own.labels or {}).values())
    return Count(own.name, label, own.help, own.value, own.counter)
