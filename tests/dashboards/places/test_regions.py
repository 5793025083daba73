from dashboards.places.dependants import dependants, singles
from dashboards.places.services import depending
from dashboards.places.tilemap import tiles
from dashboards.status import age_of
from inventory.model import Device, End, Inventory, Link, Name, Service, Site
from inventory.status import DaemonMark, StatusRow
from inventory.topology import Topology

NOW = 1_784_581_200.0
AGE = age_of(DaemonMark(at=NOW, started=NOW - 60), NOW)


def link(key: str, a: str, b: str) -> Link:
    return Link(key, End(a, f"to-{b}-{key}"), End(b, f"to-{a}-{key}"), "access", "ttcl", "", 10, 10)


def network(*pairs: tuple[str, str], services: dict[str, Service] | None = None) -> Inventory:
    """A site a device of the same name, links between them."""
    names = sorted({name for pair in pairs for name in pair})
    return Inventory(
        sites={name: Site(name, Name(name), "lga", "Dodoma" if name < "m" else "Pwani") for name in names},
        devices={name: Device(name, name, f"192.0.2.{place}") for place, name in enumerate(names)},
        links={f"{a}-{b}": link(f"{a}-{b}", a, b) for a, b in pairs},
        services=services or {},
    )


def test_given_a_hub_then_what_hangs_on_it_alone_depends_on_it() -> None:
    inventory = network(("noc", "hub"), ("hub", "leaf"), ("hub", "twin"), ("noc", "twin"))
    topology = Topology(inventory, "noc")
    assert list(dependants(inventory, topology, "hub")) == ["leaf"]
    assert list(dependants(inventory, topology, "leaf")) == []


def test_given_a_site_of_two_devices_then_only_when_both_are_cut_off_it_depends() -> None:
    inventory = network(("noc", "hub"), ("hub", "leaf"))
    more = dict(inventory.devices) | {"leaf-2": Device("leaf-2", "leaf", "192.0.2.77")}
    links = dict(inventory.links) | {"second": link("second", "noc", "leaf-2")}
    both = Inventory(sites=inventory.sites, devices=more, links=links)
    assert list(dependants(both, Topology(both, "noc"), "hub")) == []


def test_given_single_points_then_those_of_most_sites_come_first_and_each_cable_once() -> None:
    inventory = network(("noc", "hub"), ("hub", "x1"), ("hub", "x2"), ("x2", "x3"), ("x3", "x4"))
    found = singles(inventory, Topology(inventory, "noc"))
    assert [(one.kind, one.key, len(one.sites)) for one in found] == [
        ("device", "noc", 5),
        ("device", "hub", 4),
        ("device", "x2", 2),
    ]


def test_given_a_ring_then_nothing_on_it_is_a_single_point() -> None:
    inventory = network(("noc", "a"), ("a", "b"), ("b", "c"), ("c", "noc"))
    assert [one.key for one in singles(inventory, Topology(inventory, "noc"))] == ["noc"]


def test_given_states_then_a_tile_takes_the_worst_of_its_region_and_what_is_old_is_not_known() -> None:
    inventory = network(("a", "z"), ("a", "b"))
    rows = {
        "a": StatusRow("site", "a", state="up", at=NOW - 1),
        "b": StatusRow("site", "b", state="down", at=NOW - 1),
        "z": StatusRow("site", "z", state="up", at=NOW - 3600),
    }
    found = {one.place.region: one for one in tiles(inventory, rows, AGE)}
    assert len(found) == 26
    assert (found["Dodoma"].worst, found["Dodoma"].wrong, found["Dodoma"].sites) == ("down", 1, 2)
    assert (found["Pwani"].worst, found["Pwani"].stale) == ("unknown", 1)
    assert (found["Kigoma"].worst, found["Kigoma"].sites) == ("", 0)


def test_given_services_then_what_something_is_wrong_with_comes_first_and_nothing_is_claimed_of_the_rest() -> None:
    services = {
        "calm": Service("calm", Name("Calm"), ("a",)),
        "hurt": Service("hurt", Name("Hurt"), ("a", "b")),
        "loose": Service("loose", Name("Loose")),
    }
    inventory = network(("a", "b"), services=services)
    rows = {"a": StatusRow("site", "a", state="up"), "b": StatusRow("site", "b", state="unreachable")}
    found = depending(inventory, rows)
    assert [(one.service.key, one.worst, one.well) for one in found] == [
        ("hurt", "unreachable", 1),
        ("calm", "up", 1),
        ("loose", "unknown", 0),
    ]
