"""The truth of capacity, from a past that a scenario tells of."""

from datetime import date
from typing import Any

import pytest

from inventory.calendar import DAY_S, SLOT_S, midnight
from inventory.model import Circuit, Contract, Device, Institution, Inventory, MeasuringPoint, Name, Resize, Snmp
from noc.scenario.past import Past, Used, capacity_faults

START = midnight(date(2026, 6, 20)) + 8 * 3600
RATE = 100_000_000


def contract(key: str = "sea", **terms: object) -> Contract:
    said = {"circuits": (f"{key}-1",), "start": date(2012, 7, 1), "in_bps": RATE, "out_bps": RATE, **terms}
    return Contract(key, "seacom", key, **said)  # type: ignore[arg-type]


def past(*contracts: Contract, points: int = 1, **said: object) -> Past:
    device = Device("edge-1", "x", "127.0.0.1", "edge", Snmp("2c", "public"))
    numbers = range(points)
    inventory = Inventory(
        circuits={key: Circuit(key, "seacom", key, "iru") for each in contracts for key in each.circuits},
        contracts={each.key: each for each in contracts},
        devices={"edge-1": device},
        institutions={"chunya": Institution("chunya", Name("Chunya"), "lga")},
        points={f"p{n}": MeasuringPoint(f"p{n}", "chunya", "edge-1", f"irb.{n}") for n in numbers},
    )
    return Past(inventory, **{"start": START, "days": 90, **said})  # type: ignore[arg-type]


def told(found: Past) -> list[tuple[str, str]]:
    return [(fault.severity, fault.told) for fault in capacity_faults(found)]


@pytest.mark.parametrize(
    ("follower", "expected"),
    [
        (None, [("minor", "must")]),
        (contract("next", circuits=("sea-1",), start=date(2026, 7, 1)), []),
        (contract("next", circuits=("sea-1",), start=date(2026, 7, 2)), [("minor", "must")]),
        (contract("next", circuits=("tix-1",), start=date(2026, 7, 1)), [("minor", "must")]),
    ],
)
def test_given_an_end_in_eleven_days_then_it_is_told_unless_another_follows(
    follower: Contract | None, expected: list[tuple[str, str]]
) -> None:
    ending = contract(end=date(2026, 7, 1))
    assert told(past(ending, *([follower] if follower else []))) == expected


def test_given_contention_and_a_resize_to_come_then_it_is_over_committed_from_that_day() -> None:
    commits = {"chunya": 150_000_000}
    assert told(past(contract(contention=2.0), commits=commits)) == []
    shrinks = contract(contention=2.0, resized=(Resize(date(2026, 9, 1), RATE // 2, RATE // 2),))
    found = past(shrinks, commits=commits)
    assert told(found) == [("minor", "must")]
    assert found.over_committed_from("sea", "in", date(2026, 6, 20)) == date(2026, 9, 1)


def test_given_a_contract_that_is_over_then_nothing_is_promised_of_it() -> None:
    found = past(contract(end=date(2026, 7, 1)), commits={"chunya": RATE})
    assert found.balance("sea", "in", date(2026, 7, 1)).free_bps == 0
    assert found.allocations(date(2026, 7, 1)) == []
    assert len(found.allocations(date(2026, 6, 30))) == 1


def test_given_a_resize_then_the_share_is_of_what_was_delivered_that_day() -> None:
    doubled = contract(resized=(Resize(date(2026, 6, 10), 2 * RATE, 2 * RATE),))
    day = midnight(date(2026, 6, 10))
    found = past(doubled, use={"sea": Used(0.5)})
    table = found.table("circuit_traffic", "", ("sea-1",), ("in_bps",), start=day - SLOT_S, end=day + SLOT_S)
    assert table.mean[0, 0].tolist() == [RATE / 2, RATE]


def test_given_one_contract_after_another_over_a_circuit_then_each_has_its_own_use() -> None:
    day = date(2026, 6, 10)
    found = past(contract(end=day), contract("next", circuits=("sea-1",), start=day), use={"next": Used(0.5)})
    at = midnight(day)
    table = found.table("circuit_traffic", "", ("sea-1",), ("in_bps",), start=at - SLOT_S, end=at + SLOT_S)
    assert str(table.mean[0, 0].tolist()) == str([float("nan"), RATE / 2])


@pytest.mark.parametrize(
    ("said", "points", "expected"),
    [
        ({}, 1, [("warning", "must")]),
        ({}, 2, [("warning", "must")]),
        ({}, 0, []),
        ({"start": midnight(date(2026, 6, 1)) + DAY_S // 2}, 1, []),
        ({"days": 0}, 1, []),
    ],
)
def test_given_use_above_a_commit_then_it_is_told_where_it_can_be_known(
    said: dict[str, object], points: int, expected: list[tuple[str, str]]
) -> None:
    used = {"use": {"chunya": Used(1.2)}, "commits": {"chunya": 4_000_000}}
    assert told(past(contract(), points=points, **{**used, **said})) == expected


def test_given_a_week_or_less_of_use_then_nothing_need_be_said_of_a_full_contract() -> None:
    full: dict[str, Any] = {"use": {"sea": Used(0.95)}}
    for days, duty in ((3, "never"), (7, "may"), (8, "must")):
        assert [how for _, how in told(past(contract(), days=days, **full))] == [duty] * (duty != "never")
