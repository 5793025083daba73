"""A small network for the lab's tests: two cores, a ring of three, three sites, one cable abroad."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from inventory.model import Circuit, Device, End, Inventory, Link, Name, Probe, Provider, Site, Snmp, SnmpVersion

START = 1_790_000_000.0  # a Monday in the afternoon, UTC


def device(key: str, site: str, number: int, role: str = "regional", ports: tuple[int, int] = (16999, 7)) -> Device:
    """`ports`: of SNMP and of the echo."""
    probes = (Probe("udp-echo", ports[1]), Probe("snmp"))
    return Device(key, site, f"127.77.0.{number}", role, Snmp(port=ports[0]), probes)  # type: ignore[arg-type]


def speaking(one: Device, version: SnmpVersion) -> Device:
    credential = "routers" if version == "3" else one.snmp.credential
    return replace(one, snmp=Snmp(version, credential, one.snmp.port))


def link(key: str, a: str, b: str, role: str = "ring", mbps: int = 1000, *, circuit: str = "") -> Link:
    """Ends as "device interface"."""
    ends = [End(*end.split()) for end in (a, b)]
    rate = mbps * 1_000_000
    return Link(key, ends[0], ends[1], role, "ttcl", circuit or f"c-{key}", rate, rate)  # type: ignore[arg-type]


def small_network(
    ports: tuple[int, int] = (16999, 7), versions: Mapping[str, SnmpVersion] = MappingProxyType({})
) -> Inventory:
    """c1 and c2 joined by a LAG; ring c1 - p1 - p2 - p3 - c2; s1 on p1, s2 on p2 and p3 (backup), s3 on p3.

    `versions`: devices that speak another SNMP version than 2c; with 3 the credential is `routers`.
    """
    devices = [
        device("c1", "core", 1, "core", ports),
        device("c2", "core", 2, "core", ports),
        device("p1", "pop-1", 11, ports=ports),
        device("p2", "pop-2", 12, ports=ports),
        device("p3", "pop-3", 13, ports=ports),
        device("s1-r1", "s1", 21, "cpe", ports),
        device("s2-r1", "s2", 22, "cpe", ports),
        device("s3-r1", "s3", 23, "cpe", ports),
        device("s3-phone", "s3", 24, "server", ports),
    ]
    links = [
        link("core", "c1 ae0", "c2 ae0", "core", 20_000),
        link("ring-1", "c1 xe-0/0/1", "p1 ge-0/0/0"),
        link("ring-2", "p1 ge-0/0/1", "p2 ge-0/0/0"),
        link("ring-3", "p2 ge-0/0/1", "p3 ge-0/0/0"),
        link("ring-4", "c2 xe-0/0/1", "p3 ge-0/0/1"),
        link("s1-a", "p1 ge-0/0/2", "s1-r1 Gi0/0", "access", 10),
        link("s2-a", "p2 ge-0/0/2", "s2-r1 ether1", "access", 20),
        link("s2-b", "p3 ge-0/0/2", "s2-r1 ether2", "backup", 20),
        link("s3-a", "p3 ge-0/0/3", "s3-r1 ge-0/0/0", "access", 4),
        link("up-sea", "c1 xe-0/0/2", "external", "upstream", 775, circuit="iru-sea"),
        link("up-tix", "c2 xe-0/0/2", "external", "upstream", 1000, circuit="tix"),
    ]
    sites = [
        Site("core", Name("Core", "Kitovu"), "core", "Dodoma"),
        *(Site(f"pop-{n}", Name(f"Node {n}"), "regional", "Tanga") for n in (1, 2, 3)),
        *(Site(f"s{n}", Name(f"Council {n}", f"Halmashauri {n}"), "lga", "Tanga") for n in (1, 2, 3)),
    ]
    echo = Probe("udp-echo", ports[1])
    circuits = [
        Circuit(
            "iru-sea",
            "sea",
            "SEA/1",
            "iru",
            775_000_000,
            775_000_000,
            ("127.77.9.1",),
            echo,
            Name("Sea cable", "Mkongo"),
        ),
        *(Circuit(one.circuit, "ttcl", one.key) for one in links if one.circuit.startswith("c-")),
        Circuit("tix", "tispa", "TIX/1", "exchange", 10**9, 10**9, (f"127.77.9.2:{ports[1] + 70}",), echo),
    ]
    names = {"ttcl": "TTCL", "sea": "Sea cable company", "tispa": "TISPA"}
    return Inventory(
        regions={"Dodoma": Name("Dodoma"), "Tanga": Name("Tanga")},
        providers={key: Provider(key, Name(name)) for key, name in names.items()},
        sites={site.key: site for site in sites},
        devices={one.key: speaking(one, versions.get(one.key, "2c")) for one in devices},
        links={one.key: one for one in links},
        circuits={one.key: one for one in circuits},
    )
