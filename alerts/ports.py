"""Whether one port of a declared link carries traffic: down after two readings, up at once (SEMANTICS D, 41)."""

from alerts.series import UNTOLD_S
from inventory.states import Reason, State

UP, ADMIN_DOWN = 1, 2
SAYS_NOTHING = frozenset({0, 4})  # unset, unknown: kept as they are, and no verdict by themselves
CONFIRM_S = 2.0  # between the first and the deciding reading
CLAIM_S = 5.0  # so long a device's own word that the port went down counts as the first evidence (SEMANTICS 13)
KEEN_S = 0.5
ABSENT_TIMES = 2  # full interface lists without it, before we say that the device has no such interface


class PortWatch:
    """`oper` and `admin` are the values as read (ifOperStatus, ifAdminStatus; RFC 2863); `state` is what they prove."""

    __slots__ = ("absent", "admin", "at", "claimed_at", "first_down", "oper", "since", "state")

    def __init__(self) -> None:
        self.state = State.UNKNOWN
        self.oper: int | None = None
        self.admin: int | None = None
        self.since: float | None = None
        self.at: float | None = None  # newest reading
        self.first_down: float | None = None
        self.claimed_at: float | None = None
        self.absent = 0

    @property
    def suspicious(self) -> bool:
        return self.first_down is not None and self.state is not State.DOWN

    @property
    def untold(self) -> bool:
        """Dark, and nobody was woken for it yet: it is read again soon."""
        dark = self.first_down is not None and self.admin != ADMIN_DOWN
        return self.suspicious or (dark and (self.at or 0.0) - (self.first_down or 0.0) < UNTOLD_S)

    @property
    def reason(self) -> Reason:
        if self.absent >= ABSENT_TIMES:
            return Reason.NOT_SEEN
        return Reason.ADMIN_DOWN if self.state is State.DOWN and self.admin == ADMIN_DOWN else Reason.NONE

    def feed(self, at: float, oper: int, admin: int | None = None) -> bool:
        """Take one reading; True when state, suspicion or reason changed."""
        if oper == UP and self.state is State.UP and self.first_down is None and admin in (None, self.admin):
            self.at, self.oper, self.absent = at, oper, 0
            return False
        if self.at is not None and at < self.at:
            return False  # an older reading that came late
        before = (self.state, self.suspicious, self.reason)
        self.at, self.oper, self.absent = at, oper, 0
        if admin is not None:
            self.admin = admin
        if oper == UP:
            self._turn(State.UP, at)
        elif oper in SAYS_NOTHING:
            self._turn(State.UNKNOWN, at)
        else:
            self._doubt(at)
        return before != (self.state, self.suspicious, self.reason)

    def claim(self, at: float, *, down: bool) -> None:
        """A trap or a syslog line says so: no verdict, but one reading that agrees is then enough for "down"."""
        self.claimed_at = at if down else None

    def miss(self) -> bool:
        """The device's full interface list came without this port; True when that now counts."""
        self.absent += 1
        if self.absent != ABSENT_TIMES:
            return False
        self._turn(State.UNKNOWN, self.at)
        return True

    def forget(self) -> None:
        """The device fell silent: a series that was begun proves nothing any more."""
        if self.suspicious:
            self.first_down = None

    def _turn(self, state: State, at: float | None) -> None:
        self.first_down = None
        if self.state is not state:
            self.state, self.since = state, at

    def _doubt(self, at: float) -> None:
        claimed = self.claimed_at is not None and 0 <= at - self.claimed_at <= CLAIM_S
        if self.first_down is None:
            self.first_down = self.claimed_at if claimed else at
        if self.state is not State.DOWN and (claimed or at - (self.first_down or at) >= CONFIRM_S):
            self.state, self.since = State.DOWN, self.first_down
