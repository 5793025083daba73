"""Secrets by reference: the inventory names a credential, its value comes from elsewhere and is never shown.

Looked for in this order: systemd's credentials ($CREDENTIALS_DIRECTORY/snmp-NAME or NAME), the environment
(NOC_SECRET_SNMP_NAME or NOC_SECRET_NAME), then secrets.toml, a file of mode 0600: under `[snmp]` one `name = "community"`
a line, SNMPv3 users as tables `[snmp.NAME]`, logins as `[ssh.NAME]`. From the first two a table comes as the TOML text of
its lines (`user = "noc"` and so on). What channels of messages need stands under `[mail]`, `[mgov]`, `[webhook]` and
`[apprise]`, or in mail-password, NOC_SECRET_MAIL_PASSWORD and so on; addresses for apprise one a line.
"""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from inventory.credentials import Login, SnmpUser
from inventory.mistakes import Mistake
from inventory.model import Device, Inventory
from inventory.secret import Secret
from inventory.secret_tables import WORDS, TableError, kind_of, looks_like_table, read_table
from inventory.secrets_file import Entry, SecretsError, read_secrets_file, with_secrets, write_secrets

__all__ = [
    "Entry",
    "Secrets",
    "SecretsError",
    "credentials_of",
    "environment_name",
    "known_of",
    "missing",
    "missing_secrets",
    "read_secrets",
    "with_secrets",
    "write_secrets",
]
DEFAULT_KIND = "snmp"
_PREFIX = "NOC_SECRET_"


class Secrets:
    """What `read_secrets` found; asking for a name looks at every source."""

    def __init__(
        self,
        values: Mapping[tuple[str, str], str | Entry],
        *,
        environment: Mapping[str, str] | None = None,
        credentials: Path | None = None,
        beside: Path | None = None,
    ) -> None:
        """`values`: (kind, name) -> entry from the file, text being a community; `credentials`: systemd's directory;
        `beside`: where relative paths of keys count from."""
        self._values = {key: Secret(value) if isinstance(value, str) else value for key, value in values.items()}
        self._environment = {
            name: Secret(value) for name, value in (environment or {}).items() if name.startswith(_PREFIX)
        }
        self._credentials = credentials
        self._beside = beside or Path()

    def __repr__(self) -> str:
        return f"Secrets({len(self._values)} from the file)"

    def find(self, name: str, kind: str = DEFAULT_KIND) -> Secret | None:
        """The secret that is one text (a community) of that name, or None where no source has it."""
        for entry in self._entries(kind, name):
            if isinstance(entry, Secret):
                return entry
        return None

    def user(self, name: str) -> SnmpUser | None:
        """The SNMPv3 user of that name, or None where no source has one."""
        for entry in self._entries("snmp", name):
            if isinstance(entry, SnmpUser):
                return entry
        return None

    def login(self, name: str) -> Login | None:
        """The SSH login of that name, or None where no source has one."""
        for entry in self._entries("ssh", name):
            if isinstance(entry, Login):
                return entry
        return None

    def word(self, kind: str, name: str) -> Secret | None:
        """What a channel of messages needs (`mail` and `password`), or None where no source has it; never a table."""
        for held in (
            self._from_systemd(f"{kind}-{name}"),
            self._environment.get(environment_name(f"{kind}-{name}")),
            self._values.get((kind, name)),
        ):
            if isinstance(held, Secret) and held.reveal():
                return held
        return None

    def names(self, kind: str = DEFAULT_KIND) -> tuple[str, ...]:
        """Names that the file holds."""
        return tuple(name for one, name in self._values if one == kind)

    def mistakes(self) -> Iterator[Mistake]:
        """What is wrong with the tables that systemd and the environment hold."""
        for name, secret in self._environment.items():
            yield from self._wrong(name, _kind_in(name.removeprefix(_PREFIX), "_"), secret)
        for path in self._systemd_files():
            held = self._from_systemd(path.name)
            if held is not None:
                yield from self._wrong(str(path), _kind_in(path.name, "-"), held)

    def _systemd_files(self) -> list[Path]:
        try:
            return sorted(self._credentials.iterdir()) if self._credentials else []
        except OSError:
            return []  # not there, or another user's: nothing is found in it

    def _wrong(self, where: str, kind: str | None, secret: Secret) -> Iterator[Mistake]:
        text = secret.reveal()
        if looks_like_table(text) and not _is_word(where):
            try:
                table = tomllib.loads(text)
                read_table(kind or kind_of(table), table, self._beside)
            except tomllib.TOMLDecodeError:
                yield Mistake(where, 0, "neither a community nor the TOML of a table", 'write user = "..." in quotes')
            except TableError as error:
                yield from (Mistake(where, 0, message, hint) for _, message, hint in error.wrong)

    def _entries(self, kind: str, name: str) -> Iterator[Entry]:
        for sought in (f"{kind}-{name}", name):
            yield from self._read(kind, self._from_systemd(sought))
        for sought in (f"{kind}-{name}", name):
            yield from self._read(kind, self._environment.get(environment_name(sought)))
        if (kind, name) in self._values:
            yield self._values[kind, name]

    def _read(self, kind: str, secret: Secret | None) -> Iterator[Entry]:
        """The secret as what it is; nothing where it is a table that is wrong or of another kind."""
        if secret is None or not secret.reveal():
            return
        if not looks_like_table(secret.reveal()):
            yield secret
            return
        try:
            table = tomllib.loads(secret.reveal())
            if kind_of(table) == kind:
                yield read_table(kind, table, self._beside)
        except (tomllib.TOMLDecodeError, TableError):
            return  # `mistakes` says why

    def _from_systemd(self, name: str) -> Secret | None:
        if self._credentials is None or "/" in name or name in ("", ".", ".."):
            return None
        try:
            return Secret((self._credentials / name).read_text(encoding="utf-8").rstrip("\n"))
        except (OSError, UnicodeDecodeError):
            return None


def _kind_in(name: str, joint: str) -> str | None:
    """The kind that a source's name begins with: snmp-core, SSH_DEFAULT."""
    word = name.lower().partition(joint)[0]
    return word if word in ("snmp", "ssh") and joint in name else None


def _is_word(where: str) -> bool:
    """Whether a source holds what a channel of messages needs: a text, whatever it looks like."""
    names = [f"{kind}-{name}" for kind, known in WORDS.items() for name in known]
    return where in map(environment_name, names) or Path(where).name in names


def environment_name(name: str) -> str:
    """'core-2' -> 'NOC_SECRET_CORE_2'."""
    return _PREFIX + re.sub(r"[^A-Za-z0-9]", "_", name).upper()


def read_secrets(file: Path, environment: Mapping[str, str]) -> Secrets:
    """Read all sources; the file may be absent. SecretsError names all that is wrong: when the file is readable by
    others, broken, or not ours, and when a table lacks something."""
    directory = environment.get("CREDENTIALS_DIRECTORY")
    values: Mapping[tuple[str, str], Entry] = {}
    mistakes: tuple[Mistake, ...] = ()
    try:
        values = read_secrets_file(file)
    except SecretsError as error:
        mistakes = error.mistakes
    credentials = Path(directory) if directory else None
    secrets = Secrets(values, environment=environment, credentials=credentials, beside=file.parent)
    mistakes += tuple(secrets.mistakes())
    if mistakes:
        raise SecretsError(mistakes)
    return secrets


def credentials_of(inventory: Inventory, kind: str = DEFAULT_KIND) -> dict[str, tuple[str, ...]]:
    """Credential name of that kind (snmp, ssh) -> the devices that refer to it."""
    found: dict[str, list[str]] = {}
    for device in inventory.devices.values():
        way = device.snmp if kind == "snmp" else device.ssh
        if way is not None:
            found.setdefault(way.credential, []).append(device.key)
    return {name: tuple(devices) for name, devices in found.items()}


def known_of(device: Device, secrets: Secrets) -> tuple[Entry | None, Login | None]:
    """What is known to ask this device with over SNMP, and to log in to it."""
    credential, three = device.snmp.credential, device.snmp.version == "3"
    asked: Entry | None = secrets.user(credential) if three else secrets.find(credential)
    return asked, secrets.login(device.ssh.credential) if device.ssh else None


def missing_secrets(inventory: Inventory, secrets: Secrets) -> tuple[str, ...]:
    """What devices refer to and no source knows: a community by its name, a user as `snmp.NAME`, a login as `ssh.NAME`."""
    return tuple(sorted(f"{form}.{name}" if form else name for form, name in missing(inventory, secrets)))


def missing(inventory: Inventory, secrets: Secrets) -> list[tuple[str, str]]:
    """(form, name) of what no source knows; form is `snmp` of a user, `ssh` of a login, nothing of a community.

    What traps carry may be either, and is missed as a community.
    """
    devices = inventory.devices.values()
    needed = {("snmp" if one.snmp.version == "3" else "", one.snmp.credential): None for one in devices}
    needed |= {("ssh", one.ssh.credential): None for one in devices if one.ssh}
    find: Mapping[str, Callable[[str], Entry | None]] = {"": secrets.find, "snmp": secrets.user, "ssh": secrets.login}
    missed = [(form, name) for form, name in needed if find[form](name) is None]
    traps = {one.snmp.traps: None for one in devices if one.snmp.traps}
    return [*missed, *(("", name) for name in traps if secrets.find(name) is None and secrets.user(name) is None)]
