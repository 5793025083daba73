"""The system group is asked on first sight, after a restart, and hourly."""

import asyncio
from collections.abc import Sequence

import pytest

from collectors.contract import NoAnswer, Unsupported
from collectors.system import NAMES, System
from inventory.batch import Facts
from tests.collectors.box import Box, Clock, Router, target


def collect(system: System) -> Sequence[Facts]:
    return asyncio.run(system.collect(target(collector="system"), 0))


def test_a_device_tells_who_it_is_once_and_again_after_an_hour() -> None:
    router, clock = Router(), Clock()
    router.system["sysDescr"] = b"Cisco IOS\r\nVersion 15\0"
    system = System(lambda _: router, clock)
    (facts,) = collect(system)
    assert facts.part == "system"
    assert {name: facts.content[name] for name in NAMES} == {
        "sysDescr": "Cisco IOS Version 15",
        "sysObjectID": "1.3.6.1.4.1.1",
        "sysName": "dod-pe-1",
        "sysLocation": "Dodoma",
        "sysContact": "noc",
    }
    clock.now += 3599
    assert collect(system) == ()
    asked = len(router.asked)
    clock.now += 1
    assert len(collect(system)) == 1
    assert len(router.asked) == 2 * asked


def test_after_a_restart_it_is_asked_anew() -> None:
    router, clock = Router(), Clock()
    system = System(lambda _: router, clock)
    collect(system)
    system.note("dod-pe-1", clock.now + 30, (router.uptime or 0) + 3000)
    assert not system.wanted("dod-pe-1")
    system.note("dod-pe-1", clock.now + 60, 500)
    assert system.wanted("dod-pe-1")


def test_a_failure_leaves_it_wanted() -> None:
    router = Router()
    router.failure = NoAnswer("dod-pe-1")
    system = System(lambda _: router, Clock())
    with pytest.raises(NoAnswer):
        collect(system)
    assert system.wanted("dod-pe-1")


def test_a_device_without_the_group_is_named_once_an_hour() -> None:
    system = System(lambda _: Box(dict), Clock())
    with pytest.raises(Unsupported):
        collect(system)
    assert collect(system) == ()


def test_a_forgotten_device_is_asked_anew() -> None:
    system = System(lambda _: Router(), Clock())
    collect(system)
    system.forget("dod-pe-1")
    assert system.wanted("dod-pe-1")
