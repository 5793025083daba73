"""What a reader remembers never shows: one that stays open says what a new one says, of all devices at once or row by row."""

import sqlite3
import tempfile
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.batch import Batch
from noc.store.file import DAY, HOURLY, PIECE
from noc.store.reader import MetricReader
from noc.store.series import Series
from noc.store.shelf import Shelves
from noc.store.writer import MetricStore
from tests.noc.store.polls import QUANTITIES, START

NAMES = ("in_bps", "oper_status")
ROWS = ("xe-0/0/0", "xe-0/0/1")
STEPS: tuple[Literal[300, 3600] | None, ...] = (None, 300, 3600)
Poll = tuple[int, int, float]  # device, instant, level

SUBJECTS = [("interface", f"d{device}", row) for device in range(4) for row in ROWS]
SPANS = ((START, START + 2 * 86400), (START + 3000, START + 30_000), (START - 40 * 86400, START + 86400))


def measured(polls: list[Poll]) -> list[Batch]:
    found = []
    for device, at, level in polls:
        rows = (*ROWS, "ae0") if device == 3 and at > START + 40_000 else ROWS
        values = np.full((len(QUANTITIES), len(rows)), level)
        values[QUANTITIES.index("oper_status")] = 1 + (level > 500)
        values[QUANTITIES.index("flags")] = 0
        found.append(Batch("interface", f"d{device}", at, rows, QUANTITIES, values))
    return found


def same(one: Series, other: Series) -> bool:
    pairs = zip(
        (one.at, one.values, one.covered_s, one.up_s),
        (other.at, other.values, other.covered_s, other.up_s),
        strict=True,
    )
    return all(
        mine is theirs if mine is None or theirs is None else np.array_equal(mine, theirs, equal_nan=True)
        for mine, theirs in pairs
    )


def check(reader: MetricReader, path: Path) -> None:
    """Everything asked at once of the reader, against each subject alone asked of a new one."""
    with MetricReader(path) as fresh:
        for scope in sorted({scope for _, scope, _ in SUBJECTS}):
            every = fresh.batches("interface", scope, start=0, end=START + 3 * 86_400)
            newest = reader.last("interface", scope)
            assert [one.at for one in newest] == [one.at for one in every[-1:]]
            assert all(np.array_equal(one.values, every[-1].values, equal_nan=True) for one in newest)
        for start, end in SPANS:
            for step in STEPS:
                found = reader.read_many(SUBJECTS, NAMES, start=start, end=end, step=step)
                for subject, series in zip(SUBJECTS[::2], found[::2], strict=True):
                    (alone,) = fresh.read_many([subject], NAMES, start=start, end=end, step=step)
                    assert same(series, alone), (subject, start, step)
            wholes = reader.whole(SUBJECTS, NAMES, start=start, end=end)
            for subject, one in zip(SUBJECTS[::2], wholes[::2], strict=True):
                (figure,) = fresh.whole([subject], NAMES, start=start, end=end)
                assert one.mean == pytest.approx(figure.mean, rel=1e-9, nan_ok=True)
                assert one.covered_s == figure.covered_s
                assert one.up_s == pytest.approx(figure.up_s, nan_ok=True)


levels = st.one_of(st.just(float("nan")), st.integers(0, 1000).map(float))
several = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 1500), levels), max_size=12)


@settings(deadline=None, max_examples=4)
@given(together=st.lists(st.tuples(st.integers(0, 1500), levels), min_size=1, max_size=25), apart=several, late=several)
def test_a_reader_that_stays_open_says_what_a_new_one_says(
    together: list[tuple[int, float]], apart: list[Poll], late: list[Poll]
) -> None:
    everyone = [(device, START + 60 * minute, level) for minute, level in sorted(together) for device in range(4)]
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "metrics.db"
        with MetricStore(path) as store, MetricReader(path) as reader:
            for polls, now in (
                (everyone, START),
                (
                    apart and [(device, START + 60 * minute + 7, level) for device, minute, level in apart],
                    START + 40_000,
                ),
                ([], START + 86_400 + 4000),
                ([(device, START + 60 * minute, level) for device, minute, level in late], START + 86_400 + 4000),
                ([], START + 86_400 + 8000),
            ):
                store.append(measured(polls))
                store.commit()
                store.seal(now)
                check(reader, path)


def test_each_change_of_a_layer_is_counted_whoever_makes_it(tmp_path: Path) -> None:
    with MetricStore(tmp_path / "metrics.db") as store:
        store.append(measured([(0, START + 60 * minute, 1.0) for minute in range(200)]))
        store.commit()
        store.seal(START + 2 * 3600 + 200)
    with sqlite3.connect(tmp_path / "metrics.db") as db:
        shelves = Shelves(db)
        before = shelves.changes(PIECE), shelves.changes(DAY), shelves.changes(HOURLY)
        assert before == (2, 0, 0)
        db.execute("UPDATE chunk SET until = until WHERE tier = ?", (PIECE,))
        assert shelves.changes(PIECE) == 4
        db.execute("INSERT OR REPLACE INTO chunk SELECT ?, frame, start, until, body FROM chunk", (HOURLY,))
        assert shelves.changes(HOURLY) == 2
        db.execute("DELETE FROM chunk")
        assert (shelves.changes(PIECE), shelves.changes(HOURLY), shelves.changes(DAY)) == (6, 4, 0)
    db.close()


@pytest.mark.parametrize("counted", [True, False])
def test_a_chunk_that_was_changed_is_read_again(tmp_path: Path, counted: bool) -> None:
    """Also in a file that was made before changes were counted."""
    path = tmp_path / "metrics.db"
    span = {"start": START, "end": START + 7200}
    with MetricStore(path) as store, MetricReader(path) as reader:
        store.append(measured([(device, START + 60 * minute, 7.0) for minute in range(119) for device in range(4)]))
        store.commit()
        store.seal(START + 2 * 3600 + 200)
        with sqlite3.connect(path) as db:
            if not counted:
                db.execute("DELETE FROM meta WHERE name LIKE 'changes %'")
        before = reader.whole(SUBJECTS, NAMES, **span)
        with db:
            db.execute("DELETE FROM chunk WHERE frame = 1 AND start = ?", (START,))
        db.close()
        after = reader.whole(SUBJECTS, NAMES, **span)
        assert [one.covered_s for one in after[2:]] == [one.covered_s for one in before[2:]]
        assert after[0].covered_s[0] < before[0].covered_s[0] - 3000
        check(reader, path)


def test_one_link_of_thousands_in_one_scope_is_read_alone(tmp_path: Path) -> None:
    """Of a wide frame only what is asked for is decoded, and says the same."""
    rows, path = tuple(f"link-{number}" for number in range(2000)), tmp_path / "metrics.db"
    with MetricStore(path) as store, MetricReader(path) as reader:
        for minute in range(30):
            values = np.arange(2000.0)[None] + minute
            store.append([Batch("link", "", START + 60 * minute, rows, ("in_bps",), values)])
        store.commit()
        store.seal(START + 3600 + 200)
        for row in ("link-0", "link-1999"):
            (found,) = reader.read_many([("link", "", row)], ("in_bps",), start=START, end=START + 3600)
            assert found.values[0].tolist() == [rows.index(row) + minute for minute in range(30)]
        every = reader.read_many([("link", "", row) for row in rows], ("in_bps",), start=START, end=START + 3600)
        assert [one.values[0, 0] for one in every] == [*range(2000)]


def test_what_was_sealed_is_not_kept_as_hot_any_longer(tmp_path: Path) -> None:
    """A reader that stays open for weeks keeps what is hot now, whatever it saw before."""
    path = tmp_path / "metrics.db"
    with MetricStore(path) as store, MetricReader(path) as reader:
        for hour in range(6):
            for minute in range(0, 60, 5):
                store.append(measured([(device, START + 3600 * hour + 60 * minute, 1.0) for device in range(4)]))
                store.commit()
            store.seal(START + 3600 * (hour + 1))
            check(reader, path)
            with sqlite3.connect(path) as file:
                (there,) = file.execute("SELECT count(*) FROM hot").fetchone()
            assert len(reader._recent) <= there
            known = reader._recent.octets - reader._recent._heads.octets
            assert known == sum(one.octets for one in reader._recent._blobs.values())
