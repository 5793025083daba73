"""One visit to a router, from TCP to the last answer: blocking, in a thread of the pool, with everything a visit needs."""

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from collectors.contract import BadAnswer, CollectError, NoAnswer, NotParsed, TooSlow, Unsupported, ViewDenied
from collectors.ssh.answer import Figures, read
from collectors.ssh.backoff import Backoff
from collectors.ssh.bounds import Bounds
from collectors.ssh.host_keys import HostKey, HostKeys, host_name
from collectors.ssh.leash import Leash
from collectors.ssh.outputs import Outputs
from collectors.ssh.platforms import PLATFORMS
from collectors.ssh.question import Platform, Purpose
from collectors.ssh.templates import Templates
from inventory.credentials import Login
from inventory.model import Device, Ssh

if TYPE_CHECKING:
    from collectors.ssh.shell import Keyring, Shell

UNSUPPORTED_S = 86400.0  # a command the device does not know is tried again after this


@dataclass(slots=True)
class Visit:
    """What one visit brought home."""

    figures: dict[Purpose, Figures] = field(default_factory=dict)
    asked: dict[Purpose, str] = field(default_factory=dict)  # the command that was answered
    unsupported: list[Purpose] = field(default_factory=list)  # no such command on this device
    failure: CollectError | None = None  # the first thing that went wrong after the login


class Visits:
    """Remembers per device which way of asking worked. Inert: nothing is opened before the first visit."""

    def __init__(self, place: Path, clock: Callable[[], float], bounds: Bounds) -> None:
        """`place`: directory for host keys, refused logins and kept outputs; `clock`: UTC seconds."""
        self.backoff = Backoff(place / "refused.json", clock)
        self.outputs = Outputs(place / "output")
        self._host_keys = HostKeys(place)
        self._clock = clock
        self._bounds = bounds
        self._templates = Templates()
        self._ring: Keyring | None = None
        self._lock = threading.Lock()
        self._ways: dict[tuple[str, Purpose], int] = {}
        self._skipped: dict[tuple[str, Purpose], float] = {}  # UTC seconds until which it is not asked again

    def visit(self, device: Device, login: Login, purposes: Sequence[Purpose], leash: Leash) -> Visit:
        """Log in and ask. CollectError when there is no session; what fails later is in the Visit."""
        assert device.ssh
        platform = PLATFORMS[device.ssh.platform]
        now = self._clock()
        wanted = [one for one in purposes if self._skipped.get((device.key, one), 0.0) <= now]
        found = Visit(unsupported=[one for one in purposes if one not in wanted])
        self.backoff.check(device.key, device.ssh.credential, login)
        shell = self._shell(platform, login, leash)
        try:
            self._enter(shell, device, device.ssh, login, leash=leash)
            for purpose in wanted:
                self._ask(shell, device, platform, purpose, found)
        except (TooSlow, BadAnswer) as error:  # the session is over, what was said before stands
            if not found.asked:
                raise
            found.failure = found.failure or error
        except OSError as error:
            raise CollectError(f"the data directory: {error}") from None
        finally:
            shell.close()
        if leash.is_cut:
            raise NoAnswer("called off")
        return found

    def _shell(self, platform: Platform, login: Login, leash: Leash) -> "Shell":
        from collectors.ssh.shell import Keyring, Shell  # half a second of imports, only where somebody is logged in to

        with self._lock:
            self._ring = self._ring or Keyring()
        if login.key:
            self._ring.key(login)  # one that cannot be read is no refused login
        return Shell(platform.dialect, self._bounds, self._ring, leash)

    def _enter(self, shell: "Shell", device: Device, ssh: Ssh, login: Login, *, leash: Leash) -> None:
        host = host_name(device.address, ssh.port)
        shell.connect(
            device.address,
            ssh.port,
            lambda kind, key: self._host_keys.verify(HostKey(host, kind, key)),
            self._host_keys.kinds(host),
        )
        with self.backoff.attempt(device.key, ssh.credential, login, leash=leash):
            shell.log_in(login)
        shell.begin(login.enable.reveal() if login.enable else "")

    def _ask(self, shell: "Shell", device: Device, platform: Platform, purpose: Purpose, found: Visit) -> None:
        """One purpose, by the way that worked before, else by the first that the device knows."""
        platform_name = device.ssh.platform if device.ssh else ""
        ways = platform.ways[purpose]
        failures: list[CollectError] = []
        outputs: dict[str, str] = {}
        for place in _order(len(ways), self._ways.get((device.key, purpose), 0)):
            way = ways[place]
            if way.command not in outputs:
                outputs[way.command] = shell.ask(way.command)
                self.outputs.keep(device.key, way.command, outputs[way.command], self._clock())
            try:
                found.figures[purpose] = read(platform, way, outputs[way.command], self._templates, platform_name)
            except (Unsupported, NotParsed, ViewDenied) as error:
                failures.append(error)
            else:
                self._ways[device.key, purpose] = place
                found.asked[purpose] = way.command
                return
        failure = next((one for one in failures if not isinstance(one, Unsupported)), failures[0])
        if isinstance(failure, Unsupported):
            self._skipped[device.key, purpose] = self._clock() + UNSUPPORTED_S
            found.unsupported.append(purpose)
        else:
            found.failure = found.failure or failure

    def forget(self, device: str) -> None:
        """The device left the inventory, or is another one now."""
        for known in (self._ways, self._skipped):
            for key in [key for key in known if key[0] == device]:
                del known[key]
        self.outputs.forget(device)


def _order(count: int, first: int) -> Iterable[int]:
    return (first, *(place for place in range(count) if place != first))
