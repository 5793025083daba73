"""What GovNet is made of: sites, devices, links, circuits, providers, services, people; one immutable value.

Plain frozen dataclasses, so that everybody can hold them; reading and checking YAML is `inventory.reading`'s work.
Rates are bits per second; keys are the names people say (`dar-edge-1`, `lga-chamwino`), never database ids.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Literal

EXTERNAL = "external"
MEMBER_KINDS = ("mda", "lga")

SiteKind = Literal["mda", "lga", "core", "regional", "datacentre", "upstream", "noc", "other"]
DeviceRole = Literal["core", "edge", "regional", "cpe", "switch", "server", "other"]
LinkRole = Literal["core", "ring", "access", "backup", "upstream", "datacentre", "lan"]
ProbeMethod = Literal["icmp", "tcp", "udp-echo", "snmp"]
SnmpVersion = Literal["1", "2c", "3"]
Platform = Literal[
    "arista_eos",
    "cisco_ios",
    "cisco_nxos",
    "cisco_xr",
    "fortinet",
    "frr",
    "hp_comware",
    "huawei_vrp",
    "juniper_junos",
    "mikrotik_routeros",
]
BillingDirection = Literal["max", "apart", "sum"]
CircuitKind = Literal["iru", "exchange", "backbone", "leased", "own"]


@dataclass(frozen=True, slots=True)
class Name:
    """What people call a thing, in both languages; Swahili falls back to English."""

    en: str
    sw: str = ""

    def in_language(self, language: str) -> str:
        return self.sw if language == "sw" and self.sw else self.en


@dataclass(frozen=True, slots=True)
class Institution:
    """Who is served: several may share a site, some have none."""

    key: str
    name: Name
    kind: Literal["mda", "lga", "hospital", "school", "university", "other"]
    site: str | None = None
    telephone_prefix: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """A place with equipment. Members (mda, lga) are what GovNet is for; the rest is what joins them."""

    key: str
    name: Name
    kind: SiteKind
    region: str
    parent: str | None = None

    @property
    def member(self) -> bool:
        return self.kind in MEMBER_KINDS


@dataclass(frozen=True, slots=True)
class Snmp:
    """How a device is asked over SNMP; `credential` names a secret, never holds one."""

    version: SnmpVersion = "2c"
    credential: str = "default"
    port: int = 161
    traps: str = ""  # credential that its traps carry, where it is another


@dataclass(frozen=True, slots=True)
class Ssh:
    """How a device is logged in to, where it may be; `credential` names a login, never holds one."""

    platform: Platform
    credential: str = "default"
    port: int = 22


@dataclass(frozen=True, slots=True)
class Probe:
    """One way to ask whether a device lives. `port` is for tcp and udp-echo."""

    method: ProbeMethod
    port: int | None = None


@dataclass(frozen=True, slots=True)
class Device:
    """A box that can be asked. `probes` is the declared list of SEMANTICS 46: only all of them lost says down."""

    key: str
    site: str
    address: str
    role: DeviceRole = "cpe"
    snmp: Snmp = field(default_factory=Snmp)
    probes: tuple[Probe, ...] = (Probe("icmp"), Probe("snmp"))
    name: str = ""
    ssh: Ssh | None = None  # None: never logged in to
    sources: tuple[str, ...] = ()  # other addresses its traps and syslog may come from (loopback, egress interface)


@dataclass(frozen=True, slots=True)
class End:
    """One end of a link: `dod-pe-1` `ge-0/0/1`; the far end of an external circuit is `external`, with no interface."""

    device: str
    interface: str = ""

    @property
    def external(self) -> bool:
        return self.device == EXTERNAL

    def __str__(self) -> str:
        return self.device if self.external else f"{self.device}:{self.interface}"


@dataclass(frozen=True, slots=True)
class Link:
    """Two ends joined. `a` is nearer the poller; *in* is towards `b` (the site's side), *out* towards `a`.

    Where `b` is external, our side is the one that is served: *in* is what our port receives from outside.
    `in_bps` and `out_bps` are the committed (contracted) rates per direction.
    """

    key: str
    a: End
    b: End
    role: LinkRole
    provider: str
    circuit: str
    in_bps: int
    out_bps: int
    name: Name | None = None
    high_ratio: float = 0.8

    @property
    def served(self) -> End:
        """The end whose port receives what is *in*."""
        return self.a if self.b.external else self.b

    @property
    def ends(self) -> tuple[End, ...]:
        """The ends that stand on our own devices."""
        return tuple(end for end in (self.a, self.b) if not end.external)


@dataclass(frozen=True, slots=True)
class Circuit:
    """A provider's service on a link; `anchors` are addresses reached only through it."""

    key: str
    provider: str
    reference: str
    kind: CircuitKind = "leased"
    in_bps: int = 0
    out_bps: int = 0
    anchors: tuple[str, ...] = ()
    anchor_probe: Probe = Probe("icmp")
    name: Name | None = None


@dataclass(frozen=True, slots=True)
class Resize:
    """From that day on a contract delivers so much (bit/s)."""

    on: date
    in_bps: int
    out_bps: int


@dataclass(frozen=True, slots=True)
class Contract:
    """Capacity bought of a provider (IRU, a port at an exchange), delivered by circuits; *in* is what we receive.

    `in_bps` and `out_bps` are what is delivered and authoritative; units (5 x STM-1) are a note. Days are local,
    half-open: `end` is the first day without it (None: open). `contention`: how often a bit may be allocated.
    """

    key: str
    provider: str
    reference: str
    circuits: tuple[str, ...]
    in_bps: int
    out_bps: int
    start: date
    end: date | None = None
    units: int = 1
    unit: str = ""
    resized: tuple[Resize, ...] = ()
    contention: float = 1.0
    direction: BillingDirection = "max"  # how a slot's two directions become one figure (SEMANTICS 27)
    level: float = 0.8  # the headroom date is when the 30-day p95 reaches it
    price: str = ""
    pool: str = ""  # contracts of the same word may be asked for as one
    name: Name | None = None

    def delivered(self, day: date) -> tuple[int, int]:
        """In and out on that day, bit/s; nothing outside the contract's time."""
        if day < self.start or (self.end is not None and day >= self.end):
            return 0, 0
        known = [
            (step.in_bps, step.out_bps) for step in sorted(self.resized, key=lambda step: step.on) if step.on <= day
        ]
        return known[-1] if known else (self.in_bps, self.out_bps)


@dataclass(frozen=True, slots=True)
class MeasuringPoint:
    """Where the IRU use of an institution can be measured: a VLAN's interface, or a traffic class by its counters.

    Either `interface` is named (its traffic counts; *in* is towards the institution, so what the interface sends when
    it faces the institution), or the OIDs of two Counter64 of octets towards and from the institution.
    """

    key: str
    institution: str
    device: str
    interface: str = ""
    faces: Literal["institution", "upstream"] = "institution"
    in_oid: str = ""
    out_oid: str = ""
    contract: str = ""  # "": all of its IRU use


@dataclass(frozen=True, slots=True)
class Provider:
    key: str
    name: Name
    telephone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Service:
    """What people use (GePG, mail); it is *declared to depend on* sites and devices, nothing more is claimed."""

    key: str
    name: Name
    sites: tuple[str, ...] = ()
    url: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    key: str
    name: str
    telephone: str = ""
    email: str = ""
    language: Literal["sw", "en"] = "sw"
    duties: tuple[str, ...] = ()


@dataclass(frozen=True)
class Inventory:
    """Everything there is; dictionaries are keyed by `key` and never changed after building."""

    regions: Mapping[str, Name] = field(default_factory=dict)
    institutions: Mapping[str, Institution] = field(default_factory=dict)
    sites: Mapping[str, Site] = field(default_factory=dict)
    devices: Mapping[str, Device] = field(default_factory=dict)
    links: Mapping[str, Link] = field(default_factory=dict)
    circuits: Mapping[str, Circuit] = field(default_factory=dict)
    providers: Mapping[str, Provider] = field(default_factory=dict)
    services: Mapping[str, Service] = field(default_factory=dict)
    contacts: Mapping[str, Contact] = field(default_factory=dict)
    contracts: Mapping[str, Contract] = field(default_factory=dict)
    points: Mapping[str, MeasuringPoint] = field(default_factory=dict)
    notice: str = ""  # first comment of the files: "invented", ...

    def site_of(self, device: str) -> Site:
        return self.sites[self.devices[device].site]

    def members(self) -> Iterator[Site]:
        return (site for site in self.sites.values() if site.member)

    @cached_property
    def devices_at(self) -> Mapping[str, tuple[Device, ...]]:
        """Site key -> its devices, in the order of the files."""
        found: dict[str, list[Device]] = {key: [] for key in self.sites}
        for device in self.devices.values():
            found[device.site].append(device)
        return {key: tuple(devices) for key, devices in found.items()}

    @cached_property
    def links_of(self) -> Mapping[str, tuple[Link, ...]]:
        """Device key -> the links that end on it."""
        found: dict[str, list[Link]] = {key: [] for key in self.devices}
        for link in self.links.values():
            for end in link.ends:
                found[end.device].append(link)
        return {key: tuple(links) for key, links in found.items()}

    @cached_property
    def link_interfaces(self) -> Mapping[str, tuple[str, ...]]:
        """Device key -> names of its declared-link interfaces: those that may page (SEMANTICS 41)."""
        found: dict[str, dict[str, None]] = {key: {} for key in self.devices}
        for link in self.links.values():
            for end in link.ends:
                found[end.device][end.interface] = None
        return {key: tuple(names) for key, names in found.items()}

    @cached_property
    def institutions_at(self) -> Mapping[str, tuple[Institution, ...]]:
        found: dict[str, list[Institution]] = {key: [] for key in self.sites}
        for institution in self.institutions.values():
            if institution.site is not None:
                found[institution.site].append(institution)
        return {key: tuple(members) for key, members in found.items()}
