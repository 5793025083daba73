"""What link aggregates carry now: the speed of a LAG falls with each member that it loses, while its own port stays up."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from collectors.contract import CollectError, Oid, SnmpSession
from collectors.interface import Interface, believed_speed
from collectors.oids import oids
from inventory.batch import Batch

AGGREGATE = 161  # ifType ieee8023adLag
QUANTITIES = ("speed_bps",)
MOST = 64  # of one device; each is two values of one question
_SPEEDS = oids("ifSpeed", "ifHighSpeed")
# Not everybody says so by ifType: net-snmp calls a bond Ethernet, older IOS a Port-channel propVirtual
_NAMED = re.compile(r"(ae|po|port-channel|bundle-ether|eth-trunk|trk|lag|bond|bonding)[ -]?\d+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Aggregates:
    """Those of one device: their keys, and the question for their speeds."""

    rows: tuple[str, ...]
    asked: tuple[Oid, ...]


def aggregates_of(interfaces: Sequence[Interface], keys: Sequence[str]) -> Aggregates | None:
    """None where there is none."""
    found = [(key, each.index) for key, each in zip(keys, interfaces, strict=True) if _is_aggregate(each)][:MOST]
    asked = tuple(f"{oid}.{index}" for _, index in found for oid in _SPEEDS)
    return Aggregates(tuple(key for key, _ in found), asked) if found else None


def _is_aggregate(interface: Interface) -> bool:
    return interface.kind == AGGREGATE or _NAMED.fullmatch(interface.name or interface.descr or "") is not None


async def read_speeds(session: SnmpSession, aggregates: Aggregates | None, device: str, due: int) -> list[Batch]:
    """Batch "aggregate", speeds in bit/s, NaN where none is told or believed (SEMANTICS 36).

    Nothing where there is no aggregate, or no answer: the poll that it belongs to has been answered all the same.
    """
    if aggregates is None:
        return []
    try:
        said = [value if isinstance(value, int) else None for value in await session.get(aggregates.asked)]
    except CollectError:
        return []
    speeds = [believed_speed(low, high) for low, high in zip(said[::2], said[1::2], strict=True)]
    return [Batch("aggregate", device, due, aggregates.rows, QUANTITIES, np.array([speeds]))]
