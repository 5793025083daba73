"""The words of a rule that tells what runs on a device, and where its version, model and serial number stand."""

from dataclasses import dataclass
from typing import NamedTuple

from collectors.contract import Oid
from collectors.identity.vendors import PRIVATE


class Place(NamedTuple):
    """Where a fact stands: in sysDescr, in an object, or in the row of the chassis (ENTITY-MIB, RFC 6933).

    `pattern` picks it out of the text (its groups go into `form`); without one the whole text is the fact.
    """

    kind: str  # "descr" | "object" | "table" | "through" | "chassis" | "fixed"
    at: str = ""
    pattern: str = ""
    form: str = "{}"


def descr(pattern: str, form: str = "{}") -> Place:
    return Place("descr", "", pattern, form)


def scalar(at: str, pattern: str = "", form: str = "{}") -> Place:
    """An object with its instance; `at` is what follows 1.3.6.1.4.1, or a whole OID."""
    return Place("object", _oid(at), pattern, form)


def first_row(at: str, pattern: str = "") -> Place:
    """The first row of a column that says something."""
    return Place("table", _oid(at), pattern)


def through(at: str, column: str) -> Place:
    """A row of `column`: the one whose index the object at `at` says."""
    return Place("through", _oid(at), form=_oid(column))


def chassis(column: str, pattern: str = "", form: str = "{}") -> Place:
    """entPhysical column of the chassis: model, serial, software, firmware, descr, name."""
    return Place("chassis", column, pattern, form)


def fixed(text: str) -> Place:
    return Place("fixed", text)


MODEL, SERIAL, SOFTWARE = chassis("model"), chassis("serial"), chassis("software")
# Most say "Version 15.2(4)E" or "v2.3.4" somewhere
VERSION = descr(r"(?i)\b(?:version|release|revision|firmware)[:\s]+v?(\d[^\s,;]*)")


@dataclass(frozen=True, slots=True)
class Rule:
    """One operating system. The first rule that fits is taken; facts come from the first place that says something."""

    os: str
    at: tuple[str, ...] = ()  # sysObjectID behind 1.3.6.1.4.1 begins with one of these; none: any
    says: str = ""  # found in sysDescr
    proof: tuple[str, ...] = ()  # one of these objects is there
    vendor: str = ""  # else that of the enterprise number
    enterprises: tuple[int, ...] = ()  # whose tables it has, where sysObjectID does not tell
    version: tuple[Place, ...] = (VERSION, SOFTWARE)
    hardware: tuple[Place, ...] = (MODEL,)
    serial: tuple[Place, ...] = (SERIAL,)

    def places(self) -> tuple[Place, ...]:
        return (*self.version, *self.hardware, *self.serial)

    def proofs(self) -> tuple[Oid, ...]:
        return tuple(_oid(at) for at in self.proof)


def _oid(at: str) -> Oid:
    return at if at.startswith(("1.3.6.1.", "1.2.840.")) else PRIVATE + at
