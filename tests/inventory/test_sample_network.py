"""The sample GovNet is what is told of it: 72 and 77 in 20 regions, and rings that hold one cut and not two."""

from collections import Counter, deque
from collections.abc import Collection
from itertools import combinations
from pathlib import Path

import pytest

import inventory
from inventory.agencies import agencies
from inventory.councils import councils, served_regions
from inventory.model import Inventory
from inventory.reading import check
from inventory.sample_network import ATTACHED_TO, generate
from inventory.writing import write

SAMPLE = Path(inventory.__file__).parent / "sample"


@pytest.fixture(scope="module")
def govnet() -> Inventory:
    return generate()


def reached(network: Inventory, cut: Collection[str] = (), dead: Collection[str] = ()) -> set[str]:
    """Devices with a path from the poller once these links are cut and these devices dead."""
    near: dict[str, list[str]] = {key: [] for key in network.devices}
    for link in network.links.values():
        if link.key not in cut and not link.b.external:
            near[link.a.device].append(link.b.device)
            near[link.b.device].append(link.a.device)
    found, ahead = {ATTACHED_TO}, deque([ATTACHED_TO])
    while ahead:
        for far in near[ahead.popleft()]:
            if far not in found and far not in dead:
                found.add(far)
                ahead.append(far)
    return found


def test_given_the_list_of_councils_then_it_is_that_of_the_mainland() -> None:
    listed = list(councils())
    assert Counter(council.type for council in listed) == {"CC": 6, "MC": 20, "TC": 21, "DC": 137}
    assert len({council.region.name for council in listed}) == 26
    assert len({council.key for council in listed}) == 184
    assert len({agency.code for agency in agencies()}) == 72


def test_given_the_sample_then_it_has_72_agencies_and_77_councils_in_20_regions(govnet: Inventory) -> None:
    members = list(govnet.members())
    assert Counter(site.kind for site in members) == {"mda": 72, "lga": 77}
    regions = {site.region for site in members}
    assert len(regions) == 20 == len(govnet.regions)
    assert {"Dodoma", "Tanga", "Dar es Salaam", "Kagera", "Lindi"} <= regions
    assert all(any(site.kind == "lga" for site in members if site.region == region) for region in regions)


def test_given_the_files_in_the_tree_then_they_are_sound_and_as_generated(govnet: Inventory, tmp_path: Path) -> None:
    read, mistakes, warnings = check(SAMPLE)
    assert (mistakes, warnings) == ((), ())
    assert read == govnet
    for path in write(govnet, tmp_path):
        assert path.read_text() == (SAMPLE / path.name).read_text(), "python -m inventory.sample_network writes it anew"
        assert path.read_text().startswith("# Invented:")


def test_given_the_circuits_then_their_capacity_is_as_bought(govnet: Inventory) -> None:
    iru = [circuit for circuit in govnet.circuits.values() if circuit.kind == "iru"]
    assert {circuit.provider for circuit in iru} == {"seacom", "eassy"}
    assert sum(circuit.in_bps for circuit in iru) == sum(circuit.out_bps for circuit in iru) == 1_550_000_000
    assert govnet.circuits["tix-1"].in_bps == 1_000_000_000
    anchors = [anchor for key in ("iru-seacom-1", "iru-eassy-1", "tix-1") for anchor in govnet.circuits[key].anchors]
    assert len(anchors) == len(set(anchors)) == 6


def test_given_any_link_then_it_has_two_ends_provider_circuit_rates_and_both_names(govnet: Inventory) -> None:
    for link in govnet.links.values():
        assert link.a.device in govnet.devices and (link.b.external or link.b.device in govnet.devices)
        assert govnet.circuits[link.circuit].provider == link.provider in govnet.providers
        assert link.in_bps > 0 and link.out_bps > 0
        assert link.name is not None and link.name.en and link.name.sw
        if link.role in ("access", "backup") and not link.key.startswith("noc"):
            assert 1_000_000 <= link.in_bps <= 100_000_000
        if link.role in ("core", "ring"):
            assert 1_000_000_000 <= link.in_bps <= 10_000_000_000
    assert all(site.name.en and site.name.sw for site in govnet.sites.values())


def test_given_the_names_people_say_then_they_are_there(govnet: Inventory) -> None:
    assert {"dar-core-1", "dod-core-1", "dod-pe-1", "dar-edge-1", "dar-edge-2", "lga-chamwino-r1"} <= set(
        govnet.devices
    )
    assert {"lga-chamwino", "mda-finance"} <= set(govnet.sites)
    assert {"lga-chamwino-a", "core-dar-dod-1", "core-dar-dod-2", "ring-north-dod-sgd"} <= set(govnet.links)
    assert str(govnet.links["lga-chamwino-a"].a) == "dod-pe-1:ge-0/0/1"
    assert str(govnet.links["up-seacom-1"].a) == "dar-edge-1:xe-0/0/0"
    assert govnet.links["up-eassy-1"].a.device == "dar-edge-2"
    assert govnet.links["up-tix-1"].a.device == "dar-edge-1"


def test_given_one_cut_anywhere_in_the_backbone_then_every_device_is_still_reached(govnet: Inventory) -> None:
    backbone = [link.key for link in govnet.links.values() if link.role in ("ring", "core", "datacentre")]
    assert reached(govnet) == set(govnet.devices)
    for key in backbone:
        assert reached(govnet, {key}) == set(govnet.devices), f"{key} alone isolates"


@pytest.mark.parametrize("ring", ["north", "south", "west"])
def test_given_two_cuts_of_one_ring_then_what_lies_between_is_isolated(govnet: Inventory, ring: str) -> None:
    links = [key for key in govnet.links if key.startswith(f"ring-{ring}-")]
    for first, second in combinations(links, 2):
        lost = set(govnet.devices) - reached(govnet, {first, second})
        assert any(key.endswith("-pe-1") for key in lost)


def test_given_a_dead_core_then_the_other_still_carries_the_rings(govnet: Inventory) -> None:
    lost = set(govnet.devices) - reached(govnet, dead={"dar-core-1"})
    assert not any(key.endswith("-pe-1") for key in lost)


def test_given_a_dead_regional_router_then_only_its_sites_that_are_joined_twice_remain(govnet: Inventory) -> None:
    left = {govnet.devices[key].site for key in reached(govnet, dead={"dod-pe-1"})}
    dodoma = {site.key for site in govnet.members() if site.region == "Dodoma"}
    twice = {"mda-finance", "mda-psmgg", "mda-ralg", "mda-pmo", "mda-health", "mda-mkapa"}
    assert dodoma & left == twice
    assert {site.key for site in govnet.members()} - left == dodoma - twice


def test_given_the_devices_then_addresses_are_distinct_and_in_the_labs_range(govnet: Inventory) -> None:
    addresses = [device.address for device in govnet.devices.values()]
    assert len(set(addresses)) == len(addresses)
    assert all(address.startswith(("127.20.", "127.21.")) for address in addresses)
    assert {probe.method for device in govnet.devices.values() for probe in device.probes} == {"udp-echo", "snmp"}


def test_given_one_address_then_ports_tell_all_devices_and_anchors_apart() -> None:
    network = generate(149, one_address=True)
    ports = [device.snmp.port for device in network.devices.values()]
    ports += [probe.port for device in network.devices.values() for probe in device.probes if probe.port]
    ports += [int(a.rpartition(":")[2]) for circuit in network.circuits.values() for a in circuit.anchors]
    assert {device.address for device in network.devices.values()} == {"127.0.0.1"}
    assert len(set(ports)) == len(ports)
    assert max(ports) < 32_768, "under the ports that kernels hand out"


@pytest.mark.parametrize("one_address", [False, True])
@pytest.mark.parametrize("sites", [1, 2, 40, 148, 150, 400])
def test_given_another_number_of_sites_then_so_many_members_and_all_that_joins_them(
    tmp_path: Path, sites: int, one_address: bool
) -> None:
    network = generate(sites, one_address=one_address)
    assert len(list(network.members())) == sites
    assert "lga-chamwino" in network.sites
    assert reached(network) == set(network.devices)
    write(network, tmp_path)
    read, mistakes, warnings = check(tmp_path)
    assert read == network and not mistakes and not warnings


@pytest.mark.parametrize("sites", [0, -1, 10_001])
def test_given_an_impossible_number_of_sites_then_it_is_refused(sites: int) -> None:
    with pytest.raises(ValueError, match="1 to 10000"):
        generate(sites)


def test_given_institutions_then_some_share_a_site_and_some_have_none(govnet: Inventory) -> None:
    assert any(len(there) > 1 for there in govnet.institutions_at.values())
    assert any(institution.site is None for institution in govnet.institutions.values())
    assert {institution.kind for institution in govnet.institutions.values()} >= {"mda", "lga", "hospital", "school"}


def test_given_the_regions_then_each_has_one_regional_router(govnet: Inventory) -> None:
    routers = Counter(govnet.site_of(key).region for key, one in govnet.devices.items() if one.role == "regional")
    assert routers == dict.fromkeys((region.name for region in served_regions()), 1)


@pytest.mark.parametrize("sites", [2_000, pytest.param(10_000, marks=pytest.mark.sweep)])
def test_given_thousands_of_sites_then_they_are_written_and_read_whole(tmp_path: Path, sites: int) -> None:
    network = generate(sites)
    write(network, tmp_path)
    read, mistakes, _ = check(tmp_path)
    assert not mistakes
    assert read == network
