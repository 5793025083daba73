"""Class counters of a real agent: Debian's snmpd hands out Counter64 of a script, and our rates are what it counted."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from collectors.contract import Unsupported
from collectors.points import Points
from collectors.snmp.engine import Engine
from inventory.model import MeasuringPoint
from tests.collectors.box import target
from tests.collectors.snmp.agent import session_to
from tests.collectors.snmp.snmpd import Snmpd, needs_snmpd

pytestmark = needs_snmpd

UNDER = "1.3.6.1.4.1.8072.9999.9"
SCRIPT = """#!/bin/sh
# called as: -g OID; says the OID, the type and the value, as `pass` of snmpd.conf wants them
case "$2" in
  .{under}.1.0|.{under}.2.0) echo "$2"; echo counter64; cat "{where}/$2" ;;
esac
"""
POINT = MeasuringPoint("tra-iru", "tra", "dod-pe-1", in_oid=f"{UNDER}.1.0", out_oid=f"{UNDER}.2.0")


@pytest.fixture
def snmpd(tmp_path: Path) -> Iterator[Snmpd]:
    script = tmp_path / "counters.sh"
    script.write_text(SCRIPT.format(under=UNDER, where=tmp_path))
    agent = Snmpd(tmp_path, f"pass .{UNDER} /bin/sh {script}")
    count(tmp_path, 2**63, 1000)
    agent.start()
    yield agent
    agent.stop()


def count(where: Path, into: int, out: int) -> None:
    for number, value in ((1, into), (2, out)):
        (where / f".{UNDER}.{number}.0").write_text(f"{value}\n")


def test_given_counters_of_a_real_agent_then_rates_are_what_they_counted(snmpd: Snmpd, tmp_path: Path) -> None:
    async def ask() -> None:
        async with Engine() as engine:
            session = session_to(engine, snmpd.address)
            points = Points(lambda _: session, time.time)
            points.set_points([POINT])
            began = time.time()
            await points.collect(target(collector="points"), int(began))
            count(tmp_path, 2**63 + 125_000_000, 1000 + 12_500_000)
            await asyncio.sleep(1.0)
            [batch] = await points.collect(target(collector="points"), int(began) + 30)
            into, out = batch.values[:, 0]
            assert 1e9 / (time.time() - began + 0.02) <= into <= 1.1e9 and into == pytest.approx(10 * out)
            points.set_points([replace(POINT, in_oid=f"{UNDER}.7.0", out_oid=f"{UNDER}.8.0")])
            with pytest.raises(Unsupported):
                await points.collect(target(collector="points"), int(began) + 60)

    asyncio.run(ask())
