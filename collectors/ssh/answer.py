"""What a router's output says: records by the platform's own way of telling, and our figures out of them.

An output in which nothing was found is an error unless the device says in its own words that there is nothing
(SEMANTICS 48); so is an output of which only some lines were understood.
"""

import json
import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from collectors.contract import NotParsed, Unsupported, ViewDenied
from collectors.ssh.question import Blocks, Column, Json, Parse, Pattern, Platform, Record, Template, Way
from collectors.ssh.templates import Templates

LINE_LIMIT = 8192  # characters; longer lines are no table
WHOLE, IPV4 = "", "ipv4"  # the row of what is told of the whole device, and of a table without a name
ERROR_LIMIT = 1000  # characters; a refusal is short, what is longer is an answer
_WORST: Mapping[str, Callable[[float, float], float]] = {
    "rx_dbm": min,
    "tx_dbm": min,
    "temperature_c": max,
    "current_a": max,
}
Figures = Mapping[str, Mapping[str, Any]]  # key of a row -> our name -> value, None where it is not known


@dataclass(frozen=True, slots=True)
class _Node:
    """A place in a JSON answer."""

    value: Any
    key: str
    parent: "_Node | None"

    def __call__(self, name: str) -> Any:
        node, rest = self, name
        while rest.startswith("^."):
            if node.parent is None:
                return None
            node, rest = node.parent, rest[2:]
        return node.key if rest == "@" else _dig(node.value, rest.split("."))


def read(platform: Platform, way: Way, output: str, templates: Templates, name: str) -> Figures:
    """Rows by key; empty only where the device says so. Unsupported, ViewDenied, NotParsed."""
    _refusals(platform, way, output)
    records = list(_records(way.parse, output, templates, name))
    _complete(platform, way, output, len(records))
    return _figures(way, records)


def _refusals(platform: Platform, way: Way, output: str) -> None:
    """The device answered, but not the question."""
    if len(output) > ERROR_LIMIT:
        return
    if _says(platform.denied, output):
        raise ViewDenied(f"{way.command!r}: {_shown(output)}")
    if _says(platform.unknown, output):
        raise Unsupported(f"{way.command!r}: {_shown(output)}")
    if isinstance(way.parse, Json) and not re.search(r"[{\[]", output) and not _says(platform.nothing, output):
        raise Unsupported(f"{way.command!r}: not structured: {_shown(output)}")


def _complete(platform: Platform, way: Way, output: str, found: int) -> None:
    """NotParsed unless something was found, or the device says that there is nothing; and all lines were understood."""
    if not found and not _none(platform, way, output):
        raise NotParsed(f"{way.command!r}: nothing understood of {_shown(output)}")
    lines = len(re.findall(way.counted, output, re.M)) if way.counted else 0
    if found < lines:
        raise NotParsed(f"{way.command!r}: {lines - found} of {lines} lines not understood")


def _none(platform: Platform, way: Way, output: str) -> bool:
    if way.nothing and re.search(way.nothing, output):
        return True
    return _says(platform.nothing, output) or (isinstance(way.parse, Json) and _empty(way.parse, output))


def _says(words: Sequence[str], output: str) -> bool:
    return any(re.search(each, output, re.I) for each in words)


def _shown(output: str) -> str:
    """The beginning of an output, for people."""
    return repr(" ".join(output.split())[:80]) if output.strip() else "an empty output"


def _records(parse: Parse, output: str, templates: Templates, platform: str) -> Iterator[Record]:
    if isinstance(parse, Json):
        yield from _of_json(parse.path, _loaded(output))
        return
    if max(map(len, output.splitlines()), default=0) > LINE_LIMIT:
        raise NotParsed(f"a line of more than {LINE_LIMIT} characters")
    if isinstance(parse, Pattern):
        yield from (found.groupdict().get for found in parse.expression.finditer(output))
    elif isinstance(parse, Blocks):
        yield from _of_blocks(parse, output)
    else:
        for piece in _pieces(parse, output):
            yield from (record.get for record in templates.parse(platform, parse.command, piece))


def _pieces(parse: Template, output: str) -> Sequence[str]:
    if not parse.split:
        return (output,)
    starts = [found.start() for found in re.finditer(parse.split, output, re.M)]
    return [output[start:end] for start, end in pairwise([*starts, len(output)])]


def _of_blocks(parse: Blocks, output: str) -> Iterator[Record]:
    starts = list(parse.start.finditer(output))
    places = [*(found.start() for found in starts), len(output)]
    for found, (begin, end) in zip(starts, pairwise(places), strict=True):
        record: dict[str, Any] = found.groupdict()
        for name, expression in parse.fields.items():
            inside = expression.search(output, begin, end)
            record[name] = inside[1] if inside else None
        yield record.get


def _loaded(output: str) -> Any:
    """The JSON in an output; clocks and warnings may stand before it."""
    start = re.search(r"[{\[]", output)
    if start is None:
        return None
    try:
        return json.JSONDecoder().raw_decode(output, start.start())[0]
    except (ValueError, RecursionError):
        raise NotParsed("broken JSON") from None


def _of_json(path: Sequence[str], value: Any) -> Iterator[_Node]:
    """The records that a path leads to."""
    if value is not None:
        yield from _walk(_Node(value, "", None), path, value)


def _walk(node: _Node, path: Sequence[str], value: Any) -> Iterator[_Node]:
    """`node`: the last item chosen, `value`: where the path stands inside it."""
    if not path:
        yield node if value is node.value else _Node(value, node.key, node)
    elif path[0] in ("*", "+"):
        for key, item in _items(value, single=path[0] == "+"):
            yield from _walk(_Node(item, key, node), path[1:], item)
    else:
        inner = _dig(value, path[:1])
        if inner is not None:
            yield from _walk(node, path[1:], inner)


def _items(value: Any, *, single: bool) -> Iterator[tuple[str, Any]]:
    if isinstance(value, list):
        yield from ((str(place), item) for place, item in enumerate(value))
    elif isinstance(value, dict):
        yield from [("0", value)] if single and value else ([] if single else value.items())


def _empty(parse: Json, output: str) -> bool:
    """Whether the answer holds the container asked for, and nothing in it: that is an answer."""
    value = _loaded(output)
    for step in parse.path:
        if isinstance(value, dict | list) and not value:
            return True
        if step in ("*", "+"):
            items = [item for _, item in _items(value, single=step == "+")]
            value = items[0] if items else None
        else:
            value = _dig(value, (step,))
    return isinstance(value, dict | list) and not value


def _dig(value: Any, steps: Sequence[str]) -> Any:
    for place, step in enumerate(steps):
        if step == "*":
            inner = [_dig(item, steps[place + 1 :]) for _, item in _items(value, single=False)]
            return [item for item in inner if item is not None] or None
        if isinstance(value, list):
            value = value[int(step)] if step.isdigit() and int(step) < len(value) else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value


def _figures(way: Way, records: Sequence[Record]) -> Figures:
    """Our names; records of one key (address families, lanes) become one row."""
    found: dict[str, dict[str, Any]] = {}
    for record in records:
        row = {name: _value(column, record) for name, column in way.columns.items()}
        if way.known is not None and not way.known(record):
            row = {name: value if name in ("key", "vrf") else None for name, value in row.items()}
        key = _key(way, row)
        if key is None or (key == WHOLE and key in found):  # the chassis comes before its modules
            continue
        before = found.setdefault(key, {})
        for name, value in row.items():
            before[name] = _joined(name, before.get(name), value)
    return found


def _key(way: Way, row: dict[str, Any]) -> str | None:
    """Name of the row, with its instance unless that is the default one; None where the record names nothing."""
    key, instance = row.pop("key", None), row.pop("vrf", "")
    if "key" not in way.columns:
        key = IPV4 if "routes" in way.columns else WHOLE
    return f"{key} (vrf {instance})" if key and instance else key


def _value(column: Column, record: Record) -> Any:
    if column.added:
        return _sum(column, record)
    said = next((said for said in map(record, column.names) if said is not None), None)
    return None if said is None else column.read(said)


def _sum(column: Column, record: Record) -> float | None:
    said = [record(name) for name in column.names]
    flat = [item for one in said for item in (one if isinstance(one, list) else [one]) if item is not None]
    values = [value for value in map(column.read, flat) if value is not None]
    return sum(values) if values else None


def _joined(name: str, one: Any, other: Any) -> Any:
    if one is None or other is None:
        return other if one is None else one
    if isinstance(one, float) and isinstance(other, float):
        join: Callable[[float, float], float] = _WORST.get(name, operator.add)
        return join(one, other)
    return one
