"""secrets.toml: read whole with every mistake by its line, written with mode 0600, its contents never in a message."""

import os
import re
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from inventory.credentials import Login, SnmpUser
from inventory.mistakes import Mistake, MistakesError, did_you_mean
from inventory.secret import Secret
from inventory.secret_tables import KEYS, WORDS, TableError, named, quoted, read_table, table_lines

Entry = Secret | SnmpUser | Login
HEAD = "# Secrets, by the names that the inventory refers to. Keep the mode 0600.\n"


class SecretsError(MistakesError):
    """The secrets cannot be used; no value is part of the message."""


def read_secrets_file(file: Path) -> dict[tuple[str, str], Entry]:
    """(kind, name) -> entry; nothing where there is no file. SecretsError holds every mistake."""
    text = _text(file)
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        # the parser's own words may quote the file, so only the line is passed on
        line = re.search(r"at line (\d+)", str(error))
        raise SecretsError([Mistake(str(file), int(line[1]) if line else 0, "not TOML")]) from None
    reader = _Reader(file, text)
    for kind, names in raw.items():
        reader.section(kind, names)
    if reader.mistakes:
        raise SecretsError(reader.mistakes)
    return reader.found


def _text(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            mode = stat.S_IMODE(os.fstat(opened.fileno()).st_mode)
            if mode & 0o077:
                hint = f"chmod 600 {file}"
                raise SecretsError([Mistake(str(file), 0, f"mode {mode:04o} lets others read the secrets", hint)])
            return opened.read().decode("utf-8")
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise SecretsError([Mistake(str(file), 0, f"cannot be read: {error.strerror}")]) from None
    except UnicodeDecodeError:
        raise SecretsError([Mistake(str(file), 0, "not UTF-8")]) from None


@dataclass(slots=True)
class _Reader:
    file: Path
    text: str
    found: dict[tuple[str, str], Entry] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)

    def section(self, kind: str, names: object) -> None:
        if not isinstance(names, dict):
            self.note((kind,), f"{kind!r} stands outside of a section", "write [snmp] above it")
            return
        known = (*KEYS, *WORDS)
        near = "" if kind in known else did_you_mean(kind, known, cutoff=0.75)
        if near:
            self.note((kind,), f"unknown section [{kind}]", near)
            return
        for name, value in names.items():
            (self.word if kind in WORDS else self.entry)(kind, name, value)

    def word(self, kind: str, name: str, value: object) -> None:
        """What a channel of messages needs; a list of addresses becomes lines of one secret."""
        texts: list[object] = value if isinstance(value, list) and name == "urls" else [value]
        plain = [one for one in texts if isinstance(one, str) and one and one.isprintable()]
        if name not in WORDS[kind]:
            self.note((kind, name), f"[{kind}] has no {name!r}", did_you_mean(name, WORDS[kind]))
        elif name == "urls" and not isinstance(value, list):
            self.note((kind, name), f"[{kind}] {name} must be a list of texts in quotes")
        elif len(plain) != len(texts):
            self.note((kind, name), f"[{kind}] {name} must be text in quotes, not empty, on one line")
        else:
            self.found[kind, name] = Secret("\n".join(plain))

    def entry(self, kind: str, name: str, value: object) -> None:
        if isinstance(value, dict) and kind in KEYS:
            self.table(kind, name, value)
        elif kind == "ssh":
            self.note((kind, name), f"[ssh] {name} must be a table: [ssh.{name}] with user, and password or key")
        elif isinstance(value, str) and value:
            self.found[kind, name] = Secret(value)
        else:
            self.note((kind, name), f"[{kind}] {name} must be text in quotes, and not empty")

    def table(self, kind: str, name: str, table: Mapping[str, object]) -> None:
        try:
            self.found[kind, name] = read_table(kind, table, self.file.parent)
        except TableError as error:
            for key, message, hint in error.wrong:
                self.note((kind, name, *([key] if key else [])), f"[{kind}.{name}] {message}", hint)

    def note(self, path: tuple[str, ...], message: str, hint: str = "") -> None:
        self.mistakes.append(Mistake(str(self.file), _line_of(self.text, path), message, hint))


def _line_of(text: str, path: tuple[str, ...]) -> int:
    """The line of a key, or of the heading above it; 0 where neither is written plainly."""
    here: tuple[str, ...] = ()
    heading = 0
    for number, line in enumerate(text.split("\n"), 1):
        said = _path(line.strip())
        if line.lstrip().startswith("["):
            here = said
            if here == path[: len(here)] and here:
                heading = number
            if here == path:
                return number
        elif said and here + said[: len(path) - len(here)] == path:
            return number
    return heading


def _path(line: str) -> tuple[str, ...]:
    """What one line speaks of: ('snmp', 'core.1') for `[snmp."core.1"]`, ('user',) for `user = ...`."""
    try:
        at = tomllib.loads(line if line.lstrip().startswith("[") else f"{line.partition('=')[0]} = 0")
    except tomllib.TOMLDecodeError:
        return ()
    found: list[str] = []
    while isinstance(at, dict) and len(at) == 1:
        [(name, at)] = at.items()
        found.append(name)
    return tuple(found)


def secrets_text(values: Mapping[str, str | SnmpUser], kind: str = "snmp") -> str:
    """A secrets file of these alone; a text is a community."""
    entries: dict[str, Entry] = {name: Secret(one) if isinstance(one, str) else one for name, one in values.items()}
    return with_secrets(f"{HEAD}[{kind}]\n", entries, kind)


def write_secrets(
    file: Path,
    values: Mapping[str, str | SnmpUser],
    kind: str = "snmp",
    *,
    logins: Mapping[str, Login] | None = None,
) -> None:
    """Write a new file of mode 0600; FileExistsError when there is one. A text is a community."""
    write_private(file, with_secrets(secrets_text(values, kind), logins or {}, "ssh"))


def write_private(file: Path, text: str) -> None:
    """A new file that its owner alone may read; FileExistsError when there is one."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        opened.write(text)


def with_secrets(text: str, values: Mapping[str, Entry], kind: str = "snmp") -> str:
    """The text of a secrets file with more names in it; what stood there stays as it was.

    Communities go into their section, each user and login becomes a table of its own at the end.
    """
    lines = [f"{named(name)} = {quoted(one.reveal())}" for name, one in values.items() if isinstance(one, Secret)]
    tables = [
        line for name, one in values.items() if not isinstance(one, Secret) for line in ("", *table_lines(name, one))
    ]
    if not lines and not tables:
        return text
    kept = text.removesuffix("\n").split("\n") if text else []  # a value may hold what Python also calls a line end
    header = next((place for place, line in enumerate(kept) if re.match(rf"\s*\[{kind}\]", line)), None)
    if lines and header is None:
        # a heading may follow the tables under it
        kept, header = [*kept, f"[{kind}]"], len(kept)
    if lines and header is not None:
        kept[header + 1 : header + 1] = lines
    return "\n".join([*kept, *tables]) + "\n"
