"""Whether a circuit still leads anywhere: addresses reached only through it (a sea cut may leave our port up)."""

from collections.abc import Iterable

from alerts.series import CALM_S, KEEN_S, LossSeries


class AnchorWatch:
    """Lost when all anchors are lost in a whole series; one answer of one anchor ends that."""

    __slots__ = ("at", "found_at", "lost", "series", "since")

    def __init__(self) -> None:
        self.series = LossSeries()
        self.lost = False
        self.since: float | None = None  # of the loss
        self.found_at: float | None = None  # when the way was there again
        self.at: float | None = None

    @property
    def next_ask_s(self) -> float:
        return KEEN_S if self.series.untold or (self.series.first is not None and not self.lost) else CALM_S

    def feed(self, at: float, answers: Iterable[float | None]) -> bool:
        """Take one round of all anchors (milliseconds, None: lost); True when the link is to be judged again."""
        rtts = list(answers)
        if not rtts:
            return False
        self.at = at
        was = self.lost
        if any(rtt is not None for rtt in rtts):
            self.series.clear()
            self.lost = False
            if was:
                self.found_at = at
        else:
            self.series.miss(at)
            self.lost = was or self.series.proves()
            self.since = self.series.first
        return was or self.lost
