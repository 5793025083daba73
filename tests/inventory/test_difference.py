"""What a reload has to touch: what came, what went, what reads differently, and nothing else."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.difference import changed_fields, diff, touched_devices
from inventory.model import Device, Inventory, Name, Site
from inventory.sample_network import generate


def test_given_the_same_inventory_in_another_order_then_nothing_changed() -> None:
    old = generate(5)
    new = replace(old, devices=dict(reversed(old.devices.items())))
    assert not diff(old, new)
    assert touched_devices(old, new) == frozenset()


def test_given_one_of_each_then_kinds_and_keys_are_told() -> None:
    old = generate(5)
    devices = dict(old.devices)
    gone = devices.pop("lga-chamwino-r1")
    devices["dar-core-1"] = replace(devices["dar-core-1"], address="10.0.0.1")
    devices["new-r1"] = replace(gone, key="new-r1")
    found = diff(old, replace(old, devices=devices))
    change = found["devices"]
    assert (change.added, change.removed, change.changed) == (("new-r1",), ("lga-chamwino-r1",), ("dar-core-1",))
    assert not found["links"] and bool(found)
    fields = changed_fields(old.devices["dar-core-1"], devices["dar-core-1"])
    assert fields == {"address": (old.devices["dar-core-1"].address, "10.0.0.1")}


def test_given_a_changed_link_then_only_the_devices_on_it_are_touched() -> None:
    old = generate(5)
    link = old.links["lga-chamwino-a"]
    new = replace(old, links={**old.links, link.key: replace(link, in_bps=1_000_000)})
    assert touched_devices(old, new) == {"dod-pe-1", "lga-chamwino-r1"}


def test_given_a_removed_link_then_the_devices_it_was_on_are_touched() -> None:
    old = generate(5)
    links = {key: link for key, link in old.links.items() if key != "up-seacom-1"}
    assert touched_devices(old, replace(old, links=links)) == {"dar-edge-1"}


def test_given_a_renamed_site_then_its_devices_are_touched() -> None:
    old = generate(5)
    sites = {**old.sites, "noc": replace(old.sites["noc"], name=Name("Elsewhere"))}
    assert touched_devices(old, replace(old, sites=sites)) == {"noc-sw-1"}


ADDRESSES = st.dictionaries(st.sampled_from("abcdef"), st.sampled_from(["10.0.0.1", "10.0.0.2"]))


@settings(deadline=None, max_examples=100)
@given(ADDRESSES, ADDRESSES)
def test_given_two_inventories_then_old_with_the_difference_is_new(old: dict[str, str], new: dict[str, str]) -> None:
    before, after = (
        Inventory(
            {"R": Name("R")},
            sites={"s": Site("s", Name("S"), "noc", "R")},
            devices={key: Device(key, "s", address) for key, address in one.items()},
        )
        for one in (old, new)
    )
    change = diff(before, after)["devices"]
    made = {key: value for key, value in old.items() if key not in change.removed}
    made |= {key: new[key] for key in (*change.added, *change.changed)}
    assert made == new
    assert change.touched == {key for key in {*old, *new} if old.get(key) != new.get(key)}
