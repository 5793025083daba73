"""Secrets by reference: the inventory names a credential, its value comes from elsewhere and is never shown.

Looked for in this order: systemd's credentials ($CREDENTIALS_DIRECTORY/snmp-NAME or NAME), the environment (NOC_SECRET_NAME),
then secrets.toml, a file of mode 0600 with `[snmp]` and one `name = "value"` a line.
"""

import json
import os
import re
import stat
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from inventory.mistakes import Mistake, MistakesError
from inventory.model import Inventory
from inventory.secret import Secret

DEFAULT_KIND = "snmp"


class SecretsError(MistakesError):
    """The secrets file cannot be used; its contents are never part of the message."""


class Secrets:
    """What `read_secrets` found; asking for a name looks at every source."""

    def __init__(
        self,
        values: Mapping[tuple[str, str], str],
        *,
        environment: Mapping[str, str] | None = None,
        credentials: Path | None = None,
    ) -> None:
        """`values`: (kind, name) -> value from the file; `credentials`: systemd's directory, if any."""
        self._values = {key: Secret(value) for key, value in values.items()}
        self._environment = {
            name: Secret(value) for name, value in (environment or {}).items() if name.startswith("NOC_SECRET_")
        }
        self._credentials = credentials

    def __repr__(self) -> str:
        return f"Secrets({len(self._values)} from the file)"

    def find(self, name: str, kind: str = DEFAULT_KIND) -> Secret | None:
        """The secret of that name, or None where no source has it."""
        return (
            self._from_systemd(f"{kind}-{name}")
            or self._from_systemd(name)
            or self._environment.get(environment_name(name))
            or self._values.get((kind, name))
        )

    def names(self, kind: str = DEFAULT_KIND) -> tuple[str, ...]:
        """Names that the file holds."""
        return tuple(name for one, name in self._values if one == kind)

    def _from_systemd(self, name: str) -> Secret | None:
        if self._credentials is None or "/" in name or name in ("", ".", ".."):
            return None
        try:
            return Secret((self._credentials / name).read_text(encoding="utf-8").rstrip("\n"))
        except (OSError, UnicodeDecodeError):
            return None


def environment_name(name: str) -> str:
    """'core-2' -> 'NOC_SECRET_CORE_2'."""
    return "NOC_SECRET_" + re.sub(r"[^A-Za-z0-9]", "_", name).upper()


def read_secrets(file: Path, environment: Mapping[str, str]) -> Secrets:
    """Read all sources; the file may be absent. SecretsError when it is readable by others, broken, or not ours."""
    directory = environment.get("CREDENTIALS_DIRECTORY")
    return Secrets(
        _read_file(file),
        environment=environment,
        credentials=Path(directory) if directory else None,
    )


def _read_file(file: Path) -> dict[tuple[str, str], str]:
    try:
        with file.open("rb") as opened:
            mode = stat.S_IMODE(os.fstat(opened.fileno()).st_mode)
            if mode & 0o077:
                hint = f"chmod 600 {file}"
                raise SecretsError([Mistake(str(file), 0, f"mode {mode:04o} lets others read the secrets", hint)])
            raw = tomllib.loads(opened.read().decode("utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SecretsError([Mistake(str(file), 0, f"cannot be read: {error.strerror}")]) from None
    except UnicodeDecodeError:
        raise SecretsError([Mistake(str(file), 0, "not UTF-8")]) from None
    except tomllib.TOMLDecodeError as error:
        # the parser's own words may quote the file, so only the line is passed on
        line = re.search(r"at line (\d+)", str(error))
        raise SecretsError([Mistake(str(file), int(line[1]) if line else 0, "not TOML")]) from None
    return dict(_pairs(file, raw))


def _pairs(file: Path, raw: Mapping[str, object]) -> Iterable[tuple[tuple[str, str], str]]:
    mistakes = []
    pairs = []
    for kind, names in raw.items():
        if not isinstance(names, dict):
            mistakes.append(Mistake(str(file), 0, f"{kind!r} stands outside of a section", "write [snmp] above it"))
            continue
        for name, value in names.items():
            if isinstance(value, str) and value:
                pairs.append(((kind, name), value))
            else:
                mistakes.append(Mistake(str(file), 0, f"[{kind}] {name} must be text in quotes, and not empty"))
    if mistakes:
        raise SecretsError(mistakes)
    return pairs


def write_secrets(file: Path, values: Mapping[str, str], kind: str = DEFAULT_KIND) -> None:
    """Write a new file of mode 0600; FileExistsError when there is one."""
    lines = [
        "# Secrets, by the names that the inventory refers to (snmp: {credential: ...}). Keep the mode 0600.",
        f"[{kind}]",
        *(f"{json.dumps(name)} = {json.dumps(value)}" for name, value in values.items()),
    ]
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        opened.write("\n".join(lines) + "\n")


def credentials_of(inventory: Inventory) -> dict[str, tuple[str, ...]]:
    """Credential name -> the devices that refer to it."""
    found: dict[str, list[str]] = {}
    for device in inventory.devices.values():
        found.setdefault(device.snmp.credential, []).append(device.key)
    return {name: tuple(devices) for name, devices in found.items()}


def missing_secrets(inventory: Inventory, secrets: Secrets) -> tuple[str, ...]:
    """Names that devices refer to and no source knows."""
    return tuple(name for name in sorted(credentials_of(inventory)) if secrets.find(name) is None)


def with_secrets(text: str, values: Mapping[str, Secret], kind: str = DEFAULT_KIND) -> str:
    """The text of a secrets file with more names in its section; what stood there stays as it was."""
    lines = [f"{json.dumps(name)} = {json.dumps(value.reveal())}" for name, value in values.items()]
    if not lines:
        return text
    kept = text.splitlines()
    header = next((place for place, line in enumerate(kept) if re.match(rf"\s*\[{kind}\]", line)), None)
    if header is None:
        return "\n".join([*kept, f"[{kind}]", *lines]) + "\n"
    return "\n".join([*kept[: header + 1], *lines, *kept[header + 1 :]]) + "\n"
