"""The documents of the API that tell what the network is made of."""

from typing import Annotated, Any

from pydantic import Field

from dashboards.web.api.models import Listed, Time, Told


class Name(Told):
    """In both languages."""

    en: str
    sw: str


class Region(Told):
    """A region and its sites."""

    key: str
    name: Name
    sites: list[str]
    counts: Annotated[dict[str, int], Field(description="State -> how many of its sites.")]


class OneRegion(Told):
    """One region."""

    at: Time
    region: Region


class RegionList(Listed):
    """Regions."""

    regions: list[Region]


class Provider(Told):
    """Who delivers circuits."""

    key: str
    name: Name
    telephone: str
    email: str
    circuits: list[str]


class OneProvider(Told):
    """One provider."""

    at: Time
    provider: Provider


class ProviderList(Listed):
    """Providers."""

    providers: list[Provider]


class Service(Told):
    """What people use; declared to depend on sites, nothing more is claimed."""

    key: str
    name: Name
    url: str
    sites: Annotated[dict[str, str], Field(description="Site -> how it stands.")]


class OneService(Told):
    """One service."""

    at: Time
    service: Service


class ServiceList(Listed):
    """Services."""

    services: list[Service]


class Institution(Told):
    """Who is served."""

    key: str
    name: Name
    kind: str
    site: str | None
    state: Annotated[str | None, Field(description="Of its site; null of one without.")]


class OneInstitution(Told):
    """One institution."""

    at: Time
    institution: Institution


class InstitutionList(Listed):
    """Institutions."""

    institutions: list[Institution]


class Carried(Told):
    """A circuit by the worst of the links that carry it."""

    key: str
    provider: str
    link: str
    state: str
    stale: bool
    since: Time | None
    reason: str
    flags: list[str]
    in_bps: float | None
    out_bps: float | None
    ratio: Annotated[float | None, Field(description="Of the contracted rate, the worse way.")]
    measured: bool


class CircuitList(Listed):
    """Circuits and how they stand."""

    warnings: list[str]
    circuits: list[Carried]


class Circuit(Told):
    """What is declared of a circuit."""

    key: str
    provider: str
    reference: str
    kind: str
    in_bps: int
    out_bps: int
    name: Name | None
    anchors: list[str]
    links: list[Carried]


class OneCircuit(Told):
    """One circuit."""

    at: Time
    circuit: Circuit


class DeviceFacts(Told):
    """What a device told of itself, with the keys of `noc device facts --json`; null: nothing yet."""

    at: Time
    device: str
    facts: dict[str, Any] | None


class Mistake(Told):
    """Something to mend in a file."""

    file: str
    line: int
    message: str
    hint: str


class InventoryCounts(Told):
    """How much there is, and whether its files are in order."""

    at: Time
    used_at: Annotated[Time | None, Field(description="When the inventory in use was read.")]
    looked_at: Time
    counts: dict[str, int]
    mistakes: list[Mistake]
    warnings: list[Mistake]


class Entries(Listed):
    """Entries of one kind, as the files have them."""

    kind: str
    entries: list[dict[str, Any]]


class Cable(Told):
    """A declared link, and what devices see of it."""

    key: str
    a: str
    b: str
    verdict: str
    what: str
    ends: dict[str, Any]


class Undeclared(Told):
    """Seen, but not declared."""

    a: str
    b: str
    told_by: list[str]


class Neighbour(Told):
    """Somebody who is not in the inventory."""

    device: str
    interface: str
    neighbour: str
    port: str
    protocol: str


class Cabling(Told):
    """The declared links held against what LLDP and CDP tell."""

    at: Time
    oldest_at: Time | None
    different: bool | int
    counts: dict[str, int]
    links: list[Cable]
    undeclared: list[Undeclared]
    unknown: list[Neighbour]
    silent: list[str]
