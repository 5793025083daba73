"""The sample network's backbone: two cores, three rings of regional routers, cables, exchange, data centres, NOC."""

from collections.abc import Collection, Iterator
from datetime import date
from itertools import pairwise

from inventory.councils import Region, served_regions
from inventory.model import Circuit, Contract, End, MeasuringPoint, Name, Probe
from inventory.sample_plan import ECHO_PORT, Plan, hired, own

G = 1_000_000_000
M = 1_000_000
DAR, DODOMA = "Dar es Salaam", "Dodoma"
CORES = {"dar": "dar-core-1", "dod": "dod-core-1"}
RINGS = (  # English, Swahili, rate, from core, regional routers in order, to core
    ("north", "kaskazini", 10 * G, "dar", ("dar", "tan", "kil", "ars", "sgd", "dod"), "dod"),
    ("south", "kusini", 5 * G, "dar", ("pwa", "lin", "mtw", "ruv", "njo", "mbe", "iri", "mor"), "dod"),
    ("west", "magharibi", 5 * G // 2, "dod", ("tab", "kig", "kag", "mra", "mwz", "shi"), "dod"),
)
NOC_SWITCH = "noc-sw-1"
INSTITUTIONS_MEASURED = ("mda-finance", "mda-health", "mda-tra", "mda-muhimbili", "university-udsm")
CLASS_MEASURED = "university-udom"
FILTER_OCTETS, COUNTER = "1.3.6.1.4.1.2636.3.5.2.1.5", 2


def regional_router(code: str) -> str:
    """'dod' -> 'dod-pe-1'."""
    return f"{code}-pe-1"


def draw_backbone(plan: Plan) -> None:
    """Everything that is there whatever the number of members."""
    _cores(plan)
    regions = {region.code: region for region in served_regions()}
    for region in regions.values():
        site = f"pop-{region.code}"
        name = Name(f"{region.name} regional node", f"Kituo cha mkoa, {region.name}")
        plan.site(site, name, "regional", region=region.name)
        plan.device(regional_router(region.code), site, "regional")
    for ring in RINGS:
        _ring(plan, ring, regions)
    _upstreams(plan)
    _data_centres(plan)
    _noc(plan)


def _cores(plan: Plan) -> None:
    for code, place in (("dar", DAR), ("dod", DODOMA)):
        plan.site(f"core-{code}", Name(f"{place} core", f"Kitovu cha {place}"), "core", region=place)
        plan.device(CORES[code], f"core-{code}", "core")
    for number in (1, 2):
        key = f"core-dar-dod-{number}"
        ends = (plan.port("dod-core-1", "lag"), plan.port("dar-core-1", "lag"))
        name = Name(f"Dodoma - Dar es Salaam, path {number}", f"Dodoma - Dar es Salaam, njia ya {number}")
        plan.link(key, ends, "core", hired(key, f"NICTBB/CORE/{number}", (10 * G, 10 * G), "backbone"), name)


def _ring(plan: Plan, ring: tuple[str, str, int, str, tuple[str, ...], str], regions: dict[str, Region]) -> None:
    english, swahili, bps, first, codes, last = ring
    stations = [(first, CORES[first])] + [(code, regional_router(code)) for code in codes] + [(last, CORES[last])]
    for place, ((code, device), (next_code, next_device)) in enumerate(pairwise(stations)):
        # both cores are one hop from the poller, so the nearer end of the ring is the nearer end of the link
        forward = place < len(stations) / 2 - 1
        near, far = (device, next_device) if forward else (next_device, device)
        codes_named = (code, next_code) if forward else (next_code, code)
        key = f"ring-{english}-{code}-core" if code == next_code else f"ring-{english}-{'-'.join(codes_named)}"
        path = f"{regions[code].name} core" if code == next_code else _path(regions, codes_named)
        name = Name(f"{english.capitalize()} ring, {path}", f"Mzunguko wa {swahili}, {path}")
        circuit = hired(key, f"NICTBB/{english.upper()}/{place + 1}", (bps, bps), "backbone")
        plan.link(key, (plan.port(near, "trunk"), plan.port(far, "trunk")), "ring", circuit, name)


def _path(regions: dict[str, Region], codes: tuple[str, str]) -> str:
    return " - ".join(regions[code].name for code in codes)


def _upstreams(plan: Plan) -> None:
    stations = (
        ("edge-dar-1", "dar-edge-1", "SEACOM landing station and exchange room", "Kituo cha SEACOM na TIX"),
        ("edge-dar-2", "dar-edge-2", "EASSy landing station, Msasani", "Kituo cha EASSy, Msasani"),
    )
    for site, device, english, swahili in stations:
        plan.site(site, Name(english, swahili), "upstream", region=DAR)
        plan.device(device, site, "edge")
        key = f"core-{device}"
        ends = (plan.port("dar-core-1", "trunk"), plan.port(device, "trunk"))
        plan.link(key, ends, "core", own(key, 10 * G), Name(f"Core to {english}", f"Kitovu hadi {swahili}"))
    key = "core-dar-edges"
    ends = (plan.port("dar-edge-1", "trunk"), plan.port("dar-edge-2", "trunk"))
    plan.link(key, ends, "core", own(key, 10 * G), Name("Between the landing stations", "Kati ya vituo vya mkongo"))
    _upstream(plan, "dar-edge-1", Circuit("iru-seacom-1", "seacom", "SEACOM/IRU/1", "iru", 775 * M, 775 * M), "SEACOM")
    _upstream(plan, "dar-edge-2", Circuit("iru-eassy-1", "eassy", "EASSY/IRU/1", "iru", 775 * M, 775 * M), "EASSy")
    _upstream(plan, "dar-edge-1", Circuit("tix-1", "tispa", "TIX/1", "exchange", G, G), "TIX")


def contracts() -> Iterator[Contract]:
    """1.55 Gb/s over two cables, half over each, and the port at the exchange; days are invented."""
    for provider, word in (("seacom", "SEACOM"), ("eassy", "EASSy")):
        yield Contract(
            f"{provider}-iru",
            provider,
            f"{word.upper()}/IRU/1 (invented)",
            (f"iru-{provider}-1",),
            775 * M,
            775 * M,
            start=date(2012, 7, 1),
            end=date(2032, 7, 1),
            units=5,
            unit="STM-1",
            pool="cables",
            name=Name(f"{word} IRU", f"IRU ya {word}"),
        )
    name = Name("TIX port", "Kiunganishi cha TIX")
    yield Contract(
        "tix-port", "tispa", "TIX/1 (invented)", ("tix-1",), G, G, start=date(2016, 7, 1), level=0.95, name=name
    )


def points(institutions: Collection[str]) -> Iterator[MeasuringPoint]:
    """Where the use of the IRU is measured: VLANs towards some institutions on the border router, and a class counter."""
    for number, institution in enumerate(INSTITUTIONS_MEASURED):
        if institution in institutions:
            yield MeasuringPoint(f"{institution}-iru", institution, "dar-edge-1", f"irb.{210 + number}")
    if CLASS_MEASURED in institutions:
        towards, back = (_class_counter(f"iru-{way}") for way in ("in", "out"))
        key = f"{CLASS_MEASURED}-iru"
        yield MeasuringPoint(key, CLASS_MEASURED, "dar-edge-2", in_oid=towards, out_oid=back)


def _class_counter(name: str) -> str:
    """jnxFWCounterByteCount (JUNIPER-FIREWALL-MIB) of a counter of the filter "iru"."""
    words = [arc for text in ("iru", name) for arc in (len(text), *text.encode())]
    return ".".join(map(str, (FILTER_OCTETS, *words, COUNTER)))


def _upstream(plan: Plan, device: str, circuit: Circuit, word: str) -> None:
    english, swahili = (
        (f"{word} exchange", f"{word}") if circuit.kind == "exchange" else (f"{word} cable", f"Mkongo wa {word}")
    )
    name = Name(english, swahili)
    anchored = Circuit(
        circuit.key,
        circuit.provider,
        circuit.reference,
        circuit.kind,
        circuit.in_bps,
        circuit.out_bps,
        anchors=plan.anchor_pair(),
        anchor_probe=Probe("udp-echo", ECHO_PORT),
        name=name,
    )
    key = f"up-{circuit.key.removeprefix('iru-')}"
    plan.link(key, (plan.port(device, "wan"), End("external")), "upstream", anchored, name)


def _data_centres(plan: Plan) -> None:
    for code, region, english, swahili in (
        ("dar", DAR, "Government data centre, disaster recovery", "Kituo cha data cha Serikali, cha dharura"),
        ("dod", DODOMA, "Government data centre, primary", "Kituo kikuu cha data cha Serikali"),
    ):
        site, device = f"gdc-{code}", f"gdc-{code}-r1"
        plan.site(site, Name(english, swahili), "datacentre", region=region)
        plan.device(device, site, "edge")
        for letter in "ab":
            key = f"{site}-{letter}"
            ends = (plan.port(CORES[code], "trunk"), plan.port(device, "wan"))
            plan.link(
                key, ends, "datacentre", own(key, 10 * G), Name(f"{english}, link {letter}", f"{swahili}, {letter}")
            )


def _noc(plan: Plan) -> None:
    plan.site("noc", Name("Network operations centre", "Kituo cha uendeshaji mtandao"), "noc", region=DODOMA)
    plan.device(NOC_SWITCH, "noc", "switch")
    for key, core, role in (("noc-a", "dod-core-1", "access"), ("noc-b", "dar-core-1", "backup")):
        ends = (plan.port(NOC_SWITCH, "wan"), plan.port(core, "access"))
        circuit = own(key, G) if role == "access" else hired(key, "NICTBB/NOC/1", (G, G))
        name = Name(f"NOC to {core}", f"NOC hadi {core}")
        plan.link(key, ends, "access" if role == "access" else "backup", circuit, name)
