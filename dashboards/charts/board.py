"""All charts of one page: their panels, over one time axis, with the addresses that they are read, zoomed and saved at."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from dashboards.charts.asked import RANGES, ZONE, Asked, local
from dashboards.charts.panel import Panel, query


@dataclass(frozen=True, slots=True)
class Choice:
    """A range that one may go to."""

    word: str
    query: str
    chosen: bool


@dataclass(frozen=True)
class Board:
    """`more`: what else the page wants of its data address: ("link", key) for states, marks and lines; its language.

    `keep`: other parameters of the page's own address, which a new range must not lose.
    """

    panels: Sequence[Panel]
    asked: Asked
    more: Sequence[tuple[str, str]] = ()
    keep: Sequence[tuple[str, str]] = ()
    key: str = "charts"
    zone: str = ZONE

    @cached_property
    def about(self) -> str:
        """Of what, without when."""
        parts = [query(panel.subject for panel in self.panels), urlencode(self.more)]
        return "&".join(part for part in parts if part)

    @property
    def states(self) -> bool:
        """Whether states stand below the first panel."""
        return any(name in ("link", "circuit") for name, _ in self.more)

    @property
    def data(self) -> str:
        return f"/charts/data?{self.about}"

    @property
    def csv(self) -> str:
        return f"/charts/data.csv?{self.about}&{self.asked.query}"

    @property
    def ranges(self) -> Iterator[Choice]:
        kept = "".join(f"&{part}" for part in (urlencode(self.keep),) if part)
        return (Choice(word, f"?range={word}{kept}", word == self.asked.range) for word in RANGES)

    @property
    def start(self) -> str:
        return local(self.asked.start // 60 * 60)

    @property
    def end(self) -> str:
        return local(self.asked.end // 60 * 60)
