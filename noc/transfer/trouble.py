"""Everything that is wrong with a file that is to be taken in, gathered before anything is done."""

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from inventory.mistakes import Mistake, MistakesError
from inventory.quantities import QUANTITIES

MOST: Final = 100  # named; a file with more has one cause, which they show
ROLLUPS: Final = ("mean_", "min_", "max_", "p95_", "n_", "covered_s_")
LAST_AT: Final = (1 << 32) - 1


class Enough(Exception):
    """So much is wrong that the rest is not looked at."""


class Wrong(Exception):
    """What is wrong with one line, and a hint."""

    def __init__(self, message: str, hint: str = "") -> None:
        self.message, self.hint = message, hint
        super().__init__(message)


class Trouble:
    """Takes what is wrong, by line."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.mistakes: list[Mistake] = []

    def at(self, line: int, message: str, hint: str = "") -> None:
        self.mistakes.append(Mistake(str(self._path), line, message, hint))
        if len(self.mistakes) >= MOST:
            raise Enough

    def takes_names(self, line: int, names: Iterable[str]) -> bool:
        """Whether all are quantities that the store can take; what rollups say is computed, never taken in."""
        before = len(self.mistakes)
        for name in names:
            if name in QUANTITIES:
                continue
            if name.startswith(ROLLUPS) or name == "up_s":
                self.at(line, f"{name} is of a rollup, which the store computes itself", "export without --step")
                break
            near = get_close_matches(name, QUANTITIES, n=1)
            self.at(line, f"no quantity is called {name[:60]!r}", f"did you mean {near[0]!r}?" if near else "")
        return len(self.mistakes) == before

    def raised(self) -> None:
        """MistakesError, where there is anything."""
        if self.mistakes:
            raise MistakesError(self.mistakes)
