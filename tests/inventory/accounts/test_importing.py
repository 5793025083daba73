"""Requests out of a spreadsheet: all or none, every wrong row named, twice the same as once."""

import csv
import io
import re
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.accounts.acts import Acts
from inventory.accounts.book import Book
from inventory.accounts.importing import Imported, import_requests
from inventory.calendar import day_of
from inventory.mistakes import MistakesError
from inventory.model import Inventory
from inventory.sample_network import MEMBERS, generate, sample_requests
from tests.inventory.accounts.stage import Stage, contract, network

NOW = 1_800_000_000.0
HEAD = "reference,institution,in,out,contract,pool,from,until,approver\n"


def taken(stage: Stage, home: Path, rows: str, head: str = HEAD) -> Imported:
    path = home / "r.csv"
    path.write_text(head + rows, encoding="utf-8")
    return import_requests(path, stage.acts("sample"))


@pytest.fixture(scope="module")
def govnet() -> Inventory:
    return generate()


def imported(network: Inventory, path: Path) -> Book:
    book = Book(now=NOW)
    import_requests(path, Acts(book, network, "sample", NOW))
    return book


def test_given_the_sample_then_exactly_182_are_approved_and_fit_the_cables(govnet: Inventory, tmp_path: Path) -> None:
    path = tmp_path / "requests.csv"
    path.write_text(sample_requests(govnet), encoding="utf-8")
    assert path.read_text(encoding="utf-8").startswith("# Invented:")
    book = imported(govnet, path)
    states = Counter(one.state for one in book.allocations())
    assert states == {"approved": 182, "requested": 3, "ended": 2}
    approved = [one for one in book.allocations() if one.state == "approved"]
    assert len({one.institution for one in approved}) == 182
    without_site = [one for one in approved if govnet.institutions[one.institution].site is None]
    assert {govnet.institutions[one.institution].kind for one in without_site} == {"hospital", "school", "university"}
    assert sum(one.in_bps for one in approved) / 182 == pytest.approx(8.5e6, rel=0.02)
    cables = [book.balance(key, "in", day_of(NOW)) for key in ("seacom-iru", "eassy-iru")]
    assert sum(each.capacity_bps for each in cables) == 1_550_000_000
    assert all(each.free_bps > 0 for each in cables)
    for key in ("seacom-iru", "eassy-iru"):
        assert book.over_committed_from(key, "in", govnet.contracts[key].start) is None


@pytest.mark.parametrize("sites", [1, 7, 60, MEMBERS, MEMBERS + 20])
def test_given_a_sample_of_any_size_then_its_requests_are_sound(tmp_path: Path, sites: int) -> None:
    network, path = generate(sites), tmp_path / "requests.csv"
    path.write_text(sample_requests(network), encoding="utf-8")
    approved = [one for one in imported(network, path).allocations() if one.state == "approved"]
    assert len(approved) == 182 if sites >= MEMBERS else 0 < len(approved) < 182


def test_given_three_wrong_rows_of_many_then_all_three_are_named_and_none_is_taken(
    govnet: Inventory, tmp_path: Path
) -> None:
    path = tmp_path / "requests.csv"
    lines = sample_requests(govnet).splitlines()
    lines[20] = lines[20].replace("mda-", "mda-x")
    lines[90] = re.sub(r",\d+M,", ",0,", lines[90], count=1)
    lines[150] = re.sub(r"(\d{4}-\d\d-\d\d),", r"\1,2001-01-01", lines[150])
    path.write_text("\n".join(lines), encoding="utf-8")
    acts = Acts(Book(now=NOW), govnet, "sample", NOW)
    with pytest.raises(MistakesError) as refused:
        import_requests(path, acts)
    assert [one.line for one in refused.value.mistakes] == [21, 91, 151]
    said = [one.message for one in refused.value.mistakes]
    assert "there is no institution" in said[0] and "did you mean" in said[0]
    assert "in: a rate of 0 is zero" in said[1] and "it would end on 2001-01-01" in said[2]


def test_given_a_file_twice_then_the_second_time_nothing_happens(tmp_path: Path) -> None:
    stage = Stage()
    rows = "L/1,school,5M,5M,sea,,2026-01-01,,ali\nL/2,college,5M,5M,sea:2 east:1,,2026-01-01,2026-03-01,\n"
    assert taken(stage, tmp_path, rows) == Imported((1, 2), (1,), 0)
    before = list(stage.book.postings)
    assert taken(stage, tmp_path, rows) == Imported((), (), 2)
    stage.acts("ali").refuse(2, "no")
    assert taken(stage, tmp_path, rows).known == 2  # what became of it is not undone
    assert before == stage.book.postings[: len(before)]
    with pytest.raises(MistakesError, match="R-1 has this reference and says otherwise"):
        taken(stage, tmp_path, rows.replace("5M,5M,sea,", "6M,5M,sea,"))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("L/1,school,5M,5M,,,2026-01-01,,", "name its contract, or a pool"),
        ("L/1,school,5M,5M,sea,cables,2026-01-01,,", "name its contract, or a pool"),
        ("L/1,school,5M,5M,,cabels,2026-01-01,,", "there is no pool 'cabels' (did you mean 'cables'?)"),
        ("L/1,school,5M,5M,sea:x,,2026-01-01,,", "a contract, or contract:share"),
        ("L/1,school,5M,5M,sea sea,,2026-01-01,,", "named twice"),
        ("L/1,school,,5M,sea,,,,", "in: '' is not a rate"),
        ("L/1,school,5M,5M,sea,,1.1.2026,,", "from: '1.1.2026' is not a day"),
        (",school,5M,5M,sea,,2026-01-01,,", "no reference"),
        ("L/1,school,500M,5M,sea,,2026-01-01,,", "sea in has 100 Mb/s free on 2026-01-01, 500 are asked for"),
        ("L/1,school,5M,5M,sea,,2026-01-01,,sample", "was entered by sample: somebody else"),
    ],
)
def test_given_a_row_that_cannot_be_then_it_says_why(tmp_path: Path, row: str, said: str) -> None:
    stage = Stage(inventory=network(contract("sea", pool="cables"), contract("east")))
    with pytest.raises(MistakesError) as refused:
        taken(stage, tmp_path, row + "\n")
    (mistake,) = refused.value.mistakes
    assert mistake.line == 2 and said in mistake.message


def test_given_the_same_reference_twice_or_no_such_file_then_that_is_said(tmp_path: Path) -> None:
    row = "L/1,school,5M,5M,sea,,2026-01-01,,\n"
    with pytest.raises(MistakesError, match=r"r.csv:3: .*this reference stands on line 2 already"):
        taken(Stage(), tmp_path, row + row.replace("school", "college"))
    with pytest.raises(MistakesError, match="cannot be read"):
        import_requests(tmp_path / "none.csv", Stage().acts())
    with pytest.raises(MistakesError, match="column 'reference' is missing"):
        taken(Stage(), tmp_path, row, head="ref,institution,in,out,contract,pool,from,until,approver\n")


CELL = st.text(max_size=12) | st.sampled_from(
    ["L/1", "school", "5M", "sea", "sea:2 east", "2026-01-01", "2026-02-01", "ali", "sample", "0", "-1M", "9999-99-99"]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(CELL, min_size=9, max_size=9), max_size=4))
def test_given_any_rows_then_they_are_taken_or_each_is_named(rows: list[list[str]]) -> None:
    written = io.StringIO(newline="")
    csv.writer(written).writerows([HEAD.strip().split(","), *rows])
    with tempfile.TemporaryDirectory() as home:
        path = Path(home) / "r.csv"
        path.write_bytes(written.getvalue().encode("utf-8", "surrogatepass"))
        stage = Stage()
        try:
            found = import_requests(path, stage.acts("sample"))
        except MistakesError as error:
            assert error.mistakes and all(one.file == str(path) for one in error.mistakes)
        else:
            assert len(found.entered) + found.known <= len(rows)
