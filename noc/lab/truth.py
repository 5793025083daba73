"""The ground truth of a lab run: what was done when, and how every device, link, circuit and site truly stood since then."""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from inventory.model import Link
from inventory.states import OPER_STATUS
from noc.lab.actions import Act
from noc.lab.deeds import link_on
from noc.lab.router import UP
from noc.lab.world import Epoch, World

Interval = dict[str, Any]


def truth_of(world: World, until: float) -> dict[str, Any]:
    """Everything that was true from the start of the lab until `until` (UTC seconds), JSON-able.

    Intervals are lists of {from_s, to_s, ...}: seconds since the start, `to_s` None for what still holds.
    """
    world.advance(until)
    inventory = world.inventory
    moments = [at for at in world.epochs.times if at <= until]
    return {
        "started": _iso(world.start),
        "until": _iso(until),
        "until_s": round(until - world.start, 3),
        "seed": world.seed,
        "attached_to": world.plant.attached_to,
        "events": [_event(world, act) for act in world.done],
        "devices": {key: _device(world, key, moments) for key in inventory.devices},
        "agents": _agents(world),
        "sites": {key: _site(world, key, moments) for key in inventory.sites if inventory.devices_at[key]},
        "links": {key: _link(world, link, moments) for key, link in inventory.links.items()},
        "circuits": {key: _circuit(world, key, moments) for key in sorted(set(world.anchors.values()))},
        "sessions": _sessions(world),
    }


def write_truth(world: World, until: float, path: Path) -> None:
    """Replace the file as a whole, so that whoever reads it never sees half of it."""
    beside = path.with_name(path.name + ".new")
    beside.write_text(json.dumps(truth_of(world, until), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    beside.replace(path)


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _event(world: World, act: Act) -> dict[str, Any]:
    link = world.link_of(act)
    found = {"at_s": round(act.at - world.start, 3), "time": _iso(act.at), "do": act.do, **act.on, **act.options}
    found["source"] = act.source
    if link is not None:
        found["link"] = link_on(world.inventory, act.on)
    return found


def _intervals(world: World, moments: Iterable[float], tell: Callable[[float], Mapping[str, Any]]) -> list[Interval]:
    """What `tell` says from moment to moment, equal neighbours joined."""
    found: list[Interval] = []
    for at in moments:
        said = dict(tell(at))
        since = round(at - world.start, 3)
        if found and {key: found[-1][key] for key in said} == said:
            continue
        if found:
            found[-1]["to_s"] = since
        found.append({"from_s": since, "to_s": None, **said})
    return found


def device_state(epoch: Epoch, device: str) -> str:
    """Down is silent by itself, unreachable is behind something else (SEMANTICS D)."""
    return "down" if device in epoch.dark else "up" if device in epoch.ways else "unreachable"


def _device(world: World, key: str, moments: Iterable[float]) -> list[Interval]:
    def tell(at: float) -> Mapping[str, Any]:
        epoch = world.epochs.at(at)
        way = epoch.ways.get(key)
        path = {"rtt_ms": round(2 * way.latency_ms, 1), "via": way.link} if way else {"rtt_ms": None, "via": ""}
        return {"state": device_state(epoch, key), **path}

    return _intervals(world, moments, tell)


def _agents(world: World) -> dict[str, list[Interval]]:
    """Of the routers whose agent hung, was slow, began anew, or had its credentials changed."""
    found = {}
    for key, router in world.routers.items():
        if len(router.life.times) > 1:

            def tell(at: float, router: Any = router) -> Mapping[str, Any]:
                life = router.life.at(at)
                said = {"hung": life.hung, "slow_ms": life.slow_ms, "boots": life.boots, "boot": _iso(life.boot_at)}
                return said | {"changed": life.changed or None}

            found[key] = _intervals(world, router.life.times, tell)
    return found


def _site(world: World, key: str, moments: Iterable[float]) -> list[Interval]:
    devices = [device.key for device in world.inventory.devices_at[key]]

    def tell(at: float) -> Mapping[str, Any]:
        states = {device_state(world.epochs.at(at), device) for device in devices}
        if states == {"up"}:
            return {"state": "up"}
        if "up" in states:
            return {"state": "degraded"}
        return {"state": "down" if "down" in states else "unreachable"}

    return _intervals(world, moments, tell)


def _link(world: World, link: Link, moments: Iterable[float]) -> list[Interval]:
    def tell(at: float) -> Mapping[str, Any]:
        ends = {}
        for end in link.ends:
            router = world.routers[end.device]
            ends[str(end)] = OPER_STATUS[router.status(router.number_of[end.interface], at).oper]
        if any(oper != OPER_STATUS[UP] for oper in ends.values()):
            state = "down"
        else:
            state = "cut-beyond" if link.key in world.epochs.at(at).dead else "up"
        return {"state": state, "ends": ends}

    return _intervals(world, moments, tell)


def _circuit(world: World, key: str, moments: Iterable[float]) -> list[Interval]:
    """Whether the anchors beyond it answer."""
    return _intervals(world, moments, lambda at: {"anchors": world.epochs.at(at).beyond.get(key) is not None})


def _sessions(world: World) -> dict[str, list[Interval]]:
    found = {}
    for key, router in world.routers.items():
        for number, peer in enumerate(router.peers):
            steps = router.sessions[number]

            def tell(at: float, steps: Any = steps) -> Mapping[str, Any]:
                return {"bgpPeerState": steps.at(at).state, "bgpPeerAdminStatus": steps.at(at).admin}

            found[f"{key} {'.'.join(map(str, peer.address))}"] = _intervals(world, steps.times, tell)
    return found
