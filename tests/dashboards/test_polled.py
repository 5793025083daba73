"""What a device answered just now: printable, within 80 columns, the failure said."""

from dashboards.polled import said_lines, trial_lines

SAID = {
    "device": "r1",
    "probes": {"icmp": 1.23, "snmp": None},
    "system": {"sysName": "r1", "sysDescr": "Junos\r\n\x1b[2J " + "long " * 40},
    "interfaces": [
        {"key": f"ge-0/0/{n}", "oper": 1, "admin": 2 if n else 1, "ifAlias": "to\x07 Tanga " * 9} for n in range(5)
    ],
    "uptime_s": 90.0,
    "took_s": 0.2,
    "failure": "no answer: silence",
}


def test_rule_40_an_answer_from_a_device_breaks_no_terminal() -> None:
    lines = said_lines(SAID, "10.0.0.1:161", 3)
    assert all(line.isprintable() and len(line) <= 80 for line in lines)
    assert lines[0] == "r1  10.0.0.1:161  icmp 1.2 ms, snmp lost"
    assert any("no answer: silence" in line for line in lines)
    assert lines[-1] == "  and 2 more; --all shows them"


def test_given_an_interface_shut_by_its_operator_then_that_is_said() -> None:
    lines = said_lines(SAID, "10.0.0.1:161", None)
    assert sum("admin down" in line for line in lines) == 4


def test_given_trials_then_each_has_its_mark_and_the_conclusion_stands_last() -> None:
    trials = [
        {"good": True, "what": "ping", "result": "3 of 3", "took_s": 0.1},
        {"good": False, "what": "SNMP", "result": "silence " * 20, "took_s": 3.0},
        {"good": None, "what": "v3", "result": "not tried", "took_s": 0.0},
    ]
    told = {
        **{"device": "r1", "address": "10.0.0.1", "port": 161, "version": "2c", "trials": trials},
        **{"sentence": "The agent is silent.", "advice": "look at its access list"},
    }
    lines = trial_lines(told)
    assert all(len(line) <= 80 for line in lines)
    assert [line[2:6] for line in lines if line.endswith(("ping", "SNMP", "v3"))][:2] == ["ok  ", "FAIL"]
    assert lines[-2:] == ["The agent is silent.", "What to do: look at its access list"]
