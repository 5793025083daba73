"""Whether the poller itself has lost sight of the network, so that silence says nothing about routers (SEMANTICS 21)."""

import math
from collections import deque
from collections.abc import Collection

WINDOW_S = 10.0
LOST_SHARE = 0.25
ISOLATED_AFTER_S = 10.0  # of withheld verdicts, until the poller is called isolated


class Witnesses:
    """The probes of the last ten seconds to the gateway, the cores and every device that is held to be up.

    Each device weighs the same, however often it was asked: one under suspicion is asked ten times as often,
    and a small network would otherwise be blinded by one dead router.
    """

    def __init__(self, gateway: str) -> None:
        self._gateway = gateway
        self._rounds: deque[tuple[float, str, int, int]] = deque()
        self._held_since: float | None = None
        self.blind_since: float | None = None
        self._first_at: float | None = None  # of the probes since a restart in blindness; None: there was none

    def restore(self, blind_since: float | None) -> None:
        """Of before a restart or a new inventory: who was blind is so until ten seconds of probes show otherwise."""
        self._held_since = self.blind_since = blind_since
        self._first_at = None if blind_since is None else math.inf

    @property
    def blind(self) -> bool:
        return self.blind_since is not None

    @property
    def held(self) -> bool:
        """Are verdicts being withheld?"""
        return self._held_since is not None

    def note(self, at: float, device: str, probes: int, lost: int) -> None:
        rounds = self._rounds
        if self._first_at is not None:
            self._first_at = min(self._first_at, at)
        rounds.append((at, device, probes, lost))
        horizon = at - WINDOW_S
        while rounds[0][0] < horizon:
            rounds.popleft()

    def lost_share(self, now: float, explained: Collection[str]) -> float | None:
        """Share of probes lost, without the devices that the candidates explain; None: nobody left to testify.

        When nobody else is left the gateway testifies, even if it is itself a candidate.
        """
        sums: dict[str, list[int]] = {}
        for at, device, probes, lost in self._rounds:
            if at >= now - WINDOW_S and (device == self._gateway or device not in explained):
                each = sums.setdefault(device, [0, 0])
                each[0] += probes
                each[1] += lost
        if self._gateway in explained and len(sums) > 1:
            sums.pop(self._gateway, None)
        shares = [lost / probes for probes, lost in sums.values() if probes]
        return sum(shares) / len(shares) if shares else None

    def withhold(self, now: float, explained: Collection[str]) -> bool:
        """Are verdicts of "down" to wait? Called while there are any; ten seconds of yes are blindness."""
        share = self.lost_share(now, explained)
        if share is None or share <= LOST_SHARE:
            if share is not None and self._looked_long():
                self._first_at = None
            self.clear()
            return self.held
        if self._held_since is None:
            self._held_since = now
        elif self.blind_since is None and now - self._held_since >= ISOLATED_AFTER_S:
            self.blind_since = self._held_since
        return True

    def clear(self) -> None:
        """There is nothing to withhold, or there are witnesses again."""
        if self._first_at is not None:
            share = self.lost_share(self._rounds[-1][0], ()) if self._looked_long() else None
            if share is None or share > LOST_SHARE:
                return
            self._first_at = None
        self._held_since, self.blind_since = None, None

    def _looked_long(self) -> bool:
        """Whether the window is full of probes since a restart."""
        return self._first_at is not None and bool(self._rounds) and self._rounds[-1][0] - self._first_at >= WINDOW_S
