"""Whatever inventory there is: written as files and read again it is the same."""

import tempfile
from datetime import date
from pathlib import Path
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from inventory.difference import diff
from inventory.model import (
    Circuit,
    Contact,
    Contract,
    Device,
    End,
    Institution,
    Inventory,
    Link,
    MeasuringPoint,
    Name,
    Platform,
    Probe,
    Provider,
    Resize,
    Service,
    Site,
    Snmp,
    Ssh,
)
from inventory.reading import load
from inventory.writing import write
from tests.thorough import tried

TEXT = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=20)
KEY = st.from_regex(r"[a-z0-9][a-zA-Z0-9._-]{0,12}", fullmatch=True).filter(lambda key: key != "external")
NAME = st.builds(Name, TEXT, st.just("") | TEXT)
RATE = st.integers(1_000, 10**13)
PORT = st.integers(1, 65535)
PROBE = st.sampled_from([Probe("icmp"), Probe("snmp")]) | st.builds(Probe, st.sampled_from(["tcp", "udp-echo"]), PORT)
SSH = st.builds(Ssh, st.sampled_from(get_args(Platform)), KEY, PORT)
EMAIL = st.sampled_from(["", "noc@example.go.tz"])
TELEPHONE = st.sampled_from(["", "+255 22 000 0000", "112"])


DAY = st.dates(date(1990, 1, 1), date(2090, 1, 1))
SHARE = st.floats(0.01, 1)


@st.composite
def contracts(draw: st.DrawFn, key: str, circuit: Circuit) -> Contract:
    """Of one circuit, which it shares with none."""
    days = sorted(draw(st.lists(DAY, min_size=1, max_size=5, unique=True)))
    steps = tuple(Resize(day, draw(RATE), draw(RATE)) for day in days[1:-1])
    end = days[-1] if len(days) > 1 else None
    term = (draw(RATE), draw(RATE), days[0], end, draw(st.integers(1, 99)), draw(st.sampled_from(["", "STM-1"])))
    shares = (draw(st.floats(0.01, 100)), draw(st.sampled_from(["max", "apart", "sum"])), draw(SHARE))
    price, pool, name = draw(st.just("") | TEXT), draw(st.sampled_from(["", "pool"])), draw(st.none() | NAME)
    return Contract(key, circuit.provider, draw(TEXT), (circuit.key,), *term, steps, *shares, price, pool, name)


@st.composite
def points(draw: st.DrawFn, institutions: list[str], devices: list[str]) -> dict[str, MeasuringPoint]:
    """No interface and no counter stands in two of them."""
    found = {}
    for number, key in enumerate(draw(st.lists(KEY, max_size=3, unique=True)) if institutions else ()):
        where = (draw(st.sampled_from(institutions)), draw(st.sampled_from(devices)))
        if draw(st.booleans()):
            faces = draw(st.sampled_from(["institution", "upstream"]))
            found[key] = MeasuringPoint(key, *where, f"irb.{number}", faces)
        else:
            found[key] = MeasuringPoint(key, *where, in_oid=f"1.3.6.1.9.{number}.1", out_oid=f"1.3.6.1.9.{number}.2")
    return found


@st.composite
def inventories(draw: st.DrawFn) -> Inventory:
    regions = draw(st.dictionaries(TEXT.map(str.strip).filter(bool), NAME, min_size=1, max_size=3))
    keys = draw(st.lists(KEY, min_size=1, max_size=4, unique=True))
    sites = {}
    for place, key in enumerate(keys):
        parent = draw(st.sampled_from([None, *keys[:place]]))
        region = draw(st.sampled_from(sorted(regions)))
        kind = draw(st.sampled_from(["mda", "lga", "core", "noc", "other"]))
        sites[key] = Site(key, draw(NAME), kind, region, parent)
    devices = {}
    for number, key in enumerate(draw(st.lists(KEY, min_size=2, max_size=5, unique=True))):
        snmp = Snmp(draw(st.sampled_from(["1", "2c", "3"])), draw(KEY), draw(PORT))
        probes = tuple(draw(st.lists(PROBE, min_size=1, max_size=3)))
        site = draw(st.sampled_from(keys))
        role = draw(st.sampled_from(["core", "cpe", "switch"]))
        name = draw(st.just("") | TEXT)
        sources = tuple(f"10.1.{number}.{last}" for last in draw(st.lists(st.integers(1, 9), max_size=2)))
        devices[key] = Device(key, site, f"10.0.0.{number}", role, snmp, probes, name, draw(st.none() | SSH), sources)
    providers = {key: Provider(key, draw(NAME), draw(TELEPHONE), draw(EMAIL)) for key in draw(st.sets(KEY, min_size=1))}
    circuits = {}
    for key in draw(st.lists(KEY, min_size=1, max_size=3, unique=True)):
        provider = draw(st.sampled_from(sorted(providers)))
        anchors = tuple(draw(st.sets(st.sampled_from(["10.9.0.1", "2001:db8::1", "127.0.0.1:7"]))))
        rates = draw(st.just((0, 0)) | st.tuples(RATE, RATE))
        circuits[key] = Circuit(
            key, provider, draw(TEXT), "leased", *rates, anchors, draw(PROBE), draw(st.none() | NAME)
        )
    links = {}
    first, second = sorted(devices)[:2]
    for number, key in enumerate(draw(st.lists(KEY, max_size=3, unique=True))):
        circuit = circuits[draw(st.sampled_from(sorted(circuits)))]
        port = f"ge-0/0/{number}:1 {draw(TEXT)}"
        ends = (End(first, port), draw(st.sampled_from([End("external"), End(second, port)])))
        ratio = draw(st.floats(0.01, 1))
        rates = (draw(RATE), draw(RATE))
        links[key] = Link(key, *ends, "access", circuit.provider, circuit.key, *rates, draw(st.none() | NAME), ratio)
    site_or_none = st.none() | st.sampled_from(keys)
    institutions = {
        key: Institution(key, draw(NAME), "school", draw(site_or_none), "201") for key in draw(st.sets(KEY))
    }
    return Inventory(
        regions,
        institutions,
        sites,
        devices,
        links,
        circuits,
        providers,
        {key: Service(key, draw(NAME), tuple(keys), "https://x.go.tz") for key in draw(st.sets(KEY, max_size=2))},
        {
            key: Contact(key, draw(TEXT), draw(TELEPHONE), draw(EMAIL), "en", (draw(TEXT),))
            for key in draw(st.sets(KEY))
        },
        {key: draw(contracts(key, circuits[key])) for key in sorted(draw(st.sets(st.sampled_from(sorted(circuits)))))},
        draw(points(sorted(institutions), sorted(devices))),
        notice=draw(st.sampled_from(["", "Invented: nothing here is real."])),
    )


@tried(25, many=300)
@given(inventories())
def test_given_any_inventory_then_written_and_read_it_is_the_same(inventory: Inventory) -> None:
    with tempfile.TemporaryDirectory() as made:
        write(inventory, Path(made))
        again = load(Path(made))
    assert again == inventory
    assert not diff(inventory, again)
    assert [list(getattr(again, kind)) for kind in diff(inventory, again)] == [
        list(getattr(inventory, kind)) for kind in diff(inventory, again)
    ]
