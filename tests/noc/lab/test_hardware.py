"""The lab's routers are believable, and the same for the same name every time."""

import pytest

from inventory.model import Link
from noc.lab.hardware import MODELS, model_of, ports_of
from noc.lab.paths import Plant, latency_of
from tests.noc.lab.network import link, small_network

NETWORK = small_network()


@pytest.mark.parametrize(
    ("interface", "vendor"),
    [
        ("ge-0/0/1", "juniper"),
        ("ae0", "juniper"),
        ("Gi0/0", "cisco"),
        ("Port-channel1", "cisco"),
        ("GigabitEthernet0/0/1", "huawei"),
        ("Eth-Trunk1", "huawei"),
        ("ether1", "mikrotik"),
        ("eth0", "linux"),
    ],
)
def test_given_declared_interfaces_then_the_maker_names_his_ports_so(interface: str, vendor: str) -> None:
    assert model_of(NETWORK.devices["p1"], [interface]) is MODELS[vendor]


def test_given_no_declared_interface_then_the_name_decides_and_always_alike() -> None:
    phone = NETWORK.devices["s3-phone"]
    assert model_of(phone, []) is model_of(phone, [])
    assert ports_of(NETWORK, phone, MODELS["linux"]) == ports_of(NETWORK, phone, MODELS["linux"])


@pytest.mark.parametrize("device", list(NETWORK.devices))
def test_given_a_router_then_declared_links_come_first_and_speeds_carry_what_is_committed(device: str) -> None:
    ports = ports_of(
        NETWORK, NETWORK.devices[device], model_of(NETWORK.devices[device], NETWORK.link_interfaces[device])
    )
    declared = NETWORK.link_interfaces[device]
    assert tuple(port.name for port in ports[: len(declared)]) == declared
    for port in ports[: len(declared)]:
        one = NETWORK.links[port.link]
        assert port.speed_bps >= max(one.in_bps, one.out_bps)
    assert {port.kind for port in ports} >= {"loopback"}


def test_given_links_then_latency_follows_their_role_and_satellites_are_far() -> None:
    plant = Plant(NETWORK, "c1")
    assert plant.latency_ms["s1-a"] < 7
    assert plant.latency_ms["up-sea"] > 60
    assert plant.latency_ms["up-tix"] < 1

    def satellite(key: str) -> Link:
        return link(key, "p1 ge-0/0/9", "s1-r1 Gi0/1", "backup")

    assert latency_of(NETWORK, satellite("s1-vsat")) == 300
    backups = [latency_of(NETWORK, satellite(f"s1-b{n}")) for n in range(40)]
    assert 2 < backups.count(300.0) < 25
