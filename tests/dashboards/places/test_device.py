from typing import Any

from dashboards.places.health import health
from dashboards.places.interfaces import interfaces, undeclared
from dashboards.places.peers import declared, neighbours, not_heard, peers
from inventory.cabling import Cabling, Finding
from inventory.model import Device, End, Inventory, Link, Name, Site

INVENTORY = Inventory(
    sites={"bahi": Site("bahi", Name("Bahi"), "lga", "Dodoma")},
    devices={key: Device(key, "bahi", "192.0.2.1") for key in ("r1", "r2")},
    links={
        "a": Link("a", End("r2", "xe-0"), End("r1", "ge-1"), "access", "ttcl", "", 10, 10),
        "b": Link("b", End("r2", "xe-1"), End("r1", "ge-9"), "access", "ttcl", "", 10, 10),
    },
)


def port(key: str, **more: Any) -> dict[str, Any]:
    return {"key": key, "ifName": key, "ifIndex": 1, "oper": 1, "admin": 1, "in_bps": 1e6, "out_bps": None, **more}


def test_given_interfaces_then_declared_ones_come_first_and_the_rest_in_the_devices_order() -> None:
    found = interfaces(INVENTORY, "r1", {"interfaces": [port("ge-0"), port("ge-1"), port("ge-2", oper=7)]})
    assert [(one.key, one.link) for one in found] == [("ge-1", "a"), ("ge-0", ""), ("ge-2", "")]
    assert found[2].oper == "lowerLayerDown" and not found[2].well
    assert found[0].figures["in_bps"] == 1e6 and found[0].figures["out_bps"] is None
    assert undeclared(found, INVENTORY, "r1") == ["ge-9"]


def test_rule_40_given_an_alias_with_markup_and_control_signs_then_it_is_one_line_of_text() -> None:
    alias = "<img src=x onerror=alert(1)>\nDROP\0TABLE\u2028 \u202eevil"
    (one,) = interfaces(INVENTORY, "r1", {"interfaces": [port("ge-0", ifAlias=alias)]})
    assert one.alias == "<img src=x onerror=alert(1)> DROP TABLE evil"


def test_rule_41_given_a_status_that_no_mib_knows_then_it_is_kept_as_it_is() -> None:
    said = {"interfaces": [port("a", oper=0), port("b", oper=42), port("c", oper=None)]}
    assert [one.oper for one in interfaces(INVENTORY, "r1", said)] == ["unset", "42", ""]


def test_given_an_interface_without_a_name_then_its_description_or_index_stands_for_it() -> None:
    said = {
        "interfaces": [{"ifDescr": "Ethernet 5", "ifIndex": 5}, {"ifIndex": 4194316032}, {"key": "x", "ifDescr": "x"}]
    }
    assert [(one.key, one.described) for one in interfaces(INVENTORY, "r1", said)] == [
        ("Ethernet 5", ""),
        ("4194316032", ""),
        ("x", ""),
    ]


def test_given_sensors_then_what_failed_comes_first_and_the_rest_is_counted() -> None:
    rows = [{"name": f"fan {number}", "fan_rpm": 4000.0, "status": "ok"} for number in range(20)]
    rows.append({"name": "fan x", "status": "failed"})
    (group,) = health({"sensors": {"fan": rows}, "at": {"fan": 7}})
    assert (group.kind, group.at, group.more) == ("fan", 7, 9)
    assert (group.rows[0].name, group.rows[0].value, group.rows[0].status) == ("fan x", "failed", "failed")
    assert group.rows[1].value == "4000 rpm"


def test_given_all_kinds_of_health_then_each_has_its_rows_with_units() -> None:
    known = {
        "ping": {"rtt_ms": 12.34, "rtt_min_ms": 10.0, "rtt_max_ms": 20.0, "loss_ratio": 0.02, "jitter_ms": 1.5},
        "cpu": [{"name": "RE 0", "pct": 41.0}, {"name": "gone", "pct": None}],
        "memory": [{"name": "RAM", "pct": 50.0, "total": 2**31, "used": 2**30}],
        "ups": {"on_battery": True, "charge_pct": 80.0, "minutes_left": 30.0, "load_pct": None},
        "optical": [{"interface": "xe-0", "rx_dbm": -7.25, "tx_dbm": -2.0}],
        "routes": [{"table": "ipv4", "routes": 950000.0}],
    }
    found = {group.kind: [(row.name, row.value) for row in group.rows] for group in health(known)}
    assert found["ping"] == [("round trip", "12.3 ms (10.0 – 20.0)"), ("loss", "2 %"), ("jitter", "1.5 ms")]
    assert found["cpu"] == [("RE 0", "41 %")] and found["memory"] == [("RAM", "50 % / 2 GiB")]
    assert found["ups"] == [("on battery", ""), ("charged", "80 %"), ("lasts", "30 min")]
    assert found["optical"] == [("xe-0", "-7.2 dBm / -2.0 dBm")] and found["routes"] == [("ipv4", "950000")]
    assert health({}) == []


def test_rule_53_given_peers_then_a_planned_shutdown_is_well_and_a_fallen_session_first() -> None:
    known = {
        "bgp": [
            {"key": "10.0.0.1", "peer": "10.0.0.1", "state": "established", "established_s": 60.0, "remote_as": 1},
            {"key": "10.0.0.2", "peer": "10.0.0.2", "state": "idle", "admin": "stop"},
            {"key": "10.0.0.3", "peer": "10.0.0.3", "state": "active", "admin": "start"},
        ],
        "ospf": [{"key": "172.31.0.1", "neighbour": "172.31.0.1", "state": "full", "router_id": "1.1.1.1"}],
    }
    found = peers(known)
    assert [(one.peer, one.well) for one in found] == [
        ("10.0.0.3", False),
        ("10.0.0.1", True),
        ("10.0.0.2", True),
        ("172.31.0.1", True),
    ]
    assert found[1].since_s == 60.0 and found[1].remote == "AS 1"


def test_given_neighbours_then_each_stands_beside_the_link_declared_there() -> None:
    right = Finding("a", "r2:xe-0", "r1:ge-1", "as declared")
    lost = Finding("b", "r2:xe-1", "r1:ge-9", "not seen")
    cabling = Cabling((right, lost), (), (), ())
    known = {
        "neighbours": [{"interface": "ge-1", "system": "r2", "port": "xe-0", "protocol": "lldp"}, {"interface": "ge-7"}]
    }
    found = neighbours(INVENTORY, "r1", known, cabling)
    assert [one.finding for one in found] == [right, None]
    assert list(not_heard(found, declared(INVENTORY, "r1", cabling))) == [lost]
