"""Credentials that do not fit their devices, or protect less than they seem to: said once each, with whom it concerns."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from inventory.addresses import is_loopback
from inventory.credentials import SnmpUser
from inventory.mistakes import did_you_mean
from inventory.model import Device, Inventory
from inventory.secrets import Secrets, missing

TRIED_FIRST = frozenset(("public", "private", "community", "cisco", "admin", "snmp", "default", "test"))
NAMED = 3  # devices that a sentence names


@dataclass(frozen=True, slots=True)
class Weakness:
    """One sentence and what to do about it; `secret` is how it stands in secrets.toml: default, snmp.routers."""

    secret: str
    message: str
    hint: str = ""


def weaknesses(inventory: Inventory, secrets: Secrets) -> Iterator[Weakness]:
    """Everything that is doubtful about the credentials in use; a value is never part of it."""
    yield from _missing(inventory, secrets)
    outside = [device for device in inventory.devices.values() if not is_loopback(device.address)]
    used = _by_credential(outside)
    yield from _weak_users(used, secrets)
    yield from _weak_communities(used, secrets)


def _missing(inventory: Inventory, secrets: Secrets) -> Iterator[Weakness]:
    used = _by_credential(inventory.devices.values())
    for form, name in missing(inventory, secrets):
        secret = f"{form}.{name}" if form else name
        if form == "snmp" and secrets.find(name) is not None:
            message = (
                f"credential {name!r} is a community, but SNMPv3 needs a user: {some(used['3', name])} will not answer"
            )
            yield Weakness(secret, message, f"write [{secret}], or say version: 2c there")
        elif not form and secrets.user(name) is not None:
            whom = some(key for version in ("1", "2c") for key in used.get((version, name), ()))
            message = f"credential {name!r} is an SNMPv3 user, but without version: 3 a community is needed: {whom}"
            yield Weakness(secret, message, "say version: 3 there, or name another credential")
        else:
            yield _unknown(form, name, secrets)


def _unknown(form: str, name: str, secrets: Secrets) -> Weakness:
    near = did_you_mean(name, secrets.names("ssh" if form == "ssh" else "snmp"))
    if form == "ssh":
        return Weakness(f"ssh.{name}", f"no login [ssh.{name}], which devices refer to: nobody logs in to them", near)
    if form == "snmp":
        return Weakness(f"snmp.{name}", f"no user [snmp.{name}], which devices refer to: they will not answer", near)
    return Weakness(name, f"no secret {name!r}, which devices refer to: they will not answer", near)


def _by_credential(devices: Iterable[Device]) -> dict[tuple[str, str], list[str]]:
    """(version, credential) -> devices."""
    found: dict[tuple[str, str], list[str]] = {}
    for device in devices:
        found.setdefault((device.snmp.version, device.snmp.credential), []).append(device.key)
    return found


_DOUBTS: tuple[tuple[Callable[[SnmpUser], bool], str, str], ...] = (
    (
        lambda user: user.level == "noAuthNoPriv",
        "neither authenticates nor encrypts (noAuthNoPriv): anybody can answer for",
        "give it auth and priv",
    ),
    (lambda user: user.priv == "DES", "encrypts with DES, which is insecure, for", "AES-128 where they know it"),
    (lambda user: user.auth == "MD5", "authenticates with MD5, which is old, for", "SHA-256 where they know it"),
)


def _weak_users(used: dict[tuple[str, str], list[str]], secrets: Secrets) -> Iterator[Weakness]:
    for (version, name), devices in used.items():
        user = secrets.user(name) if version == "3" else None
        for weak, words, hint in _DOUBTS if user else ():
            if user and weak(user):
                yield Weakness(f"snmp.{name}", f"credential {name!r} {words} {some(devices)}", hint)


def _weak_communities(used: dict[tuple[str, str], list[str]], secrets: Secrets) -> Iterator[Weakness]:
    names: dict[str, None] = {}
    concerned: list[str] = []
    for (version, name), devices in used.items():
        secret = secrets.find(name) if version != "3" else None
        if secret is not None and secret.reveal().lower() in TRIED_FIRST:
            names[name] = None
            concerned += devices
    if names:
        which = " and ".join(map(repr, names)) if len(names) < NAMED else f"of {len(names)} credentials"
        message = f"community {which} is one that everybody tries first, for {some(concerned)}"
        yield Weakness(next(iter(names)), message, "SNMPv3 where they speak it, else a community of your own")


def some(devices: Iterable[str]) -> str:
    """'3 devices (a, b, c)', 'device a', '80 devices (a, b, c ...)'."""
    keys = list(devices)
    if len(keys) == 1:
        return f"device {keys[0]}"
    return f"{len(keys)} devices ({', '.join(keys[:NAMED])}{' ...' if len(keys) > NAMED else ''})"
