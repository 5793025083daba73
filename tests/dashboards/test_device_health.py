"""Health of a device in words: what is wrong first, units always, and nothing said of what is not known."""

from typing import Any

from dashboards.device_health import ROOM, health_lines

CONTENT: dict[str, Any] = {
    "failing": {
        "cli": {"reason": "no banner", "text": "10.0.0.1:22 opens\nand says nothing", "since": "2026-07-20T21:00:00Z"}
    },
    "ping": {"loss_ratio": 0.2, "rtt_min_ms": 1.0, "rtt_ms": 1.5, "rtt_max_ms": 3.0, "jitter_ms": 0.4},
    "cpu": [{"name": "cpu 1", "pct": 7.0}, {"name": "cpu 0", "pct": 93.0}, {"name": "cpu 2", "pct": None}],
    "memory": [{"name": "RE0", "used": None, "total": 16 * 2**30, "pct": 45.0}],
    "sensors": {
        "temperature": [
            {"name": "inlet", "temperature_c": 31.0, "status": "ok"},
            {"name": "PSU 1", "temperature_c": 88.0, "status": "failed"},
        ],
        "component": [{"name": "PSU 1", "status": "failed"}, {"name": "PSU 2", "status": "ok"}],
    },
    "ups": {"charge_pct": 80.0, "minutes_left": 12.0, "load_pct": None, "on_battery": True},
    "optical": [{"interface": "xe-0/0/0", "rx_dbm": -21.5, "tx_dbm": -1.0}],
    "routes": [{"table": "ipv4", "routes": 912.0}],
    "bgp": [
        {"peer": "10.9.0.1", "remote_as": 64601, "state": "established", "admin": "start", "established_s": 3600.0},
        {"peer": "10.9.0.2", "remote_as": 64602, "state": "idle", "admin": "stop", "established_s": None},
        {"peer": "10.9.0.3", "remote_as": 64603, "state": "idle", "admin": "start", "established_s": None},
    ],
    "ospf": [{"neighbour": "10.1.0.2", "router_id": "10.250.0.2", "state": "full"}],
    "neighbours": [{"interface": "ge-0/0/1", "system": "dod-pe-1\x1b[2J", "port": "ge-0/0/2", "protocol": "lldp"}],
}


def test_given_a_device_then_every_line_is_printable_and_fits() -> None:
    lines = health_lines(CONTENT)
    assert all(line.isprintable() and len(line) <= ROOM for line in lines)
    assert "no banner" in lines[0] and "says nothing" in " ".join(lines[:2])


def test_given_what_is_hot_and_what_failed_then_it_stands_first() -> None:
    text = "\n".join(health_lines(CONTENT))
    assert text.index("cpu 0 93 %") < text.index("cpu 1 7 %")
    assert "cpu 2" not in text
    assert text.index("PSU 1 FAILED") < text.index("inlet 31 °C")
    assert "1 of 2 ok" in text
    assert "ON BATTERY, charged 80 %, lasts 12 min" in text


def test_rule_53_a_planned_shutdown_reads_otherwise_than_a_failure() -> None:
    lines = health_lines(CONTENT)
    [planned] = [line for line in lines if "10.9.0.2" in line]
    [failed] = [line for line in lines if "10.9.0.3" in line]
    assert "idle, shut down by an operator" in planned
    assert "idle" in failed and "operator" not in failed


def test_given_nothing_known_then_nothing_is_said() -> None:
    assert health_lines({}) == []
