"""One liveness round: all declared probes at once, ports of declared links with the snmp one (SEMANTICS 46)."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace

import pytest

from collectors.contract import CredentialsRefused, NoAnswer, Oid, Unsupported, Value
from collectors.interfaces import Interfaces
from collectors.liveness import LIMIT_S, OVERSLEPT_S, Liveness, cheapest
from collectors.oids import OIDS
from collectors.probes import Probes
from collectors.pulse import Pulse
from inventory.model import Circuit, Device, Probe
from tests.collectors.box import Clock, Port, Router, target
from tests.collectors.test_sockets import HERE, Server
from tests.stalls import undisturbed

pytestmark = pytest.mark.xdist_group("liveness")

SNMP = Probe("snmp")
LINKS = ("ge1", "ge3")


def ports() -> list[Port]:
    return [Port(1, "ge1"), Port(2, "ge2"), Port(3, "ge3", oper=2)]


class Round:
    """A router with its list read, asked for life."""

    def __init__(self, router: Router, *probes: Probe) -> None:
        self.router = router
        self.clock = Clock()
        self.device = Device("dod-pe-1", "dodoma", HERE, probes=probes or (SNMP,))
        self.interfaces = Interfaces(lambda _: router, self.clock)

    async def read_list(self) -> None:
        self.router.asked.clear()
        await self.interfaces.collect(target(), int(self.clock.now))

    def pass_time(self, seconds: float, uptime_s: float | None = None) -> None:
        self.clock.now += seconds
        self.router.uptime = (self.router.uptime or 0) + int((seconds if uptime_s is None else uptime_s) * 100)

    def liveness(self, probes: Probes) -> Liveness:
        return Liveness(probes, lambda _: self.router, self.interfaces, self.clock)


def ask(round_: Round, links: Sequence[str] = LINKS) -> Pulse:
    async def story() -> Pulse:
        async with Probes() as probes:
            return await round_.liveness(probes).ask(round_.device, links)

    return asyncio.run(story())


def test_before_the_list_is_known_only_uptime_is_asked() -> None:
    round_ = Round(Router(ports()))
    pulse = ask(round_)
    assert pulse.rtts_ms[SNMP] is not None
    assert pulse.uptime_ticks == round_.router.uptime
    assert pulse.ports == {}
    assert round_.router.asked == [("get", (OIDS["sysUpTime"],))]


def test_uptime_and_the_ports_of_declared_links_come_in_one_question() -> None:
    round_ = Round(Router(ports()))
    asyncio.run(round_.read_list())
    round_.router.asked.clear()
    pulse = ask(round_)
    assert pulse.ports == {"ge1": 1, "ge3": 2}
    status = OIDS["ifOperStatus"]
    assert round_.router.asked == [("get", (OIDS["sysUpTime"], f"{status}.1", f"{status}.3"))]


def test_a_declared_interface_that_the_device_does_not_have_is_absent() -> None:
    round_ = Round(Router(ports()))
    asyncio.run(round_.read_list())
    assert ask(round_, ("ge1", "xe9")).ports == {"ge1": 1}


def test_rule_46_every_declared_probe_is_asked_and_each_has_its_own_answer() -> None:
    async def story() -> tuple[Pulse, Probe, Probe]:
        async with Server() as alive, Server(lambda _: None) as silent, Probes() as probes:
            round_ = Round(Router(ports()), alive.probe, silent.probe, SNMP)
            round_.router.failure = NoAnswer("dod-pe-1")
            return await round_.liveness(probes).ask(round_.device), alive.probe, silent.probe

    def told(_: float) -> None:
        pulse, alive, silent = asyncio.run(story())
        assert pulse.rtts_ms[alive] is not None
        assert pulse.rtts_ms[silent] is None
        assert pulse.rtts_ms[SNMP] is None
        assert pulse.refused == ""

    undisturbed(told, bears_s=OVERSLEPT_S / 2)


def test_rule_46_a_refusal_is_told_apart_from_silence() -> None:
    round_ = Round(Router(ports()))
    round_.router.failure = CredentialsRefused("dod-pe-1")
    pulse = ask(round_)
    assert pulse.rtts_ms == {SNMP: None}
    assert pulse.refused == "credentials refused"


def test_rule_09_a_dead_device_costs_one_cheap_probe() -> None:
    device = Device("d", "s", HERE, probes=(Probe("tcp", 443), SNMP, Probe("icmp"), Probe("udp-echo", 7)))
    assert cheapest(device) == (Probe("udp-echo", 7),)
    assert cheapest(replace(device, probes=(Probe("tcp", 443), SNMP))) == (SNMP,)

    async def story() -> Pulse:
        async with Server() as server, Probes() as probes:
            round_ = Round(Router(ports()), SNMP, server.probe)
            pulse = await round_.liveness(probes).ask(round_.device, LINKS, cheapest(round_.device))
            assert round_.router.asked == []
            return pulse

    assert [probe.method for probe in asyncio.run(story()).rtts_ms] == ["udp-echo"]


def test_an_agent_that_hangs_is_lost_within_the_limit() -> None:
    class Hung(Router):
        async def get(self, oids: Sequence[Oid]) -> Sequence[Value]:
            await asyncio.sleep(60)
            return await super().get(oids)

    def told(_: float) -> None:
        assert ask(Round(Hung(ports()))).rtts_ms == {SNMP: None}

    undisturbed(told, bears_s=OVERSLEPT_S / 2)


def test_a_poller_that_had_no_time_itself_calls_nothing_lost() -> None:
    def something_else() -> None:
        time.sleep(LIMIT_S + 2 * OVERSLEPT_S)

    class Busy(Router):
        async def get(self, oids: Sequence[Oid]) -> Sequence[Value]:
            something_else()  # it kept the loop; the answer waits in the socket
            await asyncio.sleep(60)
            return await super().get(oids)

    pulse = ask(Round(Busy(ports())))
    assert pulse.rtts_ms == {}


def test_a_slow_line_gets_three_times_its_round_trip() -> None:
    class Slow(Router):
        delay_s = 0.6

        async def get(self, oids: Sequence[Oid]) -> Sequence[Value]:
            await asyncio.sleep(self.delay_s)
            return await super().get(oids)

    async def story() -> Pulse:
        async with Probes() as probes:
            router = Slow(ports())
            round_ = Round(router)
            liveness = round_.liveness(probes)
            await liveness.ask(round_.device)
            router.delay_s = 1.2  # over a second, under three times what it was
            return await liveness.ask(round_.device)

    def told(_: float) -> None:
        assert asyncio.run(story()).rtts_ms[SNMP] is not None

    undisturbed(told, bears_s=OVERSLEPT_S / 2)


def test_rule_05_after_a_restart_ports_are_told_only_when_their_names_still_hold() -> None:
    round_ = Round(Router(ports()))
    asyncio.run(round_.read_list())
    round_.pass_time(5)
    round_.router.uptime = 300
    assert ask(round_).ports == {"ge1": 1, "ge3": 2}
    round_.router.ports = [Port(3, "ge1"), Port(1, "ge3", oper=2)]
    assert ask(round_).ports == {}


def test_rule_05_a_list_that_changed_is_checked_by_name_and_read_anew_where_it_must() -> None:
    router = Router(ports())
    router.last_change = 1
    round_ = Round(router)
    asyncio.run(round_.read_list())
    round_.pass_time(5)
    router.last_change = 2

    async def story() -> list[dict[str, int]]:
        async with Probes() as probes:
            liveness = round_.liveness(probes)
            said = [dict((await liveness.ask(round_.device, LINKS)).ports)]
            router.asked.clear()
            said.append(dict((await liveness.ask(round_.device, LINKS)).ports))
            assert len(router.asked) == 1  # believed, not asked again
            router.ports[0].index, router.ports[2].index, router.last_change = 3, 1, 3
            said.append(dict((await liveness.ask(round_.device, LINKS)).ports))
            await round_.read_list()
            said.append(dict((await liveness.ask(round_.device, LINKS)).ports))
            return said

    assert asyncio.run(story()) == [{"ge1": 1, "ge3": 2}, {"ge1": 1, "ge3": 2}, {}, {"ge1": 1, "ge3": 2}]
    assert "table" in router.kinds()


def test_an_address_that_dns_does_not_know_is_told_as_such() -> None:
    round_ = Round(Router(ports()))
    round_.device = replace(round_.device, address="no such name")
    pulse = ask(round_)
    assert pulse.refused == "name unresolved"
    assert pulse.rtts_ms == {SNMP: None}


def test_anchors_of_a_circuit_each_have_their_answer() -> None:
    async def story() -> dict[str, float | None]:
        async with Server() as server, Probes() as probes:
            circuit = Circuit("iru-seacom-1", "seacom", "1", anchors=(HERE,), anchor_probe=server.probe)
            return dict(await Round(Router()).liveness(probes).ask_anchor(circuit))

    rtts = asyncio.run(story())
    assert list(rtts) == [HERE]
    assert rtts[HERE] is not None


def test_an_anchors_own_port_goes_before_that_of_its_probe() -> None:
    async def ask() -> dict[str, float | None]:
        async with Server() as server, Probes() as probes:
            anchor = f"{HERE}:{server.probe.port}"
            circuit = Circuit("iru-seacom-1", "seacom", "1", anchors=(anchor,), anchor_probe=Probe("udp-echo", 9))
            return dict(await Round(Router()).liveness(probes).ask_anchor(circuit))

    [(_, rtt)] = asyncio.run(ask()).items()
    assert rtt is not None


def test_an_anchor_whose_name_is_not_known_is_lost() -> None:
    async def story() -> dict[str, float | None]:
        async with Probes() as probes:
            circuit = Circuit("c", "p", "1", anchors=("no such name",), anchor_probe=Probe("udp-echo", 7))
            return dict(await Round(Router()).liveness(probes).ask_anchor(circuit))

    assert asyncio.run(story()) == {"no such name": None}


def test_anchors_are_not_asked_by_snmp() -> None:
    async def story() -> None:
        async with Probes() as probes:
            circuit = Circuit("c", "p", "1", anchors=(HERE,), anchor_probe=SNMP)
            await Round(Router()).liveness(probes).ask_anchor(circuit)

    with pytest.raises(Unsupported):
        asyncio.run(story())
