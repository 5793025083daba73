"""After a refused login wait, and longer each time: no account is ever locked out, on one router or at the one TACACS.

Three limits hold at once. Per device: a refusal is followed by a pause of 15 minutes that doubles up to 6 hours, and in
any hour at most two logins are refused. Per login across all devices: after two refusals in a row, none accepted between
them, nobody tries it for the rest of the hour; and in any hour at most five are refused. A login on its way counts as
refused until it is known, so sixteen at once overrun nothing. A changed secret begins anew. What was refused is kept in a
file: a restart of the daemon forgives nothing.
"""

import hashlib
import json
import logging
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from collectors.contract import CredentialsRefused, HeldBack, NoAnswer, TooSlow
from collectors.ssh.files import write_whole
from collectors.ssh.leash import Leash
from inventory.credentials import Login

log = logging.getLogger(__name__)

HOUR_S = 3600.0
FIRST_S, LONGEST_S = 900.0, 21600.0  # pauses of a device
PER_DEVICE, PER_LOGIN = 2, 5  # refused logins in any hour
IN_A_ROW = 2  # refused logins of one account without an accepted one: the strictest lock at the third
WAIT_S = 90.0  # for the outcome of others, since so few authenticate at once
LOOK_S = 0.5  # how often who waits looks up
SCRYPT_N = 1 << 14


@dataclass(slots=True)
class _Tally:
    """What was refused lately: of one device, or of one login on all devices."""

    mark: str = ""  # of the secret it was refused with
    refused: list[float] = field(default_factory=list)  # UTC seconds, the last few
    in_a_row: int = 0

    def lately(self, now: float) -> list[float]:
        """Refusals of the last hour; a clock that was set back does not make them older."""
        return [at for at in self.refused if now - at < HOUR_S]

    def pause_s(self, now: float) -> float:
        """How long this device is left alone from now on; 0 or less: not at all."""
        if not self.refused:
            return 0.0
        wait = self.refused[-1] + min(LONGEST_S, FIRST_S * 2.0 ** min(20, self.in_a_row - 1)) - now
        recent = self.lately(now)
        return max(wait, recent[-PER_DEVICE] + HOUR_S - now, 0.0) if len(recent) >= PER_DEVICE else wait


class Backoff:
    """Asked before every login; any thread may ask. The file is private: it knows secrets by a slow salted hash alone."""

    def __init__(self, file: Path, clock: Callable[[], float], *, scrypt_n: int = SCRYPT_N) -> None:
        self._file = file
        self._clock = clock
        self._scrypt_n = scrypt_n
        self._turn = threading.Condition()
        self._underway: dict[str, int] = {}  # login name -> authentications without an outcome yet
        self._marks: dict[tuple[Login, int], str] = {}
        self._salt = ""
        self._known: dict[str, _Tally] = {}
        self._loaded = False

    @contextmanager
    def attempt(self, device: str, name: str, login: Login, *, leash: Leash | None = None) -> Iterator[None]:
        """Authenticate inside. HeldBack when it must not be tried now; a CredentialsRefused from inside is counted."""
        mark = self._mark(login)
        self._take_turn(device, name, mark, leash or Leash())
        against: tuple[str, ...] = ()
        accepted = False
        try:
            yield
            accepted = True
        except CredentialsRefused:
            against = f"login/{name}", f"device/{device}"
            raise
        except TooSlow:  # nobody said no, but the account may have been charged with it: this router waits
            against = (f"device/{device}",)
            raise
        finally:
            self._done(device, name, mark, against=against, accepted=accepted)

    def check(self, device: str, name: str, login: Login) -> None:
        """HeldBack when a login would not be tried now: asked before the router is bothered at all."""
        mark = self._mark(login)
        with self._turn:
            self._refuse(device, name, mark)

    def _take_turn(self, device: str, name: str, mark: str, leash: Leash) -> None:
        """Few authenticate at once; the others wait here, and NoAnswer ends those that are called off."""
        with self._turn:
            waited_s = 0.0
            while not self._free(device, name, mark):
                if leash.is_cut:
                    raise NoAnswer("called off")
                if waited_s >= WAIT_S:
                    raise HeldBack(f"other logins as {name!r} have no outcome yet")
                self._turn.wait(LOOK_S)
                waited_s += LOOK_S
            self._underway[name] = self._underway.get(name, 0) + 1

    def _free(self, device: str, name: str, mark: str) -> bool:
        """Whether a refusal of all that are on their way would still be within bounds."""
        self._refuse(device, name, mark)
        account, underway = self._against(f"login/{name}", mark), self._underway.get(name, 0)
        recent = len(account.lately(self._clock()))
        return recent + underway < PER_LOGIN and min(account.in_a_row, recent) + underway < IN_A_ROW

    def _refuse(self, device: str, name: str, mark: str) -> None:
        now = self._clock()
        account = self._against(f"login/{name}", mark)
        recent = account.lately(now)
        if len(recent) >= PER_LOGIN or min(account.in_a_row, len(recent)) >= IN_A_ROW:
            freeing = recent[-PER_LOGIN] if len(recent) >= PER_LOGIN else recent[-IN_A_ROW]
            wait = _minutes(freeing + HOUR_S - now)
            raise HeldBack(f"{len(recent)} logins as {name!r} were refused within an hour: none for {wait} min")
        own = self._against(f"device/{device}", mark)
        if own.pause_s(now) > 0:
            raise HeldBack(f"refused {own.in_a_row} times in a row: next login in {_minutes(own.pause_s(now))} min")

    def _done(self, device: str, name: str, mark: str, *, against: tuple[str, ...], accepted: bool) -> None:
        with self._turn:
            self._underway[name] -= 1
            for key in against:
                tally = self._tally(key, mark)
                tally.refused = [*tally.refused, self._clock()][-PER_LOGIN:]
                tally.in_a_row += 1
            healed = accepted and self._heal(device, name, mark)
            if healed or against:
                self._save()
            self._turn.notify_all()

    def _heal(self, device: str, name: str, mark: str) -> bool:
        """An accepted login forgives its device, and ends the row of its account; whether there was anything to forgive."""
        account = self._against(f"login/{name}", mark)
        before, account.in_a_row = account.in_a_row, 0
        return self._known.pop(f"device/{device}", None) is not None or before > 0

    def _tally(self, key: str, mark: str) -> _Tally:
        """What stands against it; nothing any more when the secret is another one."""
        tally = self._known.setdefault(key, _Tally(mark))
        if tally.mark != mark:
            tally = self._known[key] = _Tally(mark)
        return tally

    def _against(self, key: str, mark: str) -> _Tally:
        """Like `_tally`, only to look at."""
        tally = self._known.get(key)
        return tally if tally is not None and tally.mark == mark else _Tally(mark)

    def _mark(self, login: Login) -> str:
        """What tells one secret from another without telling it; reckoned once, for it is slow on purpose."""
        with self._turn:
            if not self._loaded:
                self._load()
            known = login, _age(login.key)
            if known not in self._marks:
                told = [login.user, *(each.reveal() if each else "" for each in (login.password, login.passphrase))]
                if login.key:
                    told.append(_content(login.key))
                secret = "\0".join(told).encode()
                self._marks[known] = hashlib.scrypt(
                    secret, salt=self._salt.encode(), n=self._scrypt_n, r=8, p=1, dklen=16
                ).hex()
            return self._marks[known]

    def _load(self) -> None:
        """The file, or a new beginning: what cannot be read must not keep the daemon from working."""
        self._loaded = True
        try:
            raw: Any = json.loads(self._file.read_text(encoding="utf-8"))
            self._salt = str(raw["salt"])
            self._known = {str(key): _Tally(**tally) for key, tally in raw["refused"].items()}
        except FileNotFoundError:
            self._salt = secrets.token_hex(16)
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            log.warning("%s cannot be read, refused logins are counted anew: %s", self._file, error)
            self._salt = secrets.token_hex(16)

    def _save(self) -> None:
        refused = {key: asdict(tally) for key, tally in self._known.items() if tally.refused}
        write_whole(self._file, json.dumps({"salt": self._salt, "refused": refused}, indent=1) + "\n")

    def forget(self, device: str) -> None:
        """The device left the inventory, or is another one now."""
        with self._turn:
            if f"device/{device}" in self._known:
                del self._known[f"device/{device}"]
                self._save()


def _content(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _age(path: Path | None) -> int:
    try:
        return path.stat().st_mtime_ns if path else 0
    except OSError:
        return 0


def _minutes(seconds: float) -> int:
    return max(1, round(seconds / 60))
