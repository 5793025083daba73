"""How SNMPv3 users and SSH logins are written among the secrets: tables of text, checked whole, their values never shown.

[snmp.routers]                 [ssh.default]
user = "noc"                   user = "noc"
auth = "SHA-256"               key = "id_noc"       # beside the secrets file
auth_password = "..."          passphrase = "..."   # of the key
priv = "AES-128"               password = "..."     # where there is no key
priv_password = "..."          enable = "..."
"""

import json
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import cast

from inventory.credentials import AUTHS, PRIVS, Auth, Login, Priv, SnmpUser
from inventory.mistakes import did_you_mean
from inventory.secret import Secret

SHORTEST_PASSWORD = 8  # RFC 3414, section 11.2
LONGEST_USER = 32  # octets, usmUserName of RFC 3414
LONGEST_CONTEXT = 255  # octets, SnmpAdminString of RFC 3411
KEYS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "snmp": ("user", "auth", "auth_password", "priv", "priv_password", "context"),
        "ssh": ("user", "password", "key", "passphrase", "enable"),
    }
)
WORDS: Mapping[str, tuple[str, ...]] = MappingProxyType(  # sections of single texts, for channels of messages
    {
        "mail": ("user", "password"),
        "mgov": ("key",),
        "webhook": ("key",),
        "apprise": ("urls",),
        "influxdb": ("token", "user", "password"),
    }
)
_SPELLINGS: Mapping[str, str] = MappingProxyType(  # without case and punctuation
    {
        **{re.sub(r"\W", "", name.lower()): name for name in (*AUTHS, *PRIVS)},
        **{"hmacmd5": "MD5", "hmacmd596": "MD5"},
        **{"sha": "SHA-1", "hmacsha": "SHA-1", "hmacsha96": "SHA-1", "hmacsha1": "SHA-1"},
        **{f"{word}{bits}": f"SHA-{bits}" for word in ("sha2", "hmacsha") for bits in (224, 256, 384, 512)},
        **{"des56": "DES", "cbcdes": "DES", "descbc": "DES"},
        **{"aes": "AES-128", "aescfb128": "AES-128", "cfb128aes128": "AES-128", "aes128cfb": "AES-128"},
        **{f"aes{bits}{word}": f"AES-{bits}-C" for bits in (192, 256) for word in ("cisco", "reeder")},
        **{f"aes{bits}blumenthal": f"AES-{bits}" for bits in (192, 256)},
    }
)
_PAIRS = (("auth", "auth_password"), ("priv", "priv_password"))

Wrong = tuple[str, str, str]  # key it is about, message, hint
Note = Callable[[str, str, str], None]


class TableError(Exception):
    """Everything that is wrong with one table; never with a value in it."""

    def __init__(self, wrong: list[Wrong]) -> None:
        super().__init__("; ".join(message for _, message, _ in wrong))
        self.wrong = tuple(wrong)


def algorithm(written: str, known: tuple[str, ...]) -> str | None:
    """'sha256' -> 'SHA-256', 'aes' -> 'AES-128'; None: not one of the known."""
    name = _SPELLINGS.get(re.sub(r"[\W_]", "", written.lower()))
    return name if name in known else None


def looks_like_table(text: str) -> bool:
    """Whether a text from the environment is a table, well formed or not, and so never a community."""
    keys = "|".join({key for keys in KEYS.values() for key in keys})
    return re.search(rf"(?m)^\s*\"?({keys})\"?\s*=", text) is not None


def kind_of(table: Mapping[str, object]) -> str:
    """A table that stands under no heading is a login where it has what only a login has."""
    return "ssh" if set(table) & set(KEYS["ssh"]) - {"user"} else "snmp"


def read_table(kind: str, table: Mapping[str, object], beside: Path) -> SnmpUser | Login:
    """The user or login; `beside` is where a relative path of a key counts from. TableError names all that is wrong."""
    wrong: list[Wrong] = []
    said = _texts(kind, table, lambda key, message, hint: wrong.append((key, message, hint)))
    found = [*(_user_wrong(said, table) if kind == "snmp" else _login_wrong(said, table, beside))]
    wrong += found
    if wrong:
        raise TableError(wrong)
    return _user(said) if kind == "snmp" else _login(said, beside)


def _texts(kind: str, table: Mapping[str, object], note: Note) -> dict[str, str]:
    said = {}
    for key, value in table.items():
        if key not in KEYS[kind]:
            note(key, f"unknown key {key!r}", did_you_mean(key, KEYS[kind]))
        elif not isinstance(value, str):
            note(key, f"{key} must be text in quotes", "")
        elif not value and key != "context":
            note(key, f"{key} is empty", "")
        else:
            said[key] = value
    if "user" not in table:
        note("", "user is missing", "")
    return said


def _user_wrong(said: Mapping[str, str], table: Mapping[str, object]) -> Iterator[Wrong]:
    if len(said.get("user", "").encode()) > LONGEST_USER:
        yield "user", f"user is longer than {LONGEST_USER} octets", ""
    if len(said.get("context", "").encode()) > LONGEST_CONTEXT:
        yield "context", f"context is longer than {LONGEST_CONTEXT} octets", ""
    for key, known in (("auth", AUTHS), ("priv", PRIVS)):
        if key in said and algorithm(said[key], known) is None:
            yield key, f"{key} is none of {', '.join(known)}", did_you_mean(said[key].upper(), known)
    for key, password in _PAIRS:
        if key in table and password not in table:
            yield key, f"{key} without {password}", ""
        elif password in table and key not in table:
            yield password, f"{password} without {key}: which algorithm?", ""
        if password in said and len(said[password]) < SHORTEST_PASSWORD:
            yield password, f"{password} is shorter than {SHORTEST_PASSWORD} letters (RFC 3414)", ""
    if "priv" in table and "auth" not in table:
        yield "priv", "priv without auth: SNMPv3 encrypts only what is authenticated", ""


def _login_wrong(said: Mapping[str, str], table: Mapping[str, object], beside: Path) -> Iterator[Wrong]:
    if not {"password", "key"} & set(table):
        yield "", "neither password nor key", ""
    if "passphrase" in table and "key" not in table:
        yield "passphrase", "passphrase without key", ""
    if "key" in said:
        yield from _key_wrong(beside / Path(said["key"]).expanduser())


def _key_wrong(path: Path) -> Iterator[Wrong]:
    try:
        status = path.stat()
    except FileNotFoundError:
        yield "key", "the key's file is not there", ""
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "no path"
        yield "key", f"the key's file cannot be read: {reason}", ""
    else:
        mode = stat.S_IMODE(status.st_mode)
        if not stat.S_ISREG(status.st_mode):
            yield "key", "the key is no file", ""
        elif mode & 0o077:
            yield "key", f"mode {mode:04o} lets others read the key's file", "chmod 600 it"


def _user(said: Mapping[str, str]) -> SnmpUser:
    auth, priv = said.get("auth"), said.get("priv")
    return SnmpUser(
        user=said["user"],
        auth=cast(Auth, algorithm(auth, AUTHS)) if auth else None,
        auth_password=_secret(said, "auth_password"),
        priv=cast(Priv, algorithm(priv, PRIVS)) if priv else None,
        priv_password=_secret(said, "priv_password"),
        context=said.get("context", ""),
    )


def _login(said: Mapping[str, str], beside: Path) -> Login:
    return Login(
        user=said["user"],
        password=_secret(said, "password"),
        key=beside / Path(said["key"]).expanduser() if "key" in said else None,
        passphrase=_secret(said, "passphrase"),
        enable=_secret(said, "enable"),
    )


def _secret(said: Mapping[str, str], key: str) -> Secret | None:
    return Secret(said[key]) if key in said else None


def table_lines(name: str, entry: SnmpUser | Login) -> list[str]:
    """The table as it stands in secrets.toml, values and all: for that file alone."""
    kind = "snmp" if isinstance(entry, SnmpUser) else "ssh"
    lines = [f"[{kind}.{named(name)}]"]
    for key in KEYS[kind]:
        value = getattr(entry, key)
        if value:
            text = value.reveal() if isinstance(value, Secret) else str(value)
            lines.append(f"{key} = {quoted(text)}")
    return lines


def named(name: str) -> str:
    """A TOML key, in quotes only where it needs them."""
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else quoted(name)


def quoted(text: str) -> str:
    """A TOML string: JSON's, but for two things that TOML does not take."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
