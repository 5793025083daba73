"""What acts on the NOC may reach of the one who plays them."""

from typing import Protocol

from noc.scenario.life import Life
from noc.scenario.means import Surroundings
from noc.scenario.stage import Stage
from noc.scenario.timeline import Timeline


class Playing(Protocol):
    """`noc.scenario.player.Player`. `life` is None while the daemon is dead."""

    stage: Stage
    timeline: Timeline
    surroundings: Surroundings
    life: Life | None

    def say_unasked(self, device: str, name: str, subject: str, after_s: float | None = None) -> None:
        """A device sends a trap, which arrives a little later, or not."""
