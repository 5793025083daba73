import numpy as np

from inventory.batch import Batch, Facts
from inventory.model import Device
from noc.told import KEEP_S, Told

R1 = Device("r1", "s", "10.0.0.1")


def test_given_what_snmp_told_then_it_is_not_asked_again_for_a_while() -> None:
    now = [1000.0]
    told = Told(lambda: now[0])
    assert told(R1) == frozenset()
    told.note(
        [
            Batch("optical", "r1", 0, ("xe-0/0/0",), ("rx_dbm",), np.array([[-3.0]])),
            Batch("bgp_prefixes", "r1", 0, (), ("prefixes_received",), np.empty((1, 0))),  # nothing of it
            Facts("r1", "system", 0, {"version": "21.4R3", "serial": None}),
        ]
    )
    assert told(R1) == {"optical", "version"}
    assert told(Device("r2", "s", "10.0.0.2")) == frozenset()
    now[0] += KEEP_S + 1
    assert told(R1) == frozenset()


def test_given_a_forgotten_device_then_nothing_is_known_of_it() -> None:
    told = Told(lambda: 0.0)
    told.note([Facts("r1", "system", 0, {"serial": "JN1"})])
    assert told(R1) == {"hardware"}
    told.forget("r1")
    assert told(R1) == frozenset()
