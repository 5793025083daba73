"""What must hold of measuring points: an interface or two counters, each counted once, and counters that a device may have."""

from collections.abc import Iterator
from typing import Any

from inventory.model import Inventory, MeasuringPoint

Finding = tuple[str, tuple[Any, ...]]  # what is wrong, and where: (section, key, field)


def point_mistakes(inventory: Inventory, place: Any) -> Iterator[Finding]:
    """`place(section, key)` gives file and line of an entry."""
    measured: dict[tuple[str, str, str], str] = {}
    for key, point in inventory.points.items():
        yield from _way(key, point)
        for name, what in (("interface", point.interface), ("in_oid", point.in_oid), ("out_oid", point.out_oid)):
            before = measured.setdefault((point.institution, point.device, what), key) if what else key
            if before != key:
                file, line = place("points", before)
                said = f"{what} of {point.device} is counted for {point.institution!r} by point {before!r} already"
                yield f"point {key!r}: {said} ({file}:{line})", ("points", key, name)


def _way(key: str, point: MeasuringPoint) -> Iterator[Finding]:
    """One of the two ways to measure, and that one whole."""
    oids = (point.in_oid, point.out_oid)
    if point.interface and any(oids):
        yield f"point {key!r}: either an interface or two counters, not both", ("points", key, "interface")
    elif not point.interface and not any(oids):
        yield f"point {key!r}: neither an interface nor in_oid and out_oid", ("points", key)
    elif any(oids) and not all(oids):
        missing = "out_oid" if point.in_oid else "in_oid"
        yield f"point {key!r}: key {missing!r} is missing beside the other", ("points", key)
    elif all(oids) and len(set(oids)) == 1:
        yield f"point {key!r}: in_oid and out_oid are the same counter", ("points", key, "out_oid")
