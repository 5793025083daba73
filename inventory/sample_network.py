"""GovNet as a sample: 72 ministries and agencies and 77 councils in 20 regions, behind an invented backbone.

`python -m inventory.sample_network` writes `inventory/sample/` anew; the same call always gives the same files.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Literal
from zlib import crc32

from inventory.agencies import Agency, agencies
from inventory.councils import Council, councils, served_regions
from inventory.model import Contact, End, Institution, Inventory, Name, Provider, Service
from inventory.sample_backbone import CORES, NOC_SWITCH, M, contracts, draw_backbone, points, regional_router
from inventory.sample_plan import Plan, hired, keyed
from inventory.sample_requests import APPROVED, requests_csv, without_site
from inventory.writing import write

MEMBERS = 149
MOST_MEMBERS = 10_000
ATTACHED_TO = NOC_SWITCH
GATEWAY = NOC_SWITCH
_SHIFT: tuple[tuple[str, str, Literal["sw", "en"]], ...] = (  # invented people
    ("a-mushi", "Asha Mushi", "sw"),
    ("j-kimaro", "Joseph Kimaro", "sw"),
    ("n-mollel", "Neema Mollel", "en"),
    ("s-juma", "Salum Juma", "sw"),
    ("f-komba", "Flora Komba", "sw"),
    ("p-mwita", "Peter Mwita", "en"),
)
_FIRST = ("lga-chamwino",)  # on the first access port of dod-pe-1, and there however small the network is


@dataclass(frozen=True, slots=True)
class _Member:
    """One member site to be drawn: `code` is its region's, `second` the router of its second link or nothing."""

    key: str
    name: Name
    kind: Literal["mda", "lga"]
    code: str
    region: str
    rates: tuple[int, ...]
    second: str = ""
    institution: str = ""
    parent: str | None = None


def generate(sites: int = MEMBERS, *, one_address: bool = False) -> Inventory:
    """The network with that many member sites (1 to 10,000); what joins them is always there whole."""
    if not 1 <= sites <= MOST_MEMBERS:
        raise ValueError(f"{sites} member sites: 1 to {MOST_MEMBERS} can be drawn")
    plan = Plan(one_address=one_address)
    draw_backbone(plan)
    members = list(_members(sites))
    for member in members:
        _draw(plan, member)
    institutions = keyed(_institutions(members))
    return plan.inventory(
        {
            "regions": {region.name: Name(region.name) for region in served_regions()},
            "institutions": institutions,
            "providers": keyed(_providers()),
            "services": keyed(_services()),
            "contacts": keyed(_contacts()),
            "contracts": keyed(contracts()),
            "points": keyed(points(institutions)),
        }
    )


def _members(count: int) -> Iterator[_Member]:
    sample = [_agency(agency) for agency in agencies()] + [_council(one) for one in councils() if one.sample]
    sample.sort(key=lambda member: member.key not in _FIRST)
    if count >= MEMBERS:
        yield from sample
        yield from islice(_further(), count - MEMBERS)
        return
    # a small network is a mixed handful of the whole, always the same one
    order = sorted((member.key for member in sample), key=lambda key: (key not in _FIRST, crc32(key.encode()), key))
    chosen = set(order[:count])
    yield from (member for member in sample if member.key in chosen)


def _agency(agency: Agency) -> _Member:
    regions = {region.code: region.name for region in served_regions()}
    second = CORES.get(agency.region, regional_router("shi" if agency.region == "mwz" else "iri"))
    return _Member(
        agency.key,
        Name(agency.english, agency.swahili),
        "mda",
        agency.region,
        regions[agency.region],
        (10, 20, 50, 100),
        second=second if agency.twice else "",
        institution="hospital" if agency.hospital else "mda",
    )


def _council(council: Council) -> _Member:
    return _Member(
        f"lga-{council.key}",
        Name(council.english, council.swahili),
        "lga",
        council.region.code,
        council.region.name,
        (10, 20) if council.type in ("CC", "MC") else (2, 4, 6, 10),
        institution="lga",
    )


def _further() -> Iterator[_Member]:
    """Beyond the 149: the other councils of the regions, then ward offices without end."""
    listed = [council for council in councils() if council.region.served]
    yield from (_council(council) for council in listed if not council.sample)
    number = 0
    while True:
        number += 1
        for council in listed:
            parent = f"lga-{council.key}"
            name = Name(f"{council.english}, ward office {number}", f"{council.swahili}, ofisi ya kata {number}")
            where = (council.region.code, council.region.name)
            yield _Member(f"{parent}-w{number}", name, "lga", *where, (2, 4), parent=parent)


def _draw(plan: Plan, member: _Member) -> None:
    """One router, or two where the site is joined twice: what goes between others never goes through a site."""
    plan.site(member.key, member.name, member.kind, region=member.region, parent=member.parent)
    draw = crc32(member.key.encode())
    down = member.rates[draw % len(member.rates)] * M
    rates = (down, down // 2 if draw % 7 == 0 else down)
    interface = ("Gi0/0", "ge-0/0/0", "ether1")[draw // 8 % 3]
    upward = [regional_router(member.code)] + ([member.second] if member.second else [])
    for number, router in enumerate(upward):
        letter, device = "ab"[number], f"{member.key}-r{number + 1}"
        plan.device(device, member.key, "cpe")
        key = f"{member.key}-{letter}"
        ends = (plan.port(router, "access"), End(device, interface))
        circuit = hired(key, f"TTCL/{member.code.upper()}/{len(plan.circuits):05d}", rates)
        name = Name(f"{member.name.en}, link {letter}", f"{member.name.sw}, kiungo {letter}")
        plan.link(key, ends, "backup" if number else "access", circuit, name)


def _institutions(members: list[_Member]) -> Iterator[Institution]:
    number = 200
    for member in members:
        if member.institution:
            number += 1
            kind = member.institution if member.institution in ("mda", "hospital") else "lga"
            yield Institution(member.key, member.name, kind, member.key, str(number))  # type: ignore[arg-type]
    keys = {member.key for member in members}
    for region in served_regions():
        seat = next(f"lga-{one.key}" for one in councils() if one.region == region)
        if seat in keys:
            name = Name(f"{region.name} Regional Secretariat", f"Sekretarieti ya Mkoa wa {region.name}")
            yield Institution(f"rs-{region.code}", name, "other", seat)
    yield from without_site()


def sample_requests(network: Inventory) -> str:
    """requests.csv of a sample network of any size: who holds what of the cables, in the whole sample of 182."""
    whole = generate(MEMBERS).institutions.values()
    chosen = [one for one in whole if not one.key.startswith("rs-")][:APPROVED]
    return requests_csv(chosen, network)


def _providers() -> Iterator[Provider]:
    yield Provider("ttcl", Name("TTCL, national backbone (NICTBB)", "TTCL, Mkongo wa Taifa"), "+255 22 000 0100")
    yield Provider("seacom", Name("SEACOM"), "+255 22 000 0200", "noc@seacom.example")
    yield Provider("eassy", Name("EASSy"), "+255 22 000 0300", "noc@eassy.example")
    yield Provider("tispa", Name("TISPA, Tanzania Internet eXchange (TIX)"), "+255 22 000 0400")
    yield Provider("ega", Name("e-Government Authority", "Mamlaka ya Serikali Mtandao"), "+255 22 000 0500")


def _services() -> Iterator[Service]:
    both = ("gdc-dod", "gdc-dar")
    for key, english, swahili, url in (
        ("gms", "Government mail (GMS)", "Barua pepe za Serikali (GMS)", ""),
        ("eoffice", "e-Office", "Ofisi Mtandao", "https://eoffice.gov.go.tz"),
        ("mgov", "mGov, short messages 15200", "mGov, ujumbe mfupi 15200", ""),
        ("govesb", "GovESB, exchange between systems", "GovESB, mabadilishano ya mifumo", ""),
        ("gepg", "GePG payments", "GePG, malipo ya Serikali", ""),
        ("emikutano", "e-Mikutano meetings", "e-Mikutano", ""),
        ("tovuti-kuu", "Government portal", "Tovuti Kuu ya Serikali", "https://www.tanzania.go.tz"),
        ("ajira", "Ajira portal", "Tovuti ya Ajira", ""),
    ):
        yield Service(key, Name(english, swahili), both, url)


def _contacts() -> Iterator[Contact]:
    """An invented shift: six who take turns, their supervisor, and the desk's mailbox. No number is anybody's."""
    for number, (key, name, language) in enumerate(_SHIFT, 1):
        person = key.replace("-", ".")
        yield Contact(key, name, f"+255 700 000 {number:03}", f"{person}@noc.example", language, ("on-call",))
    yield Contact("h-mfinanga", "Halima Mfinanga", "+255 700 000 010", "h.mfinanga@noc.example", "en", ("supervisor",))
    yield Contact("noc-desk", "Dawati la NOC", email="desk@noc.example")


if __name__ == "__main__":
    write(generate(), Path(__file__).parent / "sample")
