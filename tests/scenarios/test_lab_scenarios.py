"""The shipped lab scenarios, played in virtual time on the sample network: what they promise is what happens."""

from pathlib import Path

import pytest

from inventory.model import Inventory
from inventory.sample_network import ATTACHED_TO, generate
from inventory.topology import Topology
from noc.lab.front import doors_of
from noc.lab.scenario import acts_of, checked, read
from noc.lab.truth import truth_of
from noc.lab.world import World

START = 1_790_000_000.0
SHIPPED = Path(__file__).resolve().parents[2] / "noc" / "lab" / "scenarios"


@pytest.fixture(scope="module")
def network() -> Inventory:
    return generate()


def played(network: Inventory, name: str) -> World:
    scenario = read(SHIPPED / f"{name}.toml")
    stage = World(network, attached_to=ATTACHED_TO, start=START, seed=scenario.seed)
    acts = acts_of(scenario, stage, START)
    return World(network, attached_to=ATTACHED_TO, start=START, seed=scenario.seed, acts=acts)


def silent(world: World, t: float) -> set[str]:
    return {key for key in world.inventory.devices if world.echo(key, b"?", START + t) is None}


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.toml")), ids=lambda path: path.stem)
def test_given_a_shipped_scenario_then_it_fits_the_sample_and_all_is_well_at_its_end(
    network: Inventory, path: Path
) -> None:
    scenario = read(path)
    assert scenario.title
    assert scenario.lasts_s
    world = played(network, path.stem)
    assert silent(world, 0.0) == set()
    truth = truth_of(world, START + scenario.lasts_s)
    assert {intervals[-1]["state"] for intervals in truth["devices"].values()} == {"up"}
    assert {intervals[-1]["state"] for intervals in truth["links"].values()} == {"up"}


def test_given_the_demo_then_chamwino_is_cut_off_and_comes_back(network: Inventory) -> None:
    world = played(network, "demo")
    assert [silent(world, t) for t in (20, 60, 160)] == [set(), {"lga-chamwino-r1"}, set()]


def test_given_the_core_dies_then_only_what_hangs_on_it_alone_is_cut_off(network: Inventory) -> None:
    world = played(network, "core-death")
    gone = silent(world, 120)
    regions = {network.site_of(device).region for device in gone if network.devices[device].role == "regional"}
    assert regions == {
        "Tabora",
        "Kigoma",
        "Kagera",
        "Mara",
        "Mwanza",
        "Shinyanga",
    }  # the west ring begins and ends there
    way = world.way("dod-pe-1", START + 120)
    assert way is not None
    assert way.latency_ms > world.epochs.at(START).ways["dod-pe-1"].latency_ms


def test_given_two_ring_cuts_then_the_regions_between_are_isolated(network: Inventory) -> None:
    world = played(network, "ring-cut")
    assert silent(world, 90) == set()
    isolated = {network.site_of(device).region for device in silent(world, 200)}
    assert isolated == {"Mtwara", "Ruvuma"}
    assert silent(world, 250) == set()


def test_given_a_submarine_cut_then_ports_stay_up_and_anchors_tell(network: Inventory) -> None:
    world = played(network, "submarine-cut")
    truth = truth_of(world, START + 480)
    assert [one["state"] for one in truth["links"]["up-seacom-1"]] == ["up", "cut-beyond", "up"]
    assert [one["anchors"] for one in truth["circuits"]["iru-eassy-1"]] == [True, False, True]
    assert silent(world, 200) == set()
    assert set(truth["links"]["up-seacom-1"][1]["ends"].values()) == {"up"}


@pytest.mark.parametrize(
    ("devices", "links"),
    [
        (["dod-core-1"], []),
        (["dar-core-1"], ["ring-west-dod-shi"]),
        (["tab-pe-1", "shi-pe-1"], []),
        ([], ["ring-south-dar-pwa", "ring-south-dod-mor"]),
        (["mda-health-r1"], ["noc-a"]),
    ],
)
def test_given_damage_then_lab_and_topology_agree_on_who_is_cut_off(
    network: Inventory, devices: list[str], links: list[str]
) -> None:
    world = World(network, attached_to=ATTACHED_TO, start=START)
    for device in devices:
        world.damage.darken(device, "test", ports=False)
    for link in links:
        world.damage.cut.setdefault(link, set()).add("test")
    ways = world.plant.ways(world.damage, (ATTACHED_TO,))
    assert set(ways) == Topology(network, ATTACHED_TO).reachable(set(devices), set(links))


@pytest.mark.parametrize("one_address", [False, True])
def test_given_the_sample_then_every_router_echo_and_anchor_has_a_port_of_its_own(one_address: bool) -> None:
    world = World(generate(30, one_address=one_address), attached_to=ATTACHED_TO, start=START)
    doors = [(door.address, door.port) for door in doors_of(world)]
    assert len(set(doors)) == len(doors) == 2 * len(world.inventory.devices) + 6
    assert ({address for address, _ in doors} == {"127.0.0.1"}) == one_address
    assert all(world.anchor(circuit, b"?", START) == b"?" for circuit in world.anchors.values())


def test_given_a_week_at_the_exchange_then_its_mean_use_is_what_is_known(network: Inventory) -> None:
    world = World(network, attached_to=ATTACHED_TO, start=START)
    line = network.links["up-tix-1"]
    router = world.routers[line.a.device]
    number = router.number_of[line.a.interface]
    week = 7 * 86_400
    carried = router.counts(number, START + week).in_octets - router.counts(number, START).in_octets
    ratio = carried * 8 / week / line.in_bps
    assert ratio == pytest.approx(0.85, abs=0.02)


def test_given_two_links_beside_each_other_then_they_share_and_one_takes_over(network: Inventory) -> None:
    world = World(network, attached_to=ATTACHED_TO, start=START)
    acts, wrong = checked({"do": "link_down", "link": "core-dar-dod-1", "at": 100}, world, START)
    assert acts is not None, wrong
    world.add(acts)

    def sent(link: str, since: float) -> int:
        end = network.links[link].a
        router = world.routers[end.device]
        number = router.number_of[end.interface]
        return router.counts(number, START + since + 60).out_octets - router.counts(number, START + since).out_octets

    first, second = sent("core-dar-dod-1", 10), sent("core-dar-dod-2", 10)
    assert 0.5 < first / second < 2
    world.advance(START + 100)
    assert sent("core-dar-dod-1", 100) == 0
    assert sent("core-dar-dod-2", 100) > 1.4 * second
