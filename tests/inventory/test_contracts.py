"""What must hold of capacity contracts in the inventory, and what is allowed but probably not meant."""

from datetime import date
from pathlib import Path

import pytest

from inventory.model import Resize
from inventory.reading import check

REST = """
providers:
  seacom: {name: SEACOM}
  eassy: {name: EASSy}
circuits:
  sea-1: {provider: seacom, reference: S1, in_bps: 775M, out_bps: 775M}
  sea-2: {provider: seacom, reference: S2}
  east-1: {provider: eassy, reference: E1}
contracts:
"""
SOUND = {
    "provider": "seacom",
    "reference": "IRU/1",
    "circuits": "[sea-1]",
    "in_bps": "775M",
    "out_bps": "775M",
    "start": "2012-07-01",
}


def contract(key: str = "iru", **changed: str) -> str:
    return f"  {key}: {{{', '.join(f'{name}: {value}' for name, value in (SOUND | changed).items())}}}\n"


def looked(home: Path, *contracts: str) -> tuple[list[str], list[str]]:
    (home / "all.yaml").write_text(REST + "".join(contracts), encoding="utf-8")
    _, mistakes, warnings = check(home)
    lines = [f"{one.line}: {one.message} {one.hint}".strip() for one in mistakes]
    return lines, [one.message for one in warnings if one.message.startswith("contract")]


def test_given_a_contract_then_it_is_read_with_all_it_says(tmp_path: Path) -> None:
    more = {"end": "2032-07-01", "units": "5", "unit": "STM-1", "contention": "1.25", "level": "0.8", "pool": "cables"}
    steps = "[{on: 2020-01-01, in_bps: 1G, out_bps: 900M}, {on: 2021-01-01, in_bps: 2G, out_bps: 2G}]"
    (tmp_path / "all.yaml").write_text(REST + contract(resized=steps, direction="sum", **more), encoding="utf-8")
    inventory, mistakes, _ = check(tmp_path)
    assert inventory is not None and not mistakes
    (found,) = inventory.contracts.values()
    assert (found.units, found.contention, found.pool, found.direction) == (5, 1.25, "cables", "sum")
    assert found.resized == (
        Resize(date(2020, 1, 1), 10**9, 9 * 10**8),
        Resize(date(2021, 1, 1), 2 * 10**9, 2 * 10**9),
    )
    days = (date(2012, 6, 30), date(2012, 7, 1), date(2020, 1, 1), date(2032, 6, 30), date(2032, 7, 1))
    assert [found.delivered(day)[1] for day in days] == [0, 775_000_000, 900_000_000, 2 * 10**9, 0]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"units": "0"}, "contract 'iru': units should be greater than 0, not '0'"),
        ({"units": "-3"}, "units should be greater than 0"),
        ({"units": "five"}, "units must be a whole number"),
        ({"in_bps": "0"}, "in_bps: a rate of 0 is zero"),
        ({"end": "2012-07-01"}, "it ends on 2012-07-01 and starts on 2012-07-01"),
        ({"end": "2010-01-01"}, "it ends on 2010-01-01 and starts on 2012-07-01"),
        ({"start": "01/07/2012"}, "start: '01/07/2012' is not a day: write 2026-10-01"),
        ({"start": "2012-02-30"}, "start: '2012-02-30' is not in the calendar"),
        ({"start": "1341100800"}, "is not a day"),
        ({"start": "0201-07-01"}, "start 0201-07-01 is no day from 1990-01-01 to 2200-01-01"),
        ({"end": "9999-12-31"}, "end 9999-12-31 is no day from"),
        ({"contention": "0"}, "contention should be greater than 0"),
        ({"contention": "nan"}, "contention should be"),
        ({"level": "1.1"}, "level should be less than or equal to 1"),
        ({"direction": "both"}, "direction 'both' is not one of max, apart, sum"),
        ({"provider": "seakom"}, "provider 'seakom' is no provider did you mean 'seacom'?"),
        ({"circuits": "[sea-3]"}, "circuits 'sea-3' is no circuit did you mean"),
        ({"circuits": "[]"}, "circuits must not be empty"),
        ({"circuits": "[sea-1, sea-1]"}, "circuit 'sea-1' stands twice"),
        ({"circuits": "[east-1]"}, "circuit 'east-1' is 'eassy''s, the contract 'seacom''s"),
        ({"pool": "iru"}, "pool 'iru' is the key of a contract"),
        ({"prize": "1"}, "unknown key 'prize' did you mean 'price'?"),
        ({"resized": "[{on: 2012-07-01, in_bps: 1G, out_bps: 1G}]"}, "resized on 2012-07-01, outside its time"),
        ({"resized": "[{on: 2020-01-01, in_bps: 1G}]"}, "key 'resized.0.out_bps' is missing"),
        (
            {"resized": "[{on: 2020-01-02, in_bps: 1G, out_bps: 1G}, {on: 2020-01-01, in_bps: 1G, out_bps: 1G}]"},
            "resized on 2020-01-01, which is not after 2020-01-02",
        ),
        (
            {"end": "2020-01-01", "resized": "[{on: 2020-01-01, in_bps: 1G, out_bps: 1G}]"},
            "resized on 2020-01-01, outside its time",
        ),
    ],
)
def test_given_a_contract_that_cannot_be_then_it_is_named_with_its_line(
    tmp_path: Path, changed: dict[str, str], said: str
) -> None:
    (line,), _ = looked(tmp_path, contract(**changed))
    assert line.startswith("10: contract 'iru'") and said in line


def test_given_a_circuit_of_two_contracts_then_only_one_after_the_other(tmp_path: Path) -> None:
    first, second = contract("old", end="2020-01-01"), contract("new", start="2020-01-01")
    assert looked(tmp_path, first, second)[0] == []
    (line,), _ = looked(tmp_path, first, contract("new", start="2019-12-31"))
    assert line.startswith("11: contract 'new': circuit 'sea-1' delivers contract 'old' in the same time (")
    assert line.endswith("all.yaml:10)")


def test_given_units_then_they_are_a_note_that_is_compared(tmp_path: Path) -> None:
    assert looked(tmp_path, contract(units="5", unit="STM-1")) == ([], [])
    mistakes, warnings = looked(tmp_path, contract(units="10", unit="STM-1"))
    assert not mistakes and len(warnings) == 2
    assert warnings[0].startswith("contract 'iru': 10 x STM-1 carry 1497.6M to 1555.2M, delivered are 775M in")


def test_given_more_than_its_circuits_carry_then_that_is_said(tmp_path: Path) -> None:
    _, warnings = looked(tmp_path, contract(in_bps="1G"))
    assert warnings == ["contract 'iru': 1G in delivered over circuits of 775M"]
