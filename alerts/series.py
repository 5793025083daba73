"""The proof that something is lost: a first loss, then ten more probes in a row without one answer (SEMANTICS D)."""

from dataclasses import dataclass

CALM_S = 5.0  # between ordinary probes
KEEN_S = 0.5  # between the probes of a series
MORE = 10  # probes after the first loss, all lost
APART_S = 0.4  # what is asked sooner after another, because many neighbours are in doubt, proves nothing more
UNTOLD_S = 25.0  # from the first loss until people were told who are woken: so long one answer may spare them
MORE_QUICK = 4  # enough when every live neighbour's port towards the device reads down


@dataclass(slots=True)
class LossSeries:
    """Counts lost rounds since the last answer. Times are UTC seconds when a round was asked."""

    first: float | None = None
    last: float = 0.0
    lost: int = 0

    def miss(self, asked_at: float) -> None:
        if self.first is None:
            self.first = asked_at
        elif asked_at < self.last + APART_S:
            return
        self.last = asked_at
        self.lost += 1

    def clear(self) -> None:
        self.first, self.last, self.lost = None, 0.0, 0

    @property
    def untold(self) -> bool:
        """It lasts, and not for so long that somebody was woken for it."""
        return self.first is not None and self.last - self.first < UNTOLD_S

    def proves(self, more: int = MORE) -> bool:
        return self.lost > more
