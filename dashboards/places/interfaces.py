"""The interfaces of a device as rows of a table: what is declared first, then in the device's own order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dashboards.text import one_line
from inventory.model import Inventory
from inventory.states import OPER_STATUS

PAGE_ROWS: Final = 200
_NAMES: Final = ("key", "ifName", "ifDescr", "ifIndex")
_FIGURES: Final = (
    "speed_bps",
    "in_bps",
    "out_bps",
    "in_errors_ps",
    "out_errors_ps",
    "in_discards_ps",
    "out_discards_ps",
)


@dataclass(frozen=True, slots=True)
class Interface:
    """`oper` is a word of the MIB, `shut`: switched off by configuration; figures that are not known are None.

    `link`: key of the link that is declared on it, "" where none is: only those page (SEMANTICS 41).
    """

    key: str
    alias: str
    described: str
    oper: str
    shut: bool
    link: str
    figures: Mapping[str, float | None]

    @property
    def well(self) -> bool:
        return self.oper == "up"


def interfaces(inventory: Inventory, device: str, known: Mapping[str, Any]) -> list[Interface]:
    """`known`: what the device told, keys as in `noc device facts --json`."""
    links = {
        end.interface: link.key
        for link in inventory.links_of.get(device, ())
        for end in link.ends
        if end.device == device
    }
    found = [_row(each, links) for each in known.get("interfaces", ())]
    return sorted(found, key=lambda one: not one.link)


def undeclared(found: Sequence[Interface], inventory: Inventory, device: str) -> Sequence[str]:
    """Names that links are declared on, but that the device does not have."""
    there = {one.key for one in found}
    return [name for name in inventory.link_interfaces.get(device, ()) if name not in there]


def _row(each: Mapping[str, Any], links: Mapping[str, str]) -> Interface:
    oper = each.get("oper")
    key = str(next((each[name] for name in _NAMES if each.get(name)), ""))
    described = one_line(each.get("ifDescr") or "")
    return Interface(
        key=key,
        alias=one_line(each.get("ifAlias") or ""),
        described="" if described == key else described,
        oper=OPER_STATUS.get(oper, str(oper)) if isinstance(oper, int) else "",
        shut=each.get("admin") == 2,
        link=links.get(key, ""),
        figures={name: _number(each.get(name)) for name in _FIGURES},
    )


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
