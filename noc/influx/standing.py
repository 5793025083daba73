"""How sending to InfluxDB stands, read from the metric store by anybody, daemon up or down."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from noc.influx import owed
from noc.influx.figures import Figures
from noc.store.file import Opening

_WRONG = {"denied": "denies us", "unreachable": "does not answer"}


@dataclass(frozen=True, slots=True)
class Standing:
    """`hours` of raw data and `rollups` (a layer's day or month each) are owed to `server`."""

    server: str
    hours: int
    rollups: int
    commit: int
    figures: Figures

    @property
    def owed(self) -> int:
        return self.hours + self.rollups

    def sentence(self, now: float) -> str:
        """For people; what is wrong comes first."""
        from dashboards.figures import clock

        figures = self.figures
        word = _WRONG.get(figures.state)
        parts = [f"{word} since {clock(figures.since, now)} EAT: {figures.error}"] if word else []
        if figures.refused_lines:
            parts.append(f"{figures.refused_lines} lines were refused, see influx-refused.lp")
        if self.owed:
            parts.append(f"{self.hours} hours and {self.rollups} rollups are still to be sent")
        if figures.behind_s:
            parts.append(f"live data is {figures.behind_s:.0f} s behind")
        return "; ".join(parts) or "has everything that was measured and sealed"

    def as_json(self) -> dict[str, Any]:
        from dashboards.figures import iso

        said = self.figures.as_dict()
        times = {name: iso(said.pop(name)) for name in ("at", "since")}
        return said | times | {"server": self.server, "owed_hours": self.hours, "owed_rollups": self.rollups}


def standing(path: Path) -> Standing | None:
    """None where nothing was ever to be sent. Raises StoreError."""
    with Opening(path) as opening:
        return opening.run(_look)


def _look(db: sqlite3.Connection) -> Standing | None:
    if not owed.is_kept(db):
        return None
    counted = owed.counted(db)
    hours, figures = counted.pop(owed.RAW, 0), Figures.of(owed.figures(db))
    return Standing(owed.target(db), hours, sum(counted.values()), owed.cursor(db), figures)
