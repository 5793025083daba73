"""The five-second question over SNMPv3: a lost discovery or a reboot is no dead device, a wrong user is named."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from collectors.interfaces import Interfaces
from collectors.liveness import OVERSLEPT_S, Liveness
from collectors.probes import Probes
from collectors.pulse import Pulse
from collectors.snmp.engine import Engine
from collectors.snmp.sessions import Sessions
from inventory.credentials import SnmpUser
from inventory.model import Device, Probe, Snmp
from tests.collectors.snmp.agent import serving
from tests.collectors.snmp.sealed_agent import USER, SealedAgent, other
from tests.collectors.snmp.test_secured import OBJECTS
from tests.patience import HANGS_S
from tests.stalls import undisturbed

SNMP = Probe("snmp")
Ask = Callable[[], Awaitable[Pulse]]


def run(what: Callable[[Ask, SealedAgent, Engine], Awaitable[None]], user: SnmpUser = USER) -> None:
    async def go() -> None:
        agent = SealedAgent(OBJECTS)
        async with Engine() as engine, Probes() as probes, serving(agent):
            sessions = Sessions(engine, lambda name: "public", user=lambda name: user)
            liveness = Liveness(probes, sessions.of, Interfaces(sessions.of, time.time), time.time)
            snmp = Snmp(port=agent.address[1], version="3")
            device = Device("dod-pe-1", "dodoma", "127.0.0.1", snmp=snmp, probes=(SNMP,))
            await what(lambda: liveness.ask(device), agent, engine)

    asyncio.run(asyncio.wait_for(go(), HANGS_S))


def test_given_a_device_then_it_lives_from_the_first_round_on() -> None:
    async def what(ask: Ask, agent: SealedAgent, engine: Engine) -> None:
        for _ in range(3):
            pulse = await ask()
            assert pulse.rtts_ms[SNMP] is not None and pulse.uptime_ticks == 4711
        assert len(agent.heard) == 4, "one discovery, then one question a round"

    run(what)


def test_given_a_lost_discovery_then_the_next_round_finds_the_device_alive() -> None:
    async def what(ask: Ask, agent: SealedAgent, engine: Engine) -> None:
        agent.deaf = 1
        assert (await ask()).rtts_ms[SNMP] is None
        assert (await ask()).rtts_ms[SNMP] is not None

    undisturbed(lambda _: run(what), bears_s=OVERSLEPT_S / 2)


def test_given_a_reboot_or_another_box_then_no_round_is_lost() -> None:
    async def what(ask: Ask, agent: SealedAgent, engine: Engine) -> None:
        await ask()
        agent.clock = 8, 1
        assert (await ask()).rtts_ms[SNMP] is not None
        agent.engine_id = b"\x80\x00\x1f\x88\x04replaced"
        assert (await ask()).rtts_ms[SNMP] is not None
        assert engine.counters.resent == 0

    run(what)


def test_given_a_wrong_user_then_the_round_says_refused() -> None:
    async def what(ask: Ask, agent: SealedAgent, engine: Engine) -> None:
        pulse = await ask()
        assert pulse.rtts_ms[SNMP] is None and pulse.refused == "credentials refused"

    run(what, other(user="stranger"))
