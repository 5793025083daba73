"""A small network written inside a scenario file: a line for each thing, its name before the =, addresses made up.

[network]
attached_to = "noc-sw-1"                                key of the device that the poller hangs on
gateway = "noc-sw-1"                                    left out: the same
[network.sites]      mbe = "regional Mbeya"             kind, region
[network.devices]    mbe-pe-1 = "regional mbe"          role, site [, v1 | v2c | v3]
[network.links]      mbe-a = "core-1 mbe-pe-1 ring 1G"  a, b, role, rate [, circuit]; an end may name its port
[network.circuits]   iru-seacom-1 = "iru seacom"        kind, provider; iru and exchange have two anchors
[network.services]   gepg = "gdc-dod"                   the sites that it depends on
[network.contracts]  tix-port = "1G tix-1 level=0.95"   rate, circuits; level=SHARE, start=DAY, end=DAY,
                                                        contention=TIMES, resized=DAY:RATE[,DAY:RATE]
[network.points]     chunya-iru = "lga-chunya edge-1:irb.1"   institution, device:interface
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from ipaddress import IPv4Address
from typing import Any, get_args

from inventory.contracts import contract_mistakes
from inventory.mistakes import did_you_mean
from inventory.model import (
    EXTERNAL,
    Circuit,
    CircuitKind,
    Contact,
    Contract,
    Device,
    DeviceRole,
    End,
    Institution,
    Inventory,
    Link,
    LinkRole,
    MeasuringPoint,
    Name,
    Probe,
    Provider,
    Resize,
    Service,
    Site,
    SiteKind,
    Snmp,
)
from inventory.rates import parse_rate
from inventory.sample_credentials import OLD, ROUTERS

SECTIONS = ("sites", "devices", "links", "circuits", "services", "contracts", "points")
_VERSIONS = {"v1": "1", "v2c": "2c", "v3": "3"}
_RATE = re.compile(r"(\d+(?:\.\d+)?)([KMG]?)\Z")
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}\Z")
_SCALE = {"": 1, "K": 1_000, "M": 1_000_000, "G": 1_000_000_000}
_OWNER = "ttcl"  # of circuits that no line names
_ANCHORED = ("iru", "exchange")
_ECHO = 7
_MOST = 2_000
_BEGAN = date(2012, 7, 1)  # contracts
CONTACTS = {
    "noc-zamu-1": Contact(
        "noc-zamu-1", "NOC, zamu ya kwanza", "+255700000001", "zamu1@noc.example", "sw", ("on-call",)
    ),
    "noc-zamu-2": Contact("noc-zamu-2", "NOC, zamu ya pili", "+255700000002", "zamu2@noc.example", "sw", ("on-call",)),
    "noc-lead": Contact("noc-lead", "NOC lead", "+255700000003", "lead@noc.example", "en", ("escalation",)),
}

Wrong = tuple[str, str, str]  # the key at fault, message, hint


@dataclass
class _Draft:
    """What has been read so far."""

    raw: Mapping[str, Any]
    wrong: list[Wrong] = field(default_factory=list)
    sites: dict[str, Site] = field(default_factory=dict)
    devices: dict[str, Device] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    circuits: dict[str, Circuit] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)
    contracts: dict[str, Contract] = field(default_factory=dict)
    points: dict[str, MeasuringPoint] = field(default_factory=dict)
    ports: dict[str, int] = field(default_factory=dict)

    def words(self, section: str, least: int, most: int) -> Iterator[tuple[str, list[str]]]:
        """Key and words of every well-formed line of a section."""
        lines = self.raw.get(section, {})
        if not isinstance(lines, dict):
            self.wrong.append((section, f"[network.{section}] is a table of lines", ""))
            return
        for key, line in lines.items():
            words = line.split() if isinstance(line, str) else []
            if not _KEY.match(key):
                self.wrong.append((key, f"{key!r} is no key: letters, figures, . _ -", ""))
            elif not least <= len(words) <= most:
                self.wrong.append((key, f"{section}: {key} = {line!r}: {_FORMS[section]}", ""))
            else:
                yield key, words

    def one_of(self, key: str, word: str, known: Sequence[str] | Mapping[str, Any], what: str) -> bool:
        if word in known:
            return True
        some = ", ".join(list(known)[:12])
        self.wrong.append((key, f"{key}: unknown {what} {word!r}", did_you_mean(word, known) or f"there are {some}"))
        return False


_FORMS = {
    "sites": "kind and region, as 'lga Mbeya'",
    "devices": "role and site, as 'regional mbe' or 'cpe chunya v2c'",
    "links": "a, b, role, rate [, circuit], as 'core-1 mbe-pe-1 ring 1G'",
    "circuits": "kind and provider, as 'iru seacom'",
    "services": "the sites that it depends on",
    "contracts": "rate and circuits, as '1G tix-1', and level=0.95, end=2026-07-01, contention=2",
    "points": "institution and device:interface, as 'lga-chunya edge-1:irb.1'",
}


def read_network(raw: Mapping[str, Any]) -> tuple[Inventory, str, str, list[Wrong]]:
    """(inventory, attached_to, gateway, everything that is wrong with it)."""
    draft = _Draft(raw)
    for key in raw:
        if key not in (*SECTIONS, "attached_to", "gateway"):
            hint = did_you_mean(key, (*SECTIONS, "attached_to", "gateway"))
            draft.wrong.append((key, f"unknown setting {key!r} in [network]", hint))
    for read in _READERS:
        read(draft)
    if len(draft.devices) > _MOST:
        draft.wrong.append(("devices", f"more than {_MOST} devices: use sites = N, or an inventory", ""))
    attached = str(raw.get("attached_to", ""))
    gateway = str(raw.get("gateway", attached))
    for name, value in (("attached_to", attached), ("gateway", gateway)):
        if not value:
            draft.wrong.append(("network", f"[network] needs {name} = a device", ""))
        elif draft.devices:
            draft.one_of(name, value, draft.devices, "device")
    inventory = _inventory(draft)
    if not draft.wrong:
        found = contract_mistakes(inventory, lambda section, key: (f"[network.{section}]", key))
        draft.wrong += [(where[1], said, "") for said, where in found]
    return inventory, attached, gateway, draft.wrong


def _sites(draft: _Draft) -> None:
    for key, (kind, *region) in draft.words("sites", 2, 6):
        if draft.one_of(key, kind, get_args(SiteKind), "kind of site"):
            name = Name(key)
            draft.sites[key] = Site(key, name, kind, " ".join(region))  # type: ignore[arg-type]


def _devices(draft: _Draft) -> None:
    for number, (key, (role, site, *version)) in enumerate(draft.words("devices", 2, 3)):
        good = draft.one_of(key, role, get_args(DeviceRole), "role")
        good &= draft.one_of(key, site, draft.sites, "site")
        spoken = version[0] if version else "v3" if role in ("core", "edge", "regional", "cpe") else "v2c"
        if draft.one_of(key, spoken, _VERSIONS, "version of SNMP") and good:
            snmp = Snmp(_VERSIONS[spoken], ROUTERS if spoken == "v3" else OLD)  # type: ignore[arg-type]
            address = str(IPv4Address("127.30.0.0") + 256 * (number // 250) + number % 250 + 1)
            probes = (Probe("udp-echo", _ECHO), Probe("snmp"))
            draft.devices[key] = Device(key, site, address, role, snmp, probes)  # type: ignore[arg-type]


def _circuits(draft: _Draft) -> None:
    for key, (kind, provider) in draft.words("circuits", 2, 2):
        if draft.one_of(key, kind, get_args(CircuitKind), "kind of circuit"):
            anchors: tuple[str, ...] = ()
            if kind in _ANCHORED:
                first = 2 * len(draft.circuits) + 1
                anchors = tuple(str(IPv4Address("127.31.0.0") + each) for each in (first, first + 1))
            probe = Probe("udp-echo", _ECHO)
            draft.circuits[key] = Circuit(key, provider, key, kind, anchors=anchors, anchor_probe=probe)  # type: ignore[arg-type]


def _links(draft: _Draft) -> None:
    for key, (a, b, role, rate, *circuit) in draft.words("links", 4, 5):
        good = draft.one_of(key, role, get_args(LinkRole), "role of link")
        match = _RATE.match(rate)
        if match is None or not float(match[1]):
            draft.wrong.append((key, f"{key}: {rate!r} is no rate: 2M, 155M, 10G", ""))
        ends = [_end(draft, key, word) for word in (a, b)]
        if circuit:
            good &= draft.one_of(key, circuit[0], draft.circuits, "circuit")
        if not good or match is None or None in ends:
            continue
        bps = int(float(match[1]) * _SCALE[match[2]])
        found = draft.circuits.get(circuit[0]) if circuit else None
        name = f"own-{key}" if found is None else found.key
        provider = _OWNER if found is None else found.provider
        kind: CircuitKind = "backbone" if found is None else found.kind
        anchors = () if found is None else found.anchors
        probe = Probe("udp-echo", _ECHO)
        draft.circuits[name] = Circuit(name, provider, name, kind, bps, bps, anchors, probe)
        draft.links[key] = Link(key, ends[0], ends[1], role, provider, name, bps, bps)  # type: ignore[arg-type]


def _end(draft: _Draft, key: str, word: str) -> End | None:
    """`DEVICE` takes its next free port, `DEVICE:PORT` that one; `external` is nobody of ours."""
    if word == EXTERNAL:
        return End(EXTERNAL)
    device, _, port = word.partition(":")
    if not draft.one_of(key, device, draft.devices, "device"):
        return None
    if not port:
        number = draft.ports.get(device, 0)
        draft.ports[device] = number + 1
        port = f"xe-0/0/{number}"
    return End(device, port)


def _services(draft: _Draft) -> None:
    for key, sites in draft.words("services", 1, 20):
        known = [draft.one_of(key, site, draft.sites, "site") for site in sites]  # every unknown one is named
        if all(known):
            draft.services[key] = Service(key, Name(key), tuple(sites))


def _contracts(draft: _Draft) -> None:
    for key, (rate, *words) in draft.words("contracts", 2, 20):
        circuits = tuple(word for word in words if "=" not in word)
        terms = dict(word.split("=", 1) for word in words if "=" in word)
        known = [draft.one_of(key, circuit, draft.circuits, "circuit") for circuit in circuits]
        try:
            bps, said = parse_rate(rate), {name: _TERMS[name](text) for name, text in terms.items() if name in _TERMS}
        except ValueError as error:
            draft.wrong.append((key, f"{key}: {error}", _FORMS["contracts"]))
            continue
        if not circuits or len(said) < len(terms):
            draft.wrong.append((key, f"{key}: {_FORMS['contracts']}", ""))
        elif all(known):
            provider = draft.circuits[circuits[0]].provider
            draft.contracts[key] = Contract(key, provider, key, circuits, bps, bps, **{"start": _BEGAN, **said})


def _within(least: float, most: float) -> Callable[[str], float]:
    def read(text: str) -> float:
        if not least < float(text) <= most:
            raise ValueError(f"{text} is not above {least:g} and up to {most:g}")
        return float(text)

    return read


def _resized(text: str) -> tuple[Resize, ...]:
    steps = (step.partition(":") for step in text.split(","))
    return tuple(Resize(date.fromisoformat(day), parse_rate(rate), parse_rate(rate)) for day, _, rate in steps)


# of a contract, by their names in the inventory
_TERMS: Mapping[str, Callable[[str], Any]] = {
    "level": _within(0, 1),
    "start": date.fromisoformat,
    "end": date.fromisoformat,
    "contention": _within(0, 100),
    "resized": _resized,
}


def _points(draft: _Draft) -> None:
    members = {key: site for key, site in draft.sites.items() if site.member}
    for key, (institution, place) in draft.words("points", 2, 2):
        device, _, interface = place.partition(":")
        good = draft.one_of(key, institution, members, "institution")
        if not interface:
            draft.wrong.append((key, f"{key}: {_FORMS['points']}", ""))
        elif draft.one_of(key, device, draft.devices, "device") and good:
            draft.points[key] = MeasuringPoint(key, institution, device, interface)


_READERS: tuple[Callable[[_Draft], None], ...] = (
    *(_sites, _devices, _circuits, _links, _services),
    *(_contracts, _points),
)


def _inventory(draft: _Draft) -> Inventory:
    members = [site for site in draft.sites.values() if site.member]
    providers = sorted({circuit.provider for circuit in draft.circuits.values()})
    return Inventory(
        regions={site.region: Name(site.region) for site in draft.sites.values()},
        institutions={site.key: Institution(site.key, site.name, site.kind, site.key) for site in members},  # type: ignore[arg-type]
        sites=draft.sites,
        devices=draft.devices,
        links=draft.links,
        circuits=draft.circuits,
        providers={key: Provider(key, Name(key.upper())) for key in providers},
        services=draft.services,
        contacts=CONTACTS,
        contracts=draft.contracts,
        points=draft.points,
        notice="Invented: a small network for a scenario.",
    )
