"""A network small enough to be seen through, and a lab on it that something was done to."""

from collections.abc import Sequence
from typing import Any

from inventory.model import Circuit, Device, End, Institution, Inventory, Link, Name, Probe, Provider, Site, Snmp
from noc.lab.scenario import checked
from noc.lab.world import World
from noc.scenario.fault import Deaf, Fault, Quiet
from noc.scenario.truth import faults_of

START = 1_790_000_000.0
_LINKS = (  # a, b, role; the key is "a=b", the ports are named after the far end
    ("noc", "c1", "access"),
    ("noc", "c2", "backup"),
    ("c1", "c2", "core"),
    ("c1", "p1", "ring"),
    ("p1", "p2", "ring"),
    ("p2", "p3", "ring"),
    ("p3", "c2", "ring"),
    *(("p1", f"a{n}", "access") for n in range(1, 7)),
    ("p2", "b1", "access"),
    ("p3", "b1", "access"),
    ("p2", "b2", "access"),
    ("p1", "d1", "access"),
    ("p2", "d2", "access"),
)
_UPSTREAM = (("c1", "sea1", "iru"), ("c2", "sea2", "iru"), ("c2", "tix", "exchange"))


def network() -> Inventory:
    """noc on two cores, a ring c1-p1-p2-p3-c2; a1 to a6 on p1, b1 on p2 and p3, b2 on p2, site d has a router on each."""
    sites = {
        "noc": "noc",
        "core-1": "core",
        "core-2": "core",
        "pop-1": "regional",
        "pop-2": "regional",
        "pop-3": "regional",
    }
    sites |= {f"a{n}-site": "lga" for n in range(1, 7)} | {"b1-site": "lga", "b2-site": "mda", "d-site": "mda"}
    at = {"noc": "noc", "c1": "core-1", "c2": "core-2", "p1": "pop-1", "p2": "pop-2", "p3": "pop-3"}
    at |= {f"a{n}": f"a{n}-site" for n in range(1, 7)} | {
        "b1": "b1-site",
        "b2": "b2-site",
        "d1": "d-site",
        "d2": "d-site",
    }
    roles = {"noc": "switch", "c1": "core", "c2": "core", "p1": "regional", "p2": "regional", "p3": "regional"}
    region = {site: "North" if site[0] == "a" or site == "pop-1" else "South" for site in sites}
    links = [_link(a, b, role) for a, b, role in _LINKS]
    links += [
        Link(f"up-{circuit}", End(device, f"wan-{circuit}"), End("external"), "upstream", "ttcl", circuit, 10**9, 10**9)
        for device, circuit, _ in _UPSTREAM
    ]
    circuits = {f"k-{a}={b}": Circuit(f"k-{a}={b}", "ttcl", "x") for a, b, _ in _LINKS}
    for number, (_, key, kind) in enumerate(_UPSTREAM):
        probe = Probe("udp-echo", 7)
        circuits[key] = Circuit(key, "ttcl", key, kind, 10**9, 10**9, (f"127.88.1.{number + 1}",), probe)  # type: ignore[arg-type]
    members = [site for site, kind in sites.items() if kind in ("lga", "mda")]
    return Inventory(
        regions={"North": Name("North"), "South": Name("South")},
        institutions={site: Institution(site, Name(site), "lga", site) for site in members},
        sites={key: Site(key, Name(key), kind, region[key]) for key, kind in sites.items()},  # type: ignore[arg-type]
        devices={key: _device(key, site, roles.get(key, "cpe"), n) for n, (key, site) in enumerate(at.items(), 1)},
        links={link.key: link for link in links},
        circuits=circuits,
        providers={"ttcl": Provider("ttcl", Name("TTCL"))},
    )


def _device(key: str, site: str, role: str, number: int) -> Device:
    probes = (Probe("udp-echo", 7), Probe("snmp"))
    return Device(key, site, f"127.88.0.{number}", role, Snmp("2c", "default", 16161), probes)  # type: ignore[arg-type]


def _link(a: str, b: str, role: str) -> Link:
    lag = {"c1=c2": ("ae0", "ae0")}.get(f"{a}={b}", (f"to-{b}", f"to-{a}"))
    rate = 100_000_000
    return Link(f"{a}={b}", End(a, lag[0]), End(b, lag[1]), role, "ttcl", f"k-{a}={b}", rate, rate)  # type: ignore[arg-type]


def lab(*events: dict[str, Any]) -> World:
    """Each event as a scenario file has it."""
    inventory = network()
    stage = World(inventory, attached_to="noc", start=START)
    acts = []
    for event in events:
        act, wrong = checked(event, stage, START)
        assert act is not None, wrong
        acts.append(act)
    return World(inventory, attached_to="noc", start=START, acts=acts)


def truth(
    *events: dict[str, Any], until: float = 600.0, quiet: Sequence[Quiet] = (), deaf: Sequence[Deaf] = ()
) -> list[Fault]:
    return faults_of(lab(*events), START + until, quiet, deaf)


def down(at: float, device: str, lasts: float | None = None, **more: Any) -> dict[str, Any]:
    return _event(at, "device_down", lasts, device=device, **more)


def cut(at: float, link: str, lasts: float | None = None, **more: Any) -> dict[str, Any]:
    return _event(at, "link_down", lasts, link=link, **more)


def _event(at: float, do: str, lasts: float | None, **more: Any) -> dict[str, Any]:
    return {"at": at, "do": do, **more, **({} if lasts is None else {"for": lasts})}
