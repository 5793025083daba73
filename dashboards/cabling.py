"""Declared links beside what devices see of each other, as lines of text that fit a terminal: differences first."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from textwrap import wrap
from typing import Any

from dashboards import figures
from dashboards.text import one_line
from inventory.cabling import DIFFERENT, Cabling, Finding, Undeclared, Verdict
from inventory.seen import Sighting

ROOM = 79
MOST_UNKNOWN = 12
_ORDER: Sequence[Verdict] = ("other device", "other port", "not seen", "not told", "as declared")


def cabling_lines(found: Cabling, age_s: float | None, *, everything: bool) -> list[str]:
    """`age_s` is the age of the oldest facts used; None when no device told anything. `everything`: also what is right."""
    lines = [*_heading(found, age_s)]
    links = sorted(found.links, key=lambda one: (_ORDER.index(one.verdict), one.link))
    for one in links:
        if everything or one.verdict in DIFFERENT:
            lines += _finding(one)
    lines += _undeclared(found.undeclared)
    if everything:
        lines += _unknown(found.unknown, len(found.unknown))
        lines += _listed("devices that tell of no neighbours", found.silent)
    else:
        lines += _unknown(found.unknown, MOST_UNKNOWN)
    return lines


def _heading(found: Cabling, age_s: float | None) -> Iterable[str]:
    counts = Counter(one.verdict for one in found.links)
    said = ", ".join(f"{counts[verdict]} {verdict}" for verdict in _ORDER if counts[verdict])
    several = "s" if len(found.links) != 1 else ""
    yield from wrap(f"{len(found.links)} declared link{several} between our devices: {said or 'none'}", ROOM)
    told = "no device has told of its neighbours yet" if age_s is None else f"oldest told {figures.duration(age_s)} ago"
    silent = f"; {len(found.silent)} devices tell of no neighbours" if found.silent else ""
    yield from wrap(told + silent, ROOM)


def _finding(one: Finding) -> Iterable[str]:
    yield ""
    yield from wrap(f"{one.verdict.upper()}  {one.link}", ROOM)
    yield from _indented(f"declared {one_line(one.a)} - {one_line(one.b)}")
    if one.what:
        yield from _indented(one_line(one.what))
    elif one.verdict in ("not seen", "not told"):
        yield from _indented(", ".join(f"{device}: {verdict}" for device, verdict in one.ends))


def _undeclared(found: Sequence[Undeclared]) -> Iterable[str]:
    for one in found:
        yield ""
        yield from wrap(f"NOT DECLARED  {one_line(one.a)} - {one_line(one.b)}", ROOM)
        yield from _indented(f"told by {' and '.join(one.told_by)}")


def _unknown(found: Sequence[Sighting], most: int) -> Iterable[str]:
    if not found:
        return
    yield ""
    yield f"{len(found)} neighbours that the inventory does not know:"
    for one in found[:most]:
        port = f" {one_line(one.far_port)}" if one.far_port else ""
        yield from _indented(
            f"{one.device}:{one_line(one.interface)} sees {one_line(one.called)}{port} ({one.protocol})"
        )
    if len(found) > most:
        yield f"  and {len(found) - most} more (--all shows them)"


def _listed(title: str, names: Sequence[str]) -> Iterable[str]:
    if names:
        yield ""
        yield f"{len(names)} {title}:"
        yield from _indented(", ".join(names))


def _indented(text: str) -> Iterable[str]:
    yield from wrap(text, ROOM, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)


def as_json(found: Cabling, oldest: int | None, now: float) -> Mapping[str, Any]:
    """Stable keys. `oldest_at`: when the oldest of the facts used was told; null when nothing was."""
    return {
        "at": figures.iso(now),
        "oldest_at": None if oldest is None else figures.iso(oldest),
        "different": found.different,
        "counts": dict(Counter(one.verdict for one in found.links)),
        "links": [
            {"key": one.link, "a": one.a, "b": one.b, "verdict": one.verdict, "what": one.what, "ends": dict(one.ends)}
            for one in found.links
        ],
        "undeclared": [{"a": one.a, "b": one.b, "told_by": list(one.told_by)} for one in found.undeclared],
        "unknown": [
            {
                "device": one.device,
                "interface": one.interface,
                "neighbour": one.called,
                "port": one.far_port,
                "protocol": one.protocol,
            }
            for one in found.unknown
        ],
        "silent": list(found.silent),
    }
