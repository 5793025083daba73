"""Slows down whoever guesses passwords, by account and by where they ask from; nobody is ever locked out for long."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final

FORGET_S: Final = 3600.0
MINUTE_S: Final = 60.0
MOST_RECALLED: Final = 64  # of one line: more than that waits no longer
MOST: Final = 10_000  # of each kind; those that failed longest ago are forgotten first


@dataclass(frozen=True, slots=True)
class Pace:
    """So many failures cost nothing; each one more doubles the wait, up to `most_s`."""

    free: int
    most_s: float

    def wait(self, failures: int) -> float:
        return 0.0 if failures < self.free else min(self.most_s, 2.0 ** min(failures - self.free, 20))


ACCOUNT_FROM_HERE: Final = Pace(free=3, most_s=900.0)
FROM_HERE: Final = Pace(free=10, most_s=60.0)
ACCOUNT: Final = Pace(free=10, most_s=30.0)  # from anywhere: short, because whoever is attacked must get in


@dataclass(slots=True)
class _Count:
    failures: int
    at: float


class Brake:
    """Safe in several threads. Whoever has just logged in from an address is not held up by what others try."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._turn = threading.RLock()
        self._counts: dict[str, OrderedDict[str, _Count]] = {
            kind: OrderedDict() for kind in ("pair", "here", "account")
        }

    def begin(self, account: str, address: str, *, trusted: bool) -> float:
        """A try: 0, and it counts as a failure until it is known to be none; else how long to wait, nothing counted.

        Whoever sends many at the same time has no more of them looked at than one who waits for each answer.
        """
        with self._turn:
            wait = self.wait_s(account, address, trusted=trusted)
            if not wait:
                for kind, key in _keys(account, place(address)):
                    self._one_more(kind, key, self._clock())
            return wait

    def wait_s(self, account: str, address: str, *, trusted: bool) -> float:
        """How long this one must still wait before a try. `trusted`: this account was in from there before."""
        now, here = self._clock(), place(address)
        pair = f"{account} {here}"
        asked = [("pair", pair, ACCOUNT_FROM_HERE), ("here", here, FROM_HERE), ("account", account, ACCOUNT)]
        if trusted:
            asked = [("pair", pair, ACCOUNT)]
        with self._turn:
            return max(self._left(kind, key, pace, now) for kind, key, pace in asked)

    def failures(self, account: str, address: str) -> int:
        """How often that account has failed from that address lately."""
        with self._turn:
            count = self._counts["pair"].get(f"{account} {place(address)}")
            return count.failures if count is not None else 0

    def recall(self, account: str, address: str, failures: int, at: float) -> None:
        """What was written of a failure before this process began, the oldest first; `account` "": of nobody's name.

        `failures`: how many of that account from there there had been then; not every one is written.
        """
        pair, here = f"{account} {place(address)}", place(address)
        with self._turn:
            if not 0 <= self._clock() - at < FORGET_S:
                return
            known = self._counts["pair"].get(pair) if account else None
            before = known.failures if known is not None and known.failures < failures else 0
            more = failures - before if account else 1
            for kind, key in _keys(account, here) if account else (("here", here),):
                for _ in range(min(more, MOST_RECALLED)):
                    self._one_more(kind, key, at)

    def forgive(self, account: str, address: str) -> None:
        """It was in from there then: what failed before is forgotten."""
        with self._turn:
            self._counts["pair"].pop(f"{account} {place(address)}", None)
            self._counts["account"].pop(account, None)

    def unmade(self, account: str, address: str) -> None:
        """A try that was begun and never looked at: as if it had not been."""
        with self._turn:
            for kind, key in _keys(account, place(address)):
                self._one_less(kind, key)

    def well(self, account: str, address: str) -> None:
        """A try that was right: what failed before is forgotten, but not what else was tried from there."""
        with self._turn:
            for kind, key in _keys(account, place(address)):
                if kind == "here":
                    self._one_less(kind, key)
                else:
                    self._counts[kind].pop(key, None)

    def _left(self, kind: str, key: str, pace: Pace, now: float) -> float:
        count = self._counts[kind].get(key)
        if count is None or not 0 <= now - count.at < FORGET_S:
            return 0.0
        return max(0.0, count.at + pace.wait(count.failures) - now)

    def _one_more(self, kind: str, key: str, now: float) -> int:
        counts = self._counts[kind]
        count = counts.pop(key, None)
        before = count.failures if count is not None and 0 <= now - count.at < FORGET_S else 0
        counts[key] = _Count(before + 1, now)
        while len(counts) > MOST:
            counts.popitem(last=False)
        return before + 1

    def _one_less(self, kind: str, key: str) -> None:
        count = self._counts[kind].get(key)
        if count is None:
            return
        count.failures -= 1
        if count.failures <= 0:
            del self._counts[kind][key]


class Ration:
    """So many in a minute of each, for what leaves a line in the ledger each time; keys are of things that there are."""

    def __init__(self, most: int, clock: Callable[[], float]) -> None:
        self._most, self._clock = most, clock
        self._turn = threading.Lock()
        self._minute = 0
        self._taken: dict[Hashable, int] = {}

    def wait_s(self, key: Hashable) -> float:
        """0, and one more is taken; else how long until there are more."""
        now = self._clock()
        with self._turn:
            if int(now // MINUTE_S) != self._minute:
                self._minute = int(now // MINUTE_S)
                self._taken.clear()
            taken = self._taken.get(key, 0)
            if taken >= self._most:
                return MINUTE_S - now % MINUTE_S
            self._taken[key] = taken + 1
            return 0.0


def _keys(account: str, here: str) -> tuple[tuple[str, str], ...]:
    return ("pair", f"{account} {here}"), ("here", here), ("account", account)


def place(address: str) -> str:
    """One subscriber has 2^64 addresses of IPv6: they count as one."""
    try:
        found = ip_address(address)
    except ValueError:
        return address[:64]
    if found.version == 6 and found.ipv4_mapped is None:
        return str(ip_address(int(found) >> 64 << 64))
    return str(found)
