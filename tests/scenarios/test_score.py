"""The score finds each kind of error: a run that is right has none, and every change to it that is wrong is named."""

from collections.abc import Callable
from typing import Any

import pytest

from noc.scenario.fault import Deaf, Fault, Quiet
from noc.scenario.score import Score, score
from noc.scenario.score_table import lines_of
from tests.scenarios.little import cut, down, truth

Row = dict[str, Any]
UNTIL_S = 1500.0


def incident(number: int, opened_s: float, *roots: str, **more: Any) -> Row:
    """As in a scenario's OUT."""
    row = {
        "number": number,
        "opened_s": opened_s,
        "since_s": opened_s - 20,
        "root": roots[0],
        "roots": [{"kind": "device", "key": root} for root in roots],
        "members": [],
        "sites": [],
        "severity": "major",
        "worst": "major",
        "family": "reachability",
        "resolved_s": None,
        "acknowledged_s": None,
        "linked": [],
    }
    return row | more


def message(number: int, at_s: float, occasion: str = "opened", **more: Any) -> Row:
    row = {
        "incident": number,
        "at_s": at_s,
        "channel": "sms",
        "to": "amina",
        "occasion": occasion,
        "page": occasion != "recovery",
    }
    return row | {"severity": "major", "text": "", "fate": "sent"} | more


class Run:
    """The Mbeya router of the little network dies for five minutes, and the NOC did everything right."""

    def __init__(self) -> None:
        self.faults: list[Fault] = truth(down(60, "p1", 300), until=UNTIL_S)
        members = sorted(self.faults[0].members)
        critical = {"severity": "critical", "worst": "critical", "members": members, "resolved_s": 485.0}
        self.incidents = [incident(1, 71.0, "p1", **critical)]
        self.messages = [message(1, 71.5), message(1, 486.0, "recovery")]

    def score(self, **more: Any) -> Score:
        return score(self.faults, self.incidents, self.messages, until_s=UNTIL_S, **more)

    def errors(self, **more: Any) -> list[str]:
        return [finding.error for finding in self.score(**more).findings]


@pytest.fixture
def run() -> Run:
    return Run()


def test_given_everything_right_then_nothing_is_found_and_delays_are_told(run: Run) -> None:
    found = run.score()
    assert found.clean, found.findings
    assert found.delays("critical") == [11.5]
    assert (found.pages, found.false_pages, found.missed, found.wrong_roots) == ({"amina": 1}, 0, 0, 0)
    assert found.to_json()["told"][0] == {
        "fault": "F1",
        "kind": "device",
        "severity": "critical",
        "incident": 1,
        "root": "p1",
        "opened_after_s": 11.0,
        "paged_after_s": 11.5,
        "contacts": ["amina"],
    }


def _nobody_tells(run: Run) -> None:
    run.incidents, run.messages = [], []


def _no_page(run: Run) -> None:
    run.messages = []


def _late(run: Run) -> None:
    run.messages[0]["at_s"] = 75.5


def _refused(run: Run) -> None:
    run.messages[0]["fate"] = "refused"
    run.messages.pop()


def _a_child_is_paged(run: Run) -> None:
    run.incidents.append(incident(2, 80.0, "a1", members=["a1"]))
    run.messages += [message(2, 80.5), message(2, 486.0, "recovery")]


def _a_stranger_is_paged(run: Run) -> None:
    run.incidents.append(incident(2, 80.0, "b2", members=["b2"]))
    run.messages += [message(2, 80.5), message(2, 486.0, "recovery")]


def _twice_to_one(run: Run) -> None:
    run.messages.insert(1, message(1, 90.0))


def _doubled(run: Run) -> None:
    run.incidents.append(incident(2, 80.0, "p1", worst="critical", members=sorted(run.faults[0].members)))


def _wrong_root(run: Run) -> None:
    run.incidents[0] |= {"root": "a1", "roots": [{"kind": "device", "key": "a1"}]}


def _one_root_too_many(run: Run) -> None:
    run.incidents[0]["roots"].append({"kind": "device", "key": "c1"})


def _a_member_lacks(run: Run) -> None:
    run.incidents[0]["members"].remove("a3")


def _a_member_too_many(run: Run) -> None:
    run.incidents[0]["members"].append("b1")


def _too_mild(run: Run) -> None:
    run.incidents[0]["worst"] = "major"


def _never_told_over(run: Run) -> None:
    run.messages.pop()


def _told_over_twice(run: Run) -> None:
    run.messages.append(message(1, 490.0, "recovery"))


def _told_over_unasked(run: Run) -> None:
    run.messages.append(message(1, 487.0, "recovery", to="juma"))


def _repeats_too_soon(run: Run) -> None:
    run.messages.insert(1, message(1, 200.0, "repeat"))


def _escalates_though_taken(run: Run) -> None:
    run.incidents[0]["acknowledged_s"] = 100.0
    run.messages.insert(1, message(1, 400.0, "escalation", to="lead"))
    run.messages.append(message(1, 487.0, "recovery", to="lead"))


def _long_after(run: Run) -> None:
    run.messages.insert(1, message(1, 700.0, to="juma"))
    run.messages.append(message(1, 701.0, "recovery", to="juma"))


@pytest.mark.parametrize(
    ("spoil", "errors"),
    [
        (_nobody_tells, ["missed"]),
        (_no_page, ["missed"]),
        (_late, ["late"]),
        (_refused, ["missed"]),
        (_a_child_is_paged, ["extra incident"]),
        (_a_stranger_is_paged, ["false page", "extra incident"]),
        (_twice_to_one, ["false page"]),
        (_doubled, ["extra incident"]),
        (_wrong_root, ["wrong root"]),
        (_one_root_too_many, ["wrong root"]),
        (_a_member_lacks, ["wrong members"]),
        (_a_member_too_many, ["wrong members"]),
        (_too_mild, ["wrong severity"]),
        (_never_told_over, ["recovery"]),
        (_told_over_twice, ["recovery"]),
        (_told_over_unasked, ["recovery"]),
        (_repeats_too_soon, ["false page"]),
        (_escalates_though_taken, ["false page"]),
        (_long_after, ["false page"]),
    ],
    ids=lambda value: value.__name__.strip("_") if callable(value) else "",
)
def test_given_one_thing_wrong_then_it_is_named(run: Run, spoil: Callable[[Run], None], errors: list[str]) -> None:
    spoil(run)
    found = run.errors()
    assert set(errors) <= set(found), run.score().findings
    assert not run.score().clean


def test_given_a_paged_child_then_the_page_is_a_second_one_about_the_same_fault(run: Run) -> None:
    _a_child_is_paged(run)
    assert run.score().false_pages == 1


def test_given_a_blip_that_pages_then_the_page_is_false() -> None:
    faults = truth(down(60, "a1", 20), until=UNTIL_S)
    rows = [incident(1, 79.0, "a1", members=["a1"], resolved_s=200.0)]
    found = score(faults, rows, [message(1, 79.5), message(1, 200.5, "recovery")], until_s=UNTIL_S)
    assert found.false_pages == 1


def test_rule_20_given_a_page_in_a_window_then_it_is_false_and_after_it_is_right() -> None:
    faults = truth(down(60, "a1", 600), until=UNTIL_S, quiet=[Quiet(30, 400, frozenset({"a1"}))])
    rows = [incident(1, 83.0, "a1", members=["a1"], resolved_s=790.0)]
    over = message(1, 791.0, "recovery")
    early = score(faults, rows, [message(1, 84.0), over], until_s=UNTIL_S)
    right = score(faults, rows, [message(1, 401.0), over], until_s=UNTIL_S)
    late = score(faults, rows, [message(1, 450.0), over], until_s=UNTIL_S)
    assert (early.false_pages, early.missed) == (1, 1)
    assert right.clean, right.findings
    assert (late.false_pages, late.missed) == (0, 1)


def test_given_a_ring_cut_twice_then_a_page_by_a_new_incident_or_by_the_first_is_right() -> None:
    faults = truth(cut(60, "c1=p1", 500), cut(200, "p3=c2", 100), until=UNTIL_S)
    members = sorted(faults[1].members)
    first = incident(1, 121.0, "c1=p1", worst="minor", resolved_s=690.0)
    second = incident(2, 209.0, "c1=p1", "p3=c2", worst="critical", members=members, resolved_s=430.0, linked=[1])
    paged = [message(2, 209.5), message(2, 431.0, "recovery")]
    assert score(faults, [first, second], paged, until_s=UNTIL_S).clean
    grown = first | {"roots": second["roots"], "worst": "critical", "members": members}
    told = [message(1, 209.5), message(1, 691.0, "recovery")]
    assert score(faults, [grown], told, until_s=UNTIL_S).clean
    silent = score(faults, [first, second], [], until_s=UNTIL_S)
    assert [finding.error for finding in silent.findings] == ["missed"]


def test_given_a_dead_link_that_looks_like_its_router_then_both_names_are_right() -> None:
    faults = truth(cut(60, "p1=a1", 300), until=UNTIL_S)
    for root in ("a1", "p1=a1", "a1-site"):
        rows = [incident(1, 84.0, root, members=["a1"], resolved_s=485.0)]
        assert score(faults, rows, [message(1, 84.5), message(1, 486.0, "recovery")], until_s=UNTIL_S).clean


def test_given_a_killed_daemon_then_one_message_may_go_out_twice() -> None:
    faults = truth(down(60, "a1", 300), until=UNTIL_S, deaf=[Deaf(84, 90, "daemon")])
    rows = [incident(1, 84.0, "a1", members=["a1"], resolved_s=485.0)]
    told = [message(1, 84.5), message(1, 91.0), message(1, 486.0, "recovery")]
    assert score(faults, rows, told, until_s=UNTIL_S, twice=1).clean
    assert score(faults, rows, told, until_s=UNTIL_S).false_pages == 1


def test_given_promises_of_the_file_then_what_was_not_kept_is_named(run: Run) -> None:
    assert run.score(expect={"pages": 1, "incidents": 1, "sms": 2, "mails": 0, "critical": 1, "recoveries": 1}).clean
    found = run.score(expect={"pages": 2, "minor": 1, "mails": 3})
    assert [finding.text for finding in found.findings] == [
        "pages: 2 expected, 1 found",
        "minor: 1 expected, 0 found",
        "mails: 3 expected, 0 found",
    ]


def test_given_an_incident_about_the_noc_itself_then_it_is_not_judged(run: Run) -> None:
    run.incidents.append(incident(2, 300.0, "sms", family="own"))
    run.messages.append(message(2, 301.0))
    assert run.score().clean


def test_given_a_flapping_thing_then_a_page_each_quarter_of_an_hour_is_no_false_one() -> None:
    flaps = [{"at": 60 + 100 * n, "do": "link_down", "link": "p1=a1", "for": 40} for n in range(15)]
    faults = truth(*flaps, until=3000)
    rows = [incident(1, 85.0, "p1=a1", members=["a1"], resolved_s=1700.0)]
    over = message(1, 1701.0, "recovery")
    calm = score(faults, rows, [message(1, 85.5), message(1, 1100.0), over], until_s=3000)
    assert calm.clean, calm.findings
    assert score(faults, rows, [message(1, 85.5), message(1, 300.0), over], until_s=3000).false_pages == 1


def test_given_a_score_then_its_table_fits_eighty_columns_and_names_what_is_wrong(run: Run) -> None:
    assert lines_of(run.score())[0].startswith("all right: 1 faults, 1 incidents")
    _a_child_is_paged(run)
    lines = lines_of(run.score())
    assert lines[0].startswith("WRONG: 1 false pages")
    assert any(line.startswith("false page: #2 opened page to amina") for line in lines)
    assert max(map(len, lines[1:])) <= 80
