"""What a row of the platform table is made of: how a router's shell behaves, what it is asked, how its answer is read."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Purpose = Literal["version", "hardware", "bgp_prefixes", "optical", "routes"]
Reader = Callable[[Any], Any]  # a parsed value -> our value in our unit; None: not known
Record = Callable[[str], Any]  # name of a field -> what the device said there; None: it has no such field


@dataclass(frozen=True, slots=True)
class Dialect:
    """How to speak with a platform's shell. Nothing here changes a device: `prepare` holds for the session alone."""

    driver: str  # netmiko's name of the platform: it knows what its output must be cleaned of
    prompt: str = r"[\w.\-@/:()\[\]~ ]*\w[\w.\-@/:()\[\]~ ]*[>#]"
    prepare: tuple[str, ...] = ()  # no paging, wide lines
    questions: tuple[
        tuple[str, str], ...
    ] = ()  # what may be asked at login: (pattern, what is typed), never a yes to a change
    enter: str = "\n"
    suffix: str = ""  # behind the user's name: terminal settings of RouterOS
    enable: str = ""  # command for higher rights, used only where the login has an enable secret
    wraps: tuple[
        str, ...
    ] = ()  # commands go as SSH exec requests, in the first of these forms that the login shell takes


@dataclass(frozen=True, slots=True)
class Template:
    """Parse by the ntc-templates template of this command; `split` cuts the output first, piece by piece."""

    command: str
    split: str = ""


@dataclass(frozen=True, slots=True)
class Json:
    """Parse as JSON. `path` leads to the records: a key, "*" (every item of an object or list), "+" (one or a list)."""

    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """Parse by a regular expression (multi-line): every match is a record of its named groups."""

    expression: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Blocks:
    """Parse by blocks: each begins at a match of `start` (its named groups are fields) and holds what `fields` find."""

    start: re.Pattern[str]
    fields: Mapping[str, re.Pattern[str]]  # field -> where it stands: the expression's one group


Parse = Template | Json | Pattern | Blocks


@dataclass(frozen=True, slots=True)
class Column:
    """Where one of our values stands in a record: the first of `names` that is there, as `read` understands it.

    In JSON a name is a path: `^` is the object around, `@` the key of this one, `*` every item (a list of values).
    """

    names: tuple[str, ...]
    read: Reader
    added: bool = False  # all of them, summed


@dataclass(frozen=True, slots=True)
class Way:
    """One way to ask for something. `columns` are ours: "key" names the row, "vrf" its instance, the rest are values."""

    command: str
    parse: Parse
    columns: Mapping[str, Column]
    known: Callable[[Record], bool] | None = None  # records whose figures mean something: those of a session that is up
    nothing: str = ""  # how an answer looks that lists nothing, where that is no words at all
    counted: str = ""  # a line of which each makes a record: fewer records mean lines that were not understood


@dataclass(frozen=True, slots=True)
class Platform:
    """A row of the table. Ways are tried in order until the device knows one; structured output comes first."""

    os: str
    dialect: Dialect
    ways: Mapping[Purpose, tuple[Way, ...]] = field(default_factory=dict)
    nothing: tuple[str, ...] = ()  # its own words for "there is none": not an error (SEMANTICS 48)
    unknown: tuple[str, ...] = ()  # its own words for "no such command"
    denied: tuple[str, ...] = ()  # its own words for "you may not"
