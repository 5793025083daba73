"""All that is known of devices, gathered from the metric file: facts, and the newest of what is measured, daemon up or down."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from math import isnan
from pathlib import Path
from typing import Any

from collectors.contract import CODES, NoAnswer
from inventory.batch import Batch
from inventory.seen import Told
from inventory.states import BGP_STATUS, OSPF_STATUS
from noc.store.reader import MetricReader
from noc.store.status import read_facts

Known = dict[str, Any]
RATES = ("in_bps", "out_bps", "in_errors_ps", "out_errors_ps", "in_discards_ps", "out_discards_ps")
PROBES = "ping"  # the collector whose poll counts as done when each probe was sent
STATUSES = {"oper_status": "oper", "admin_status": "admin"}
COMPONENT = ("unknown", "ok", "warning", "failed", "absent")
SENSORS = {  # measurement -> quantities, the first of them is what it measures
    "temperature": ("temperature_c",),
    "voltage": ("voltage_v",),
    "current": ("current_a",),
    "power": ("power_w",),
    "fan": ("fan_rpm", "fan_ratio"),
    "component": (),
}


def gathered(path: Path, device: str | None = None) -> dict[str, Known]:
    """Device -> what is known of it, keys as in `noc device facts --json`; times are UTC seconds. Raises StoreError."""
    with MetricReader(path) as reader:
        return joined(read_facts(path, device), reader, device)


def joined(facts: Iterable[Known], reader: MetricReader, device: str | None = None) -> dict[str, Known]:
    """The same of facts that were read already, by a reader that stays open."""
    found: dict[str, Known] = {}
    for each in facts:
        entry = found.setdefault(each["device"], {"system": {}, "interfaces": [], "at": {}})
        entry["at"][each["part"]] = each["at"]
        entry.update(_part(each["part"], each["content"]))
    for measurement, put in _PUT.items():
        for batch in reader.last(measurement, device):
            if batch.scope in found:
                put(found[batch.scope], batch)
                found[batch.scope]["at"][measurement] = batch.at
    for entry in found.values():
        for interface in entry["interfaces"]:
            for name in RATES:
                interface.setdefault(name, None)
    return dict(sorted(found.items()))


def polls(reader: MetricReader, device: str, start: int, end: int) -> list[Known]:
    """The newest poll of every collector within [start, end): when, whether it answered, how long, how late, why not."""
    found: dict[str, Known] = {}
    for one in polled(reader, device, start, end):
        found.setdefault(one["collector"], one)
    return [found[key] for key in sorted(found)]


def polled(reader: MetricReader, device: str, start: int, end: int) -> Iterator[Known]:
    """Every poll within [start, end), the newest first. Probes that were all lost are no answer, though each was sent."""
    lost = set(_all_lost(reader, device, start, end))
    for batch in reversed(reader.batches("poll", device, start=start, end=end)):
        for collector, row in zip(batch.rows, _rows(batch), strict=True):
            code = row.pop("reason", None)
            if collector == PROBES and batch.at in lost:
                row["answered"], code = 0.0, NoAnswer.code
            yield {"collector": collector, "at": batch.at, **row, "reason": CODES.get(int(code or 0), str(code))}


def _all_lost(reader: MetricReader, device: str, start: int, end: int) -> Iterator[int]:
    """When a round of probes was answered by none."""
    for batch in reader.batches(PROBES, device, start=start, end=end):
        if any(row.get("loss_ratio") == 1 for row in _rows(batch)):
            yield batch.at


def read_told(path: Path) -> dict[str, Told]:
    """Device -> what it last told of its neighbours. Raises StoreError."""
    parts = {part: read_facts(path, part=part) for part in ("neighbours", "system", "interfaces")}
    systems = {each["device"]: each["content"] for each in parts["system"]}
    interfaces = {each["device"]: each["content"]["interfaces"] for each in parts["interfaces"]}
    return {
        each["device"]: Told(
            at=each["at"],
            neighbours=each["content"],
            system=systems.get(each["device"], {}),
            interfaces=interfaces.get(each["device"], ()),
        )
        for each in parts["neighbours"]
    }


def _part(part: str, content: Mapping[str, Any]) -> Known:
    """The keys that a part of the facts fills."""
    if part == "interfaces":
        return {"interfaces": [dict(each) for each in content["interfaces"]]}
    if part == "polls":
        return {"failing": content["failing"]}
    if part == "neighbours":
        return {"neighbours": content["neighbours"]}
    if part == "bgp":
        return {"bgp": [{"key": key, "peer": key, **said} for key, said in content["peers"].items()]}
    if part == "ospf":
        return {"ospf": [{"key": key, "neighbour": key, **said} for key, said in content["neighbours"].items()]}
    return {part: content}


def _rows(batch: Batch) -> list[Known]:
    """A batch as one dict a row, None where a value is not known."""
    lines = [[None if isnan(value) else value for value in line] for line in batch.values.tolist()]
    return (
        [dict(zip(batch.quantities, values, strict=True)) for values in zip(*lines, strict=True)]
        if lines
        else [{} for _ in batch.rows]
    )


def _put_interfaces(entry: Known, batch: Batch) -> None:
    """Facts change rarely; what a counter poll said later about the same interface stands over them."""
    places = dict(zip(batch.rows, _rows(batch), strict=True))
    entry["at"]["rates"] = batch.at
    for interface in entry["interfaces"]:
        newest = places.get(str(interface.get("key")), {})
        interface.update({name: newest.get(name) for name in RATES})
        interface.update({name: int(newest[key]) for key, name in STATUSES.items() if newest.get(key) is not None})


def _put_cpu(entry: Known, batch: Batch) -> None:
    entry["cpu"] = [
        {"name": name, "pct": _percent(row.get("cpu_ratio"))}
        for name, row in zip(batch.rows, _rows(batch), strict=True)
    ]


def _put_memory(entry: Known, batch: Batch) -> None:
    entry["memory"] = [
        {
            "name": name,
            "used": row.get("memory_used_octets"),
            "total": row.get("memory_total_octets"),
            "pct": _percent(row.get("memory_ratio")),
        }
        for name, row in zip(batch.rows, _rows(batch), strict=True)
    ]


def _putting_sensors(measurement: str) -> Callable[[Known, Batch], None]:
    def put(entry: Known, batch: Batch) -> None:
        rows = _rows(batch)
        entry.setdefault("sensors", {})[measurement] = [
            {"name": name, **{key: value for key, value in row.items() if key != "component_status"}, **_component(row)}
            for name, row in zip(batch.rows, rows, strict=True)
        ]
        if measurement == "temperature":
            entry["temperature"] = [row["temperature_c"] for row in rows if row.get("temperature_c") is not None]

    return put


def _component(row: Known) -> Known:
    status = row.get("component_status")
    return {} if status is None else {"status": _word(COMPONENT, int(status))}


def _put_optical(entry: Known, batch: Batch) -> None:
    """A box whose only thermometers are in its optics is as warm as these."""
    rows = _rows(batch)
    entry["optical"] = [{"interface": name, **row} for name, row in zip(batch.rows, rows, strict=True)]
    if not entry.get("temperature"):
        entry["temperature"] = [row["temperature_c"] for row in rows if row.get("temperature_c") is not None]


def _put_ups(entry: Known, batch: Batch) -> None:
    [row] = _rows(batch)
    runtime = row.get("runtime_s")
    entry["ups"] = {
        "charge_pct": _percent(row.get("charge_ratio")),
        "minutes_left": None if runtime is None else runtime / 60,
        "load_pct": _percent(row.get("load_ratio")),
        "on_battery": None if row.get("on_battery") is None else bool(row["on_battery"]),
    }


def _put_bgp(entry: Known, batch: Batch) -> None:
    """States of the peers; a peer of which no fact is kept is there all the same."""
    for peer, row in zip(batch.rows, _rows(batch), strict=True):
        state, admin = row.get("bgp_state"), row.get("bgp_admin_status")
        said = _of(entry, "bgp", "peer", peer)
        said["state"] = None if state is None else BGP_STATUS.get(int(state), str(int(state)))
        said["admin"] = {1: "stop", 2: "start"}.get(int(admin)) if admin is not None else None
        said["established_s"] = row.get("established_s")


def _put_prefixes(entry: Known, batch: Batch) -> None:
    """Counted at the last login: a session that has fallen since brings none any more."""
    for peer, row in zip(batch.rows, _rows(batch), strict=True):
        said = _of(entry, "bgp", "peer", peer)
        said.update(row if said.get("state") in (None, "established") else dict.fromkeys(row))


def _put_ospf(entry: Known, batch: Batch) -> None:
    for neighbour, row in zip(batch.rows, _rows(batch), strict=True):
        state = row.get("ospf_state")
        _of(entry, "ospf", "neighbour", neighbour)["state"] = (
            None if state is None else OSPF_STATUS.get(int(state), str(int(state)))
        )


def _putting_rows(key: str, name: str) -> Callable[[Known, Batch], None]:
    def put(entry: Known, batch: Batch) -> None:
        entry[key] = [{name: row, **values} for row, values in zip(batch.rows, _rows(batch), strict=True)]

    return put


def _put_ping(entry: Known, batch: Batch) -> None:
    [entry["ping"]] = _rows(batch)
    entry["at"]["ping"] = batch.at


def _of(entry: Known, key: str, name: str, value: str) -> Known:
    """The one of a list with that key; put there where it is not."""
    rows: list[Known] = entry.setdefault(key, [])
    for row in rows:
        if row["key"] == value:
            return row
    rows.append({"key": value, name: value})
    return rows[-1]


def _percent(ratio: float | None) -> float | None:
    return None if ratio is None else round(ratio * 100, 1)


def _word(words: tuple[str, ...], place: int) -> str:
    return words[place] if 0 <= place < len(words) else str(place)


_PUT: Mapping[str, Callable[[Known, Batch], None]] = {
    "interface": _put_interfaces,
    "cpu": _put_cpu,
    "memory": _put_memory,
    **{measurement: _putting_sensors(measurement) for measurement in SENSORS},
    "optical": _put_optical,
    "ups": _put_ups,
    "bgp_peer": _put_bgp,
    "bgp_prefixes": _put_prefixes,
    "ospf_neighbour": _put_ospf,
    "routes": _putting_rows("routes", "table"),
    "ping": _put_ping,
}
