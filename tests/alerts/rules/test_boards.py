"""Rules over the board: who is down, whose agent is silent; what cannot be seen is unknown."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from alerts.alarm import Outcome, Verdict
from alerts.machine import Machine
from alerts.rules.judge import Judge
from alerts.rules.reading import read_rules
from alerts.rules.rule import RuleBook
from alerts.view import View
from inventory.status import Kind, StatusRow
from tests.alerts.field import Field, inventory_of

NOWHERE = Path("/nonexistent")
LINKS = [("core", "pe"), ("pe", "cpe"), ("pe", "cpe2")]


class Desk:
    """A field in virtual time, its view, a judge and a machine, fed second by second."""

    def __init__(self, book: RuleBook) -> None:
        inventory = inventory_of(LINKS)
        self.field = Field(inventory, "core")
        self.view = View(inventory, self.field.topology, self.field.board)
        self.machine = Machine(book)
        self.judge = Judge(book, inventory, self.machine.alarms)
        self.said: list[Verdict] = []
        self.phases: list[str] = []

    def run(self, until: float) -> None:
        while self.field.now < until:
            self.field.run_for(1.0)
            now = self.field.now
            said = self.judge.judge_rows(self.field.board.changed_rows(), self.view, now)
            said += self.judge.tick(self.view, now)
            self.said += said
            for alarm in [*self.machine.feed(said, now), *self.machine.tick(now)]:
                self.phases.append(f"{alarm.key} {alarm.phase} {alarm.evidence.code}")


def row(
    kind: Kind, key: str, state: str, reason: str = "", *, since: float | None = None, cause: str = ""
) -> StatusRow:
    return StatusRow(kind, key, {}, state, since, reason, figures={"cause": cause} if cause else {})


@pytest.fixture
def desk() -> Desk:
    return Desk(read_rules(NOWHERE))


def told(verdicts: Sequence[Verdict]) -> list[tuple[str, str, Outcome, str]]:
    return [(each.rule, each.subject.key, each.outcome, each.evidence.code) for each in verdicts]


def test_given_all_is_well_then_nothing_is_said(desk: Desk) -> None:
    desk.run(120.0)
    assert not [each for each in desk.said if each.outcome is not Outcome.UNKNOWN and each.at > 30.0]
    assert not desk.phases


def test_given_a_router_dies_then_it_is_down_and_what_hangs_on_it_unreachable_and_all_clear_in_time(desk: Desk) -> None:
    desk.run(30.0)
    desk.field.dead.add("pe")
    desk.run(90.0)
    codes = {alarm.key: alarm.evidence.code for alarm in desk.machine.alarms.values()}
    assert codes["device-down device pe"] == "device-down"
    assert codes["device-down device cpe"] == "device-unreachable"
    assert desk.machine.alarms["device-down device cpe"].evidence.figures == {"device": "cpe", "cause": "pe"}
    assert desk.machine.alarms["device-down device pe"].since < 45.0
    desk.field.dead.clear()
    desk.run(150.0)
    assert all(alarm.good_since is not None for alarm in desk.machine.alarms.values())
    desk.run(320.0)
    assert not desk.machine.alarms


def test_given_a_cut_link_then_the_link_is_down_by_its_port(desk: Desk) -> None:
    desk.run(30.0)
    desk.field.cut.add("pe=cpe")
    desk.run(60.0)
    assert desk.machine.alarms["link-down link pe=cpe"].evidence.code == "port-down"


def test_given_an_agent_hangs_then_it_is_the_agents_alarm(desk: Desk) -> None:
    desk.run(30.0)
    desk.field.mute.add("cpe")
    desk.run(60.0)
    assert list(desk.machine.alarms) == ["agent-silent device cpe"]
    desk.field.mute.clear()
    desk.run(220.0)
    assert not desk.machine.alarms


def test_rule_12_given_a_device_that_is_gone_then_nothing_is_known_of_its_agent(desk: Desk) -> None:
    rows = [row("device", "cpe", "down", "agent-silent", since=5.0)]
    said = {each.rule: each.outcome for each in desk.judge.judge_rows(rows, desk.view, 10.0)}
    assert said == {
        "device-down": Outcome.BAD,
        "agent-silent": Outcome.UNKNOWN,
        "credentials-refused": Outcome.UNKNOWN,
        "name-unresolved": Outcome.UNKNOWN,
    }


def test_rule_22_given_a_state_that_nobody_can_see_any_more_then_unknown(desk: Desk) -> None:
    for reason in ("stale", "blind"):
        said = desk.judge.judge_rows([row("device", "cpe", "up", reason)], desk.view, 10.0)
        assert {each.outcome for each in said} == {Outcome.UNKNOWN}
    said = desk.judge.judge_rows([row("link", "pe=cpe", "unreachable", cause="pe")], desk.view, 10.0)
    assert {each.outcome for each in said} == {Outcome.UNKNOWN}


@pytest.mark.parametrize(
    ("shown", "code", "figures"),
    [
        (row("link", "pe=cpe", "down"), "port-down", {"link": "pe=cpe"}),
        (row("link", "pe=cpe", "down", "no-path"), "no-path", {"link": "pe=cpe"}),
        (row("link", "pe=cpe", "down", "admin-down"), "admin-down", {"link": "pe=cpe"}),
        (row("link", "pe=cpe", "unknown", "not-seen"), "not-seen", {"link": "pe=cpe"}),
        (row("device", "cpe", "down", "agent-silent"), "device-down", {"device": "cpe"}),
        (row("device", "cpe", "unreachable", cause="pe"), "device-unreachable", {"device": "cpe", "cause": "pe"}),
        (row("device", "cpe", "up", "agent-silent"), "agent-silent", {"device": "cpe"}),
        (row("device", "cpe", "up", "dns"), "dns", {"device": "cpe", "address": "127.0.0.1"}),
        (
            row("device", "cpe", "up", "credentials-refused"),
            "credentials-refused",
            {"device": "cpe", "credential": "default"},
        ),
    ],
)
def test_given_a_row_then_its_evidence_says_why(desk: Desk, shown: StatusRow, code: str, figures: object) -> None:
    (bad,) = [each for each in desk.judge.judge_rows([shown], desk.view, 10.0) if each.outcome is Outcome.BAD]
    assert (bad.evidence.code, bad.evidence.figures) == (code, figures)


def test_given_a_state_with_its_time_then_the_verdict_bears_it_and_a_reason_has_none(desk: Desk) -> None:
    said = desk.judge.judge_rows([row("device", "cpe", "up", "agent-silent", since=2.0)], desk.view, 10.0)
    assert {each.since for each in said if each.outcome is Outcome.BAD} == {None}
    said = desk.judge.judge_rows([row("device", "pe", "down", since=2.0)], desk.view, 10.0)
    assert {each.since for each in said if each.outcome is Outcome.BAD} == {2.0}


def test_given_verdicts_that_the_machine_missed_while_it_was_frozen_then_they_come_again(desk: Desk) -> None:
    desk.run(30.0)
    desk.machine.freeze(30.0)
    desk.field.dead.add("cpe")
    desk.run(60.0)
    assert not desk.machine.alarms
    desk.machine.thaw(60.0)
    desk.run(75.0)
    assert "device-down device cpe" in desk.machine.alarms


def test_given_a_rule_narrowed_by_a_selector_then_others_are_not_spoken_of(tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text("rules:\n  device-down: {on: key=cpe}\n")
    desk = Desk(read_rules(tmp_path))
    rows = [row("device", "cpe", "down"), row("device", "cpe2", "down")]
    said = told(desk.judge.judge_rows(rows, desk.view, 10.0))
    assert ("device-down", "cpe", Outcome.BAD, "device-down") in said
    assert not [each for each in said if each[0] == "device-down" and each[1] == "cpe2"]


def test_rule_14_given_a_link_that_comes_and_goes_then_a_flap_rule_says_so_until_it_is_quiet(tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text("rules:\n  restless: {kind: flap, of: link}\n")
    desk = Desk(read_rules(tmp_path))
    desk.judge.judge_rows([row("link", "pe=cpe", "up")], desk.view, 0.0)
    outcomes = []
    for turn in range(6):
        shown = row("link", "pe=cpe", "down" if turn % 2 == 0 else "up")
        said = desk.judge.judge_rows([shown], desk.view, turn * 10.0 + 10.0)
        outcomes += [each.outcome for each in said if each.rule == "restless"]
    assert outcomes == [Outcome.GOOD] * 5 + [Outcome.BAD]
    desk.field.run(20.0)
    quiet = [each for at in range(70, 1500, 10) for each in desk.judge.tick(desk.view, float(at))]
    outcomes = [each.outcome for each in quiet if each.rule == "restless"]
    assert outcomes[0] is Outcome.BAD and outcomes[-1] is Outcome.GOOD
