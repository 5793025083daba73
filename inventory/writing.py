"""Write an inventory as YAML files that people review: one file a section, one entry a block, defaults left out."""

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

from inventory.model import End, Inventory, Name, Probe, Resize, Snmp, Ssh
from inventory.rates import format_rate
from inventory.schema import SECTIONS
from inventory.yaml_file import Flow, write_file

_RATES = ("in_bps", "out_bps")


def write(inventory: Inventory, directory: Path, comments: Iterable[str] = ()) -> list[Path]:
    """Write one file for each section that holds something; the notice is the first line of each."""
    directory.mkdir(parents=True, exist_ok=True)
    head = [*([inventory.notice] if inventory.notice else []), *comments]
    written = []
    for section in SECTIONS:
        entries = getattr(inventory, section)
        if entries or section == "sites":
            path = directory / f"{section}.yaml"
            write_file(path, {section: plain_section(entries)}, head)
            written.append(path)
    return written


def plain_section(entries: Mapping[str, Any]) -> dict[str, Any]:
    """One section as it stands in YAML."""
    return {key: plain(entity) for key, entity in entries.items()}


def plain(entity: Any) -> dict[str, Any]:
    """One entry as it stands in YAML, without its key and without what is default."""
    if isinstance(entity, Name):
        return {"name": _value("name", entity)}
    said = {}
    for one in fields(entity):
        value = getattr(entity, one.name)
        default = one.default_factory() if one.default_factory is not MISSING else one.default
        if one.name != "key" and value != default:
            said[one.name] = _value(one.name, value)
    return said


def _value(field: str, value: Any) -> Any:
    if field in _RATES:
        return format_rate(value)
    if isinstance(value, End):
        return str(value)
    if isinstance(value, Probe) and value.port is None:
        return value.method
    if isinstance(value, (Name, Snmp, Ssh, Probe, Resize)):
        said = (
            plain(value) if not isinstance(value, Name) else {"en": value.en} | ({"sw": value.sw} if value.sw else {})
        )
        return said["en"] if list(said) == ["en"] else Flow(said)
    if isinstance(value, tuple):
        return tuple(_value("", item) for item in value)
    return value


def in_words(value: Any) -> str:
    """One value on one line, for people: 10.0.0.1, core-1:xe-0/0/0, {en: ..., sw: ...}; `-` where there is nothing."""
    said = _value("", value)
    if isinstance(said, Mapping):
        return "{" + ", ".join(f"{name}: {in_words(item)}" for name, item in said.items()) + "}"
    if isinstance(said, tuple):
        return "[" + ", ".join(in_words(item) for item in said) + "]"
    return "-" if said in (None, "") else str(said)
