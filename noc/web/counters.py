"""Everything that is counted in the daemon, asked of the daemon itself (`[http] listen`); away when it is."""

import http.client
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from dashboards.web.sources.own import Count, Counts

if TYPE_CHECKING:
    from noc.own_metrics import Own

LIMIT_S: Final = 1.0
MOST_OCTETS: Final = 1 << 20
ANYWHERE: Final = frozenset({"", "0.0.0.0", "[::]"})  # listened at, and reached on loopback


def asked(listen: str, clock: Callable[[], float]) -> Counts:
    """`listen`: address:port of the daemon's /metrics. What cannot be had is said in words."""
    from noc.own_metrics import read_own  # with a server of its own in it: not before somebody looks

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


def risen(now: Counts, before: Counts | None) -> Counts:
    """With how fast each counter rose since; none of it after a restart of the daemon, which begins anew."""
    if now.at is None or before is None or before.at is None or now.at <= before.at:
        return now
    known, for_s = {(row.name, row.label): row.value for row in before.rows}, now.at - before.at
    return replace(now, rows=list(_risen(now.rows, known, for_s)))


def _risen(rows: Iterable[Count], known: dict[tuple[str, str], float], for_s: float) -> Iterable[Count]:
    for row in rows:
        was = known.get((row.name, row.label))
        rose = row.counter and was is not None and row.value >= was
        yield replace(row, per_s=(row.value - was) / for_s) if rose and was is not None else row


def _count(own: "Own") -> Count:
    label = ", ".join((own.labels or {}).values())
    return Count(own.name, label, own.help, own.value, own.counter)
