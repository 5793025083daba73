"""What may stand in the inventory files: each section's keys, their types, and the words for what is wrong."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from inventory import model
from inventory.addresses import check_address, check_anchor, check_source
from inventory.calendar import parse_day
from inventory.mistakes import Mistake, did_you_mean
from inventory.model import EXTERNAL
from inventory.rates import parse_rate

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\Z")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_EMAIL = re.compile(r"[^@\s]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+\Z")
_OID = re.compile(r"[0-2](\.(0|[1-9][0-9]{0,9})){4,127}\Z", re.ASCII)
_MOST_ARC = 2**32 - 1
_TELEPHONE = re.compile(r"\+?[0-9][0-9 ()/-]{1,18}[0-9]\Z")


def _name(written: Any) -> Any:
    return {"en": written} if isinstance(written, str) else written


def _line(text: str) -> str:
    if _CONTROL.search(text):
        raise ValueError(f"{text!r} must be one line of text")
    return text


def _key(text: str) -> str:
    if not _KEY.match(text):
        raise ValueError(f"key {text!r} may hold letters, digits, '.', '_' and '-' only, 100 at most")
    return text


def _region(text: str) -> str:
    if not text or text != text.strip() or len(text) > 63 or _CONTROL.search(text):
        raise ValueError(f"region {text!r} must be a name of 1 to 63 letters")
    return text


def _device_key(text: str) -> str:
    if text == EXTERNAL:
        raise ValueError(f"{EXTERNAL!r} is the word for a provider's end; a device needs another key")
    return _key(text)


def _end(text: str) -> model.End:
    device, _, interface = _line(text).partition(":")
    if device == EXTERNAL:
        if interface:
            raise ValueError(f"{EXTERNAL!r} has no interface")
        return model.End(device)
    if not device or not interface.strip():
        raise ValueError(f"end {text!r} is not written device:interface (or {EXTERNAL})")
    return model.End(device, interface)


def _email(text: str) -> str:
    if not _EMAIL.match(text):
        raise ValueError(f"{text!r} is not an e-mail address")
    return text


def _telephone(text: str) -> str:
    if not _TELEPHONE.match(text):
        raise ValueError(f"{text!r} is not a telephone number")
    return text


def _url(text: str) -> str:
    if not re.match(r"https?://[^\s/]+", text):
        raise ValueError(f"{text!r} is not a web address (https://...)")
    return text


def _oid(text: str) -> str:
    if not _OID.match(text) or any(int(arc) > _MOST_ARC for arc in text.split(".")):
        raise ValueError(f"{text!r} is not an object identifier: write 1.3.6.1... with its index, no leading dot")
    return text


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    def said(self) -> dict[str, Any]:
        """Only what stands in the file: the defaults are those of `inventory.model`."""
        return {key: getattr(self, key) for key in self.model_fields_set}


Line = Annotated[str, AfterValidator(_line)]
Needed = Annotated[Line, Field(min_length=1)]
Words = tuple[Line, ...]


class _NameRow(_Row):
    en: Needed
    sw: Line = ""


class _SnmpRow(_Row):
    version: model.SnmpVersion = "2c"
    credential: Annotated[str, AfterValidator(_key)] = "default"
    port: Annotated[int, Field(ge=1, le=65535)] = 161
    traps: Annotated[str, AfterValidator(_key)] = ""


class _SshRow(_Row):
    platform: model.Platform
    credential: Annotated[str, AfterValidator(_key)] = "default"
    port: Annotated[int, Field(ge=1, le=65535)] = 22


class _ProbeRow(_Row):
    method: model.ProbeMethod
    port: Annotated[int, Field(ge=1, le=65535)] | None = None


def _probe(row: _ProbeRow) -> model.Probe:
    needs_port = row.method in ("tcp", "udp-echo")
    if needs_port and row.port is None:
        raise ValueError(f"probe {row.method} needs a port: {{method: {row.method}, port: ...}}")
    if not needs_port and row.port is not None:
        raise ValueError(f"probe {row.method} takes no port")
    return model.Probe(**row.said())


def _word_probe(written: Any) -> Any:
    return {"method": written} if isinstance(written, str) else written


def _said(entity: Any) -> AfterValidator:
    return AfterValidator(lambda row: entity(**row.said()))


Name = Annotated[_NameRow, BeforeValidator(_name), _said(model.Name)]
Snmp = Annotated[_SnmpRow, _said(model.Snmp)]
Ssh = Annotated[_SshRow, _said(model.Ssh)]
Probe = Annotated[_ProbeRow, BeforeValidator(_word_probe), AfterValidator(_probe)]
End = Annotated[str, AfterValidator(_end)]
Rate = Annotated[int, BeforeValidator(parse_rate)]
Day = Annotated[date, BeforeValidator(parse_day)]
Email = Annotated[str, AfterValidator(_email)]
Telephone = Annotated[str, AfterValidator(_telephone)]


class _RegionRow(_Row):
    name: Name


class _InstitutionRow(_Row):
    name: Name
    kind: Literal["mda", "lga", "hospital", "school", "university", "other"]
    site: str | None = None
    telephone_prefix: Annotated[str, Field(pattern=r"^[0-9+]{0,15}$")] = ""


class _SiteRow(_Row):
    name: Name
    kind: model.SiteKind
    region: str
    parent: str | None = None


class _DeviceRow(_Row):
    site: str
    address: Annotated[str, AfterValidator(check_address)]
    role: model.DeviceRole = "cpe"
    snmp: Snmp = None  # type: ignore[assignment]  # left out means the model's own
    probes: Annotated[tuple[Probe, ...], Field(min_length=1)] = ()
    name: Line = ""
    ssh: Ssh | None = None
    sources: tuple[Annotated[str, AfterValidator(check_source)], ...] = ()


class _LinkRow(_Row):
    a: End
    b: End
    role: model.LinkRole
    provider: str
    circuit: str
    in_bps: Rate
    out_bps: Rate
    name: Name | None = None
    high_ratio: Annotated[float, Field(gt=0, le=1)] = 0.8


class _CircuitRow(_Row):
    provider: str
    reference: Line
    kind: model.CircuitKind = "leased"
    in_bps: Rate = 0
    out_bps: Rate = 0
    anchors: tuple[Annotated[str, AfterValidator(check_anchor)], ...] = ()
    anchor_probe: Probe = None  # type: ignore[assignment]  # left out means the model's own
    name: Name | None = None


class _ResizeRow(_Row):
    on: Day
    in_bps: Rate
    out_bps: Rate


Resize = Annotated[_ResizeRow, _said(model.Resize)]


class _ContractRow(_Row):
    provider: str
    reference: Line
    circuits: Annotated[Words, Field(min_length=1)]
    in_bps: Rate
    out_bps: Rate
    start: Day
    end: Day | None = None
    units: Annotated[int, Field(gt=0)] = 1
    unit: Line = ""
    resized: tuple[Resize, ...] = ()
    contention: Annotated[float, Field(gt=0, le=100)] = 1.0
    direction: model.BillingDirection = "max"
    level: Annotated[float, Field(gt=0, le=1)] = 0.8
    price: Line = ""
    pool: Annotated[str, AfterValidator(_key)] = ""
    name: Name | None = None


class _PointRow(_Row):
    institution: str
    device: str
    interface: Line = ""
    faces: Literal["institution", "upstream"] = "institution"
    in_oid: Annotated[str, AfterValidator(_oid)] = ""
    out_oid: Annotated[str, AfterValidator(_oid)] = ""
    contract: str = ""


class _ProviderRow(_Row):
    name: Name
    telephone: Telephone = ""
    email: Email = ""


class _ServiceRow(_Row):
    name: Name
    sites: Words = ()
    url: Annotated[str, AfterValidator(_url)] = ""


class _ContactRow(_Row):
    name: Needed
    telephone: Telephone = ""
    email: Email = ""
    language: Literal["sw", "en"] = "sw"
    duties: Words = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One section of the files: what it is called, one of it in a sentence, and how a row is read."""

    name: str
    one: str
    row: type[_Row]
    entity: Any
    check_key: Any = _key

    def read(self, key: str, written: Mapping[str, Any]) -> Any:
        """The entity; ValidationError holds every mistake of the row."""
        said = self.row.model_validate(written).said()
        return said["name"] if self.entity is model.Name else self.entity(key=key, **said)


SECTIONS: Mapping[str, Section] = {
    section.name: section
    for section in (
        Section("regions", "region", _RegionRow, model.Name, _region),
        Section("institutions", "institution", _InstitutionRow, model.Institution),
        Section("sites", "site", _SiteRow, model.Site),
        Section("devices", "device", _DeviceRow, model.Device, _device_key),
        Section("links", "link", _LinkRow, model.Link),
        Section("circuits", "circuit", _CircuitRow, model.Circuit),
        Section("contracts", "contract", _ContractRow, model.Contract),
        Section("points", "point", _PointRow, model.MeasuringPoint),
        Section("providers", "provider", _ProviderRow, model.Provider),
        Section("services", "service", _ServiceRow, model.Service),
        Section("contacts", "contact", _ContactRow, model.Contact),
    )
}

_NESTED: Mapping[str, type[_Row]] = {
    "name": _NameRow,
    "snmp": _SnmpRow,
    "ssh": _SshRow,
    "probes": _ProbeRow,
    "anchor_probe": _ProbeRow,
    "resized": _ResizeRow,
}
_EXPECTED = {
    "string_type": "must be text",
    "model_type": "must be a mapping of keys",
    "model_attributes_type": "must be a mapping of keys",
    "tuple_type": "must be a list: [one, two]",
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_parsing": "must be a number",
    "float_type": "must be a number",
    "string_too_short": "must not be empty",
    "too_short": "must not be empty",
}


def mistakes_of(section: Section, key: str, error: ValidationError, place: Any) -> list[Mistake]:
    """Every mistake of one row in words; `place(loc)` gives (file, line) of a location inside it."""
    found = []
    for one in error.errors(include_url=False):
        message, hint = _words(section, one)
        file, line = place(one["loc"])
        found.append(Mistake(file, line, f"{section.one} {key!r}: {message}", hint))
    return found


def _words(section: Section, one: Any) -> tuple[str, str]:
    loc = [str(part) for part in one["loc"]]
    field, kind, given = ".".join(loc) or "it", one["type"], one["input"]
    if kind == "missing":
        return f"key {field!r} is missing", ""
    if kind == "extra_forbidden":
        return f"unknown key {field!r}", did_you_mean(loc[-1], _known(section, loc))
    if kind == "value_error":
        return f"{field}: {one['ctx']['error']}", ""
    if kind == "literal_error":
        words = _choices(section, loc)
        return f"{field} {given!r} is not one of {', '.join(words)}", did_you_mean(str(given), words)
    if given is None:
        return f"{field} is empty", ""
    return f"{field} {_EXPECTED.get(kind) or one['msg'].replace('Input should', 'should')}{_shown(given)}", ""


def _shown(given: Any) -> str:
    return (
        f", not {given!r}" if isinstance(given, str) else f", not a {'mapping' if isinstance(given, dict) else 'list'}"
    )


def _model(section: Section, loc: list[str]) -> type[_Row]:
    return _NESTED.get(loc[0], section.row) if len(loc) > 1 else section.row


def _known(section: Section, loc: list[str]) -> list[str]:
    return list(_model(section, loc).model_fields)


def _choices(section: Section, loc: list[str]) -> list[str]:
    field = _model(section, loc).model_fields[loc[-1]]
    return [str(word) for word in get_args(field.annotation)]
