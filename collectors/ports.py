"""The ports of a device's declared links: which ifIndex they have today, and whether that still holds."""

from collections.abc import Sequence

from collectors.contract import Oid, Row, Value
from collectors.elapsed import restarted
from collectors.interfaces import Standing
from collectors.oids import OIDS
from collectors.text import text

_STATUS, _NAME, _DESCR = OIDS["ifOperStatus"], OIDS["ifName"], OIDS["ifDescr"]
_NO_ROWS: tuple[Row, ...] = ()

Instant = tuple[float, int | None]  # UTC seconds, sysUpTime ticks


class Ports:
    """`oids` go behind sysUpTime into one GET; the answers, in that order, are `said` below."""

    __slots__ = ("_instant", "_keys", "_last_change", "_links", "_rows", "_watched", "name_oids", "oids")

    def __init__(self, standing: Standing | None, links: Sequence[str]) -> None:
        self._links = links
        self._rows = standing.rows if standing else _NO_ROWS
        self._last_change: Value = standing.last_change if standing else None
        self._instant: Instant = (standing.at, standing.uptime_ticks) if standing else (0.0, None)
        there = [row for row in self._rows if row.key in links]
        self._keys = tuple(row.key for row in there)
        self._watched = self._last_change is not None and bool(there)
        change = (OIDS["ifTableLastChange"],) if self._watched else ()
        self.oids: tuple[Oid, ...] = (*change, *(f"{_STATUS}.{row.index}" for row in there))
        self.name_oids: tuple[Oid, ...] = tuple(f"{oid}.{row.index}" for row in there for oid in (_NAME, _DESCR))

    def still(self, standing: Standing | None, links: Sequence[str]) -> bool:
        """Whether list and links are those this was made of."""
        rows = standing.rows if standing else _NO_ROWS
        if rows is not self._rows or not (links is self._links or tuple(links) == tuple(self._links)):
            return False
        if standing and standing.at > self._instant[0]:  # a poll has confirmed the list since
            self._instant, self._last_change = (standing.at, standing.uptime_ticks), standing.last_change
        return (self._last_change is not None and bool(self._keys)) == self._watched

    def in_doubt(self, now: Instant, said: Sequence[Value]) -> bool:
        """The device restarted or changed its list since: the indexes may mean other interfaces."""
        if not self._keys:
            return False
        return (self._watched and said[0] != self._last_change) or restarted(self._instant, now)

    def same(self, names: Sequence[Value]) -> bool:
        """Whether ifName and ifDescr, as asked by `name_oids`, are those of the keys."""
        labels = [text(name) or text(descr) for name, descr in zip(names[::2], names[1::2], strict=True)]
        return all(
            bool(label) and (key == label or key.startswith(f"{label} "))
            for key, label in zip(self._keys, labels, strict=True)
        )

    def believe(self, now: Instant, said: Sequence[Value]) -> None:
        """The names are the same: go on from here."""
        self._instant = now
        if self._watched:
            self._last_change = said[0]

    def states(self, said: Sequence[Value]) -> dict[str, int]:
        """Interface key -> ifOperStatus, of those that answered."""
        states = said[1:] if self._watched else said
        return {key: state for key, state in zip(self._keys, states, strict=True) if isinstance(state, int)}
