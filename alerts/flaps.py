"""How restless a thing is: a score that doubles with every change and fades in between (SEMANTICS 14)."""

from dataclasses import dataclass

START = 2.0
FACTOR = 2.0
MOST = 256.0
DECLARED_OVER = 35.0
ENDS_UNDER = 1.5
HALVES_IN_S = 300.0  # the logarithm of the score halves in this time


@dataclass(frozen=True, slots=True)
class Restlessness:
    """`score` as of `at` (UTC seconds); `changes` since it began to count."""

    score: float = 0.0
    at: float = 0.0
    changes: int = 0
    flapping: bool = False

    def score_at(self, now: float) -> float:
        """Faded to `now`; 0 once it is over. A clock that was set back fades nothing."""
        if self.score <= 1.0:
            return 0.0
        faded: float = self.score ** (0.5 ** (max(0.0, now - self.at) / HALVES_IN_S))
        return faded if faded >= ENDS_UNDER else 0.0

    def changed(self, now: float) -> "Restlessness":
        """One more change: up to down, or down to up."""
        score = self.score_at(now)
        if not score:
            return Restlessness(START, now, 1)
        score = min(MOST, score * FACTOR)
        return Restlessness(score, now, self.changes + 1, self.flapping or score > DECLARED_OVER)

    def settled(self, now: float) -> bool:
        """Has it been quiet for so long that nothing is left?"""
        return not self.score_at(now)

    def shifted(self, seconds: float) -> "Restlessness":
        """As if the clock had stood still for so long."""
        return Restlessness(self.score, self.at + seconds, self.changes, self.flapping)
