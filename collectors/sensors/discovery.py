"""Which sensors a device has: asked once, source by source, the vendor's own tables before the standard ones."""

from collections.abc import Iterable, Mapping, Sequence

from collectors.contract import SnmpSession
from collectors.sensors.names import Names
from collectors.sensors.rows import table_points
from collectors.sensors.source import Point, Source
from collectors.sensors.storage import storage_points
from collectors.sensors.table import SOURCES, AnySource
from collectors.sensors.typed import Typed, typed_points

MOST_POINTS = 2048
SINGLE = ("ups",)  # a device is one of these


async def find_points(session: SnmpSession, enterprises: Iterable[int], keys: Mapping[int, str]) -> tuple[Point, ...]:
    """Every point of a device whose sysObjectID (or what else tells it) says one of `enterprises`.

    A device that says none is asked every source. `keys` are the lasting keys of its interfaces by ifIndex.
    """
    names = Names(session, keys)
    found: dict[str, list[Point]] = {}
    settled: set[tuple[str, str]] = set()  # measurements, and parts of them, that a source of their own tells
    for source in candidates(frozenset(enterprises)):
        if _superfluous(source, settled, found):
            continue
        points = await _points(session, source, names)
        for measurement in {point.measurement for point in points}:
            if source.beside or (measurement, source.part) not in settled:
                found.setdefault(measurement, []).extend(_new(points, measurement, found))
        settled |= set() if source.beside else {(point.measurement, source.part) for point in points}
    for measurement in SINGLE:
        del found.get(measurement, [])[1:]
    return tuple(point for points in found.values() for point in _unique(points))[:MOST_POINTS]


def _superfluous(source: AnySource, settled: set[tuple[str, str]], found: Mapping[str, list[Point]]) -> bool:
    if isinstance(source, Typed):
        return False
    if isinstance(source, Source) and source.unless:
        return any(point.mib == source.unless for point in found.get(source.measurement, ()))
    return not source.beside and (source.measurement, source.part) in settled


def candidates(enterprises: frozenset[int]) -> Sequence[AnySource]:
    """Sources worth asking, in order: those of the vendors, then those of everybody."""
    vendors = [each for each in SOURCES if each.vendors and (not enterprises or enterprises & set(each.vendors))]
    return [*vendors, *(each for each in SOURCES if not each.vendors)]


async def _points(session: SnmpSession, source: AnySource, names: Names) -> list[Point]:
    if isinstance(source, Source):
        return await table_points(session, source, names)
    if isinstance(source, Typed):
        return await typed_points(session, source, names)
    return await storage_points(session, source, names)


def _new(points: Iterable[Point], measurement: str, found: Mapping[str, list[Point]]) -> list[Point]:
    """Points of the measurement that were not found under the same OIDs before."""
    known = {point.oids for point in found.get(measurement, ())}
    return [point for point in points if point.measurement == measurement and point.oids not in known]


def _unique(points: Iterable[Point]) -> Iterable[Point]:
    """Names made unique, in order: "Fan", "Fan #2"."""
    taken: set[str] = set()
    for point in points:
        name, count = point.name, 1
        while name in taken:
            count += 1
            name = f"{point.name} #{count}"
        taken.add(name)
        yield point if name == point.name else Point(point.measurement, name, point.mib, point.oids, point.read)
