"""A little network and months of it, for the tests of reports."""

from datetime import date

from dashboards.reports.document import Period
from inventory.calendar import Month
from inventory.model import (
    Circuit,
    Contract,
    Device,
    End,
    Institution,
    Inventory,
    Link,
    MeasuringPoint,
    Name,
    Provider,
    Site,
)

NOVEMBER = Month(2026, 11)  # of 30 days
MINUTE, HOUR, DAY = 60, 3600, 86_400


def whole(month: Month) -> Period:
    return Period(month, month.end)


def little() -> Inventory:
    """A core, two councils behind it, one cable; the ministry of health has no site."""
    sites = (
        Site("core", Name("Core"), "core", "dar"),
        Site("lga-bahi", Name("Bahi DC", "H/W Bahi"), "lga", "dodoma"),
        Site("lga-chemba", Name("Chemba DC", "H/W Chemba"), "lga", "dodoma"),
    )
    devices = (
        Device("core-1", "core", "192.0.2.1", role="core"),
        Device("bahi-r1", "lga-bahi", "192.0.2.2"),
        Device("chemba-r1", "lga-chemba", "192.0.2.3"),
    )
    links = (
        Link("l-bahi", End("core-1", "ge1"), End("bahi-r1", "wan"), "access", "ttcl", "c-bahi", 10**7, 10**7),
        Link("l-chemba", End("core-1", "ge2"), End("chemba-r1", "wan"), "access", "ttcl", "c-chemba", 10**7, 5 * 10**6),
        Link("l-cable", End("core-1", "xe1"), End("external"), "upstream", "seacom", "iru-1", 775 * 10**6, 775 * 10**6),
    )
    institutions = (
        Institution("bahi", Name("Bahi District Council", "Halmashauri ya Bahi"), "lga", "lga-bahi"),
        Institution("chemba", Name("Chemba District Council"), "lga", "lga-chemba"),
        Institution("hospital", Name("Benjamin Mkapa Hospital"), "hospital", None),
    )
    circuit = Circuit("iru-1", "seacom", "S/1", "iru", 775 * 10**6, 775 * 10**6)
    contract = Contract("seacom-iru", "seacom", "S/1", ("iru-1",), 775 * 10**6, 775 * 10**6, date(2012, 7, 1))
    point = MeasuringPoint("p-bahi", "bahi", "bahi-r1", "vlan7", contract="seacom-iru")
    providers = (Provider("ttcl", Name("TTCL")), Provider("seacom", Name("SEACOM")))
    return Inventory(
        regions={"dar": Name("Dar es Salaam"), "dodoma": Name("Dodoma")},
        sites={each.key: each for each in sites},
        devices={each.key: each for each in devices},
        links={each.key: each for each in links},
        institutions={each.key: each for each in institutions},
        circuits={"iru-1": circuit},
        contracts={"seacom-iru": contract},
        points={"p-bahi": point},
        providers={each.key: each for each in providers},
    )
