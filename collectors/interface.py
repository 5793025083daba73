"""One interface as its device describes it, joined from ifTable and ifXTable (RFC 2863; SEMANTICS 36 to 38, 41)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan, nan
from typing import Any

from collectors.contract import Index, Value
from collectors.text import text_or_none

IF_TABLE = ("ifDescr", "ifType", "ifSpeed", "ifAdminStatus", "ifOperStatus", "ifInOctets", "ifOutOctets")
IFX_TABLE = ("ifName", "ifHCInOctets", "ifHCOutOctets", "ifHCInUcastPkts", "ifHighSpeed", "ifAlias")

UP = 1
CEILING = 4294967295  # what ifSpeed says from 4.3 Gb/s on
ABSURD_MBPS = 10_000_000  # nothing has 10 Tb/s


@dataclass(frozen=True, slots=True)
class Interface:
    """What the lists say; a text or number is None where the device has no such object."""

    index: int  # unsigned: 4,194,316,032 is a real one
    name: str | None
    descr: str | None
    alias: str | None
    kind: int | None  # ifType
    admin: int | None  # as sent; 0 and all seven values of the MIB
    oper: int | None
    speed_bps: float  # believed; NaN: not known
    said_bps: float  # as the device says; NaN: not said
    in_octets: int | None
    out_octets: int | None
    wide: bool  # octets are counted in 64 bits
    wide_packets: bool
    silent: bool  # no octet counter has moved yet, so which of them counts is not known

    @property
    def label(self) -> str:
        return self.name or self.descr or self.alias or str(self.index)

    def facts(self, key: str) -> dict[str, Any]:
        """As `noc device facts` shows it."""
        return {
            "key": key,
            "ifIndex": self.index,
            "ifName": self.name,
            "ifDescr": self.descr,
            "ifAlias": self.alias,
            "ifType": self.kind,
            "admin": self.admin,
            "oper": self.oper,
            "speed_bps": None if isnan(self.said_bps) else int(self.said_bps),
            "in_octets": self.in_octets,
            "out_octets": self.out_octets,
        }


def said_speed(low: int | None, high: int | None) -> float:
    """bit/s as the device says, from ifSpeed (bit/s) and ifHighSpeed (Mb/s), however absurd; NaN when it says nothing."""
    said = float(low) if low and 0 < low < CEILING else nan
    if not high or high < 0 or (not isnan(said) and _absurd(low, high)):
        return said
    return said if abs(said - high * 1e6) < 1e6 else high * 1e6


def believed_speed(low: int | None, high: int | None) -> float:
    """bit/s to reckon with; NaN where what the device says cannot be, or is not said (SEMANTICS 36)."""
    if high and _absurd(low, high) and low != high:
        return nan
    return said_speed(low, high)


def _absurd(low: int | None, high: int) -> bool:
    """More than anything has, or bit/s as in ifSpeed."""
    return high >= ABSURD_MBPS or (high == low and high >= 1_000_000)


def join(table: Mapping[Index, Sequence[Value]], extension: Mapping[Index, Sequence[Value]]) -> tuple[Interface, ...]:
    """Every row that either list has, by rising ifIndex (SEMANTICS 37)."""
    indexes = sorted({index for index in (*table, *extension) if len(index) == 1})
    nothing, nothing_more = (None,) * len(IF_TABLE), (None,) * len(IFX_TABLE)
    return tuple(
        _interface(
            index[0],
            dict(zip(IF_TABLE, table.get(index, nothing), strict=True))
            | dict(zip(IFX_TABLE, extension.get(index, nothing_more), strict=True)),
        )
        for index in indexes
    )


def _interface(index: int, said: Mapping[str, Value]) -> Interface:
    number = {name: value for name, value in said.items() if isinstance(value, int)}
    wide_in, wide_out = number.get("ifHCInOctets"), number.get("ifHCOutOctets")
    low_in, low_out = number.get("ifInOctets"), number.get("ifOutOctets")
    speeds = number.get("ifSpeed"), number.get("ifHighSpeed")
    wide = _counts_wide((wide_in, wide_out), (low_in, low_out))
    return Interface(
        index=index,
        name=text_or_none(said["ifName"]),
        descr=text_or_none(said["ifDescr"]),
        alias=text_or_none(said["ifAlias"]),
        kind=number.get("ifType"),
        admin=number.get("ifAdminStatus"),
        oper=number.get("ifOperStatus"),
        speed_bps=believed_speed(*speeds),
        said_bps=said_speed(*speeds),
        in_octets=wide_in if wide and wide_in is not None else low_in,
        out_octets=wide_out if wide and wide_out is not None else low_out,
        wide=wide,
        wide_packets="ifHCInUcastPkts" in number,
        silent=not any((wide_in, wide_out, low_in, low_out)),
    )


def _counts_wide(wide: Sequence[int | None], low: Sequence[int | None]) -> bool:
    """64-bit counters that stand at zero beside moving 32-bit ones are not counters (SEMANTICS 38)."""
    if all(count is None for count in wide):
        return all(count is None for count in low)
    return any(wide) or not any(low)
