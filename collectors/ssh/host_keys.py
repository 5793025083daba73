"""Which key a router showed when it was first logged in to; another one is refused until a person accepts it.

Trust on first use, kept as OpenSSH keeps it: `known_hosts` in the data directory, one line a key. A key that was refused
waits in `offered_hosts` beside it.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from collectors.contract import HostKeyChanged
from collectors.ssh.files import alone, write_whole

MODE = 0o644  # public keys


@dataclass(frozen=True, slots=True)
class HostKey:
    """`host` is written as OpenSSH does: the address, or [address]:port for another port than 22."""

    host: str
    kind: str  # ssh-ed25519, ecdsa-sha2-nistp256, ssh-rsa
    key: bytes

    @property
    def fingerprint(self) -> str:
        """As OpenSSH shows it: SHA256:..."""
        return "SHA256:" + base64.b64encode(hashlib.sha256(self.key).digest()).decode().rstrip("=")

    def __str__(self) -> str:
        return f"{self.host} {self.kind} {base64.b64encode(self.key).decode()}"


def host_name(address: str, port: int) -> str:
    return address if port == 22 else f"[{address}]:{port}"


class HostKeys:
    """The files; each question reads what stands there now, so a key accepted by hand counts at once. Any thread may ask."""

    def __init__(self, place: Path) -> None:
        self._known = place / "known_hosts"
        self._offered = place / "offered_hosts"
        self._seen: tuple[tuple[int, int, int], dict[str, list[HostKey]]] = (
            (0, 0, 0),
            {},
        )  # mark of the file, its keys

    def kinds(self, host: str) -> tuple[str, ...]:
        """Types of the keys trusted for this host."""
        return tuple(each.kind for each in self._trusted(host))

    def _trusted(self, host: str) -> list[HostKey]:
        """What the file says now; read again only when it is another one."""
        mark = _mark(self._known)
        seen, keys = self._seen
        if mark != seen:
            keys = {}
            for each in _read(self._known):
                keys.setdefault(each.host, []).append(each)
            self._seen = mark, keys
        return keys.get(host, [])

    def verify(self, offered: HostKey) -> None:
        """Trust a host's first key; HostKeyChanged for any other than the trusted ones. OSError."""
        if offered in self._trusted(offered.host):
            return
        with alone(self._known):
            known = _read(self._known)
            trusted = [each for each in known if each.host == offered.host]
            if not trusted:
                _write(self._known, [*known, offered])
            elif offered not in trusted:
                _write(self._offered, [*_others(_read(self._offered), offered.host), offered])
                raise HostKeyChanged(
                    f"{offered.host} shows {offered.kind} {offered.fingerprint}, trusted is {trusted[0].fingerprint}"
                )

    def trusted(self) -> tuple[HostKey, ...]:
        return tuple(_read(self._known))

    def offered(self) -> tuple[HostKey, ...]:
        """Keys that were refused and wait for a person."""
        known = _read(self._known)
        return tuple(each for each in _read(self._offered) if each not in known)

    def accept(self, key: HostKey) -> None:
        """From now on this is the host's trusted key, and its only one."""
        with alone(self._known):
            _write(self._known, [*_others(_read(self._known), key.host), key])
            _write(self._offered, _others(_read(self._offered), key.host))


def _others(keys: Iterable[HostKey], host: str) -> list[HostKey]:
    return [each for each in keys if each.host != host]


def _mark(path: Path) -> tuple[int, int, int]:
    """Another one whenever the file was replaced or changed."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return 0, 0, 0
    return found.st_ino, found.st_mtime_ns, found.st_size


def _read(path: Path) -> list[HostKey]:
    """The keys of a file; lines that are none (comments, hashed hosts, markers) are no keys of ours."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return []
    found = []
    for line in lines:
        words = line.split()
        if len(words) >= 3 and words[0][0] not in "#@|":
            try:
                key = base64.b64decode(words[2], validate=True)
            except (binascii.Error, ValueError):
                continue
            found += [HostKey(host, words[1], key) for host in words[0].split(",")]
    return found


def _write(path: Path, keys: Iterable[HostKey]) -> None:
    write_whole(path, "".join(f"{each}\n" for each in keys), MODE)
