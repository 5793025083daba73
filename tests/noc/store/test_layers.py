"""Local days and months: what they say, when they are closed, and that late batches change them as if never late."""

import math
import tempfile
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from inventory.batch import Batch
from inventory.calendar import DAY_S, EAT_S, SLOT_S
from noc.store import chunk, months
from noc.store.codec import Codec
from noc.store.file import DAILY, DAY, FIVE_MINUTES, HOURLY, MONTHLY, PIECE
from noc.store.frames import Frame
from noc.store.steps import NULL
from noc.store.writer import MetricStore
from tests.noc.store.layers import chunks, figures, same_chunks
from tests.noc.store.polls import QUANTITIES, START

ROLLUPS = (FIVE_MINUTES, HOURLY, DAILY, MONTHLY)
ROWS = ("xe-0/0/0", "xe-0/0/1")
SEPTEMBER = START - EAT_S  # local
OCTOBER = SEPTEMBER + 30 * DAY_S
NOW = OCTOBER + 3 * DAY_S


def poll(at: int, rate: float, rows: tuple[str, ...] = ROWS) -> Batch:
    values = np.array([[rate, rate + 7], [rate / 1000] * 2, [1, 1], [0, 0]])
    return Batch("interface", "d", at, rows, QUANTITIES, values[:, : len(rows)])


def five_minutes(frame: Frame, start: int, means: np.ndarray, covered: np.ndarray) -> months.Part:
    """A stored chunk; arrays are rows x slots, a slot without coverage is left out where no row has any."""
    there = covered.any(axis=0)
    mean = np.where(covered > 0, means, NULL)[None, :, there].astype(np.int64)
    counts = covered[None, :, there].astype(np.int64)
    up = np.full((1, *mean.shape[1:]), NULL)
    at = (start + SLOT_S * np.arange(means.shape[1]))[there]
    steps = np.concatenate([mean, counts // 30, counts, mean, mean, up])
    return months.Part(frame, chunk.Chunk(chunk.encode(chunk.Content(at, steps), Codec(), 1024), Codec()))


def frame_of(rows: tuple[str, ...], number: int = 1) -> Frame:
    return Frame(number, 1, "link", "", rows, ("in_bps",), np.array([[1.0]]))


def plain_p95(values: list[float]) -> float:
    """The nearest rank, as a contract has it: of n sorted values the one in place ceil(0.95 n)."""
    return sorted(values)[math.ceil(0.95 * len(values)) - 1]


@settings(deadline=None, max_examples=12)
@given(days=st.sampled_from([28, 30, 31]), seed=st.integers(0, 1 << 16), absent=st.sampled_from([0.0, 0.05, 0.6, 1.0]))
def test_rule_27_p95_of_days_and_months_is_the_nearest_rank_of_five_minute_means_that_count(
    days: int, seed: int, absent: float
) -> None:
    rng, frame = np.random.default_rng(seed), frame_of(("a", "b", "c"))
    slots = days * DAY_S // SLOT_S
    means = rng.integers(0, 10**9, (3, slots)).astype(float)
    covered = np.where(rng.random((3, slots)) < absent, rng.integers(0, 240, (3, slots)), 300)
    covered[2] = 0  # never measured
    over = months.Span(SEPTEMBER, SEPTEMBER + days * DAY_S)
    cuts = range(0, slots, 288)
    parts = [
        five_minutes(frame, SEPTEMBER + SLOT_S * cut, means[:, cut : cut + 288], covered[:, cut : cut + 288])
        for cut in cuts
        if covered[:, cut : cut + 288].any()
    ]
    ((bearer, lines),) = months.rolled([frame], lambda: [[part] for part in parts], over)
    assert bearer is frame
    for row in range(3):
        counting = means[row][covered[row] >= 240].tolist()
        mean, n, seconds, least, most, p95, present, _ = lines[:, row].tolist()
        assert present == len(counting)
        assert p95 == (plain_p95(counting) if counting else NULL)
        known = covered[row] > 0
        assert seconds == covered[row].sum()
        assert n == (covered[row] // 30).sum()
        assert (least, most) == ((means[row][known].min(), means[row][known].max()) if known.any() else (NULL, NULL))
        assert mean == (round((means[row] * covered[row]).sum() / seconds) if seconds else NULL)


def test_rule_27_ranks_of_whole_months() -> None:
    frame = frame_of(("a",))
    for days, place in ((28, 7661), (30, 8208), (31, 8482)):
        slots = days * 288
        ladder = np.random.default_rng(1).permutation(np.arange(1, slots + 1)).reshape(1, -1).astype(float)
        full = np.full((1, 288), 300)
        parts = [
            [five_minutes(frame, SEPTEMBER + SLOT_S * cut, ladder[:, cut : cut + 288], full)]
            for cut in range(0, slots, 288)
        ]
        ((_, lines),) = months.rolled([frame], partial(iter, parts), months.Span(SEPTEMBER, SEPTEMBER + slots * SLOT_S))
        assert lines[months.P95, 0] == place
        assert lines[months.SEEN, 0] == slots


def test_given_a_list_of_interfaces_that_changed_then_the_newest_frame_bears_what_both_saw() -> None:
    older, newer = frame_of(("a", "gone"), 1), frame_of(("new", "a"), 2)
    first = five_minutes(older, SEPTEMBER, np.full((2, 100), 10.0), np.full((2, 100), 300))
    second = five_minutes(newer, SEPTEMBER + 100 * SLOT_S, np.full((2, 188), 30.0), np.full((2, 188), 300))
    found = dict(months.rolled([newer, older], lambda: [[first, second]], months.Span(SEPTEMBER, SEPTEMBER + DAY_S)))
    present, p95 = months.SEEN, months.P95
    assert found[newer][present].tolist() == [188, 288]
    assert found[newer][p95].tolist() == [30, 30]
    assert found[older][present].tolist() == [0, 100]
    assert found[older][p95].tolist() == [NULL, 10]
    assert found[older][months.COVERED].tolist() == [0, 30000]
    assert found[newer][months.MEAN, 1] == round((100 * 10 + 188 * 30) / 288)


def test_octets_are_conserved_from_raw_to_months(tmp_path: Path) -> None:
    ats = list(range(SEPTEMBER + 3420, OCTOBER + DAY_S, 3420))
    rates = np.random.default_rng(5).integers(0, 10**9, len(ats)).astype(float)
    with MetricStore(tmp_path / "metrics.db") as store:
        store.append(poll(at, rate) for at, rate in zip(ats, rates, strict=True))
        store.commit()
        store.seal(NOW)
    counted = [layer.steps[len(QUANTITIES), 0].sum() for layer in chunks(tmp_path / "metrics.db", DAILY).values()]
    assert sum(counted) == len(ats), "each local day lies in one month"
    begins = np.array([SEPTEMBER, *ats[:-1]]) + np.array([3120, *[0] * (len(ats) - 1)])  # 300 s, nothing before it
    inside = np.minimum(ats, OCTOBER) - np.minimum(begins, OCTOBER)
    sent = float((rates * inside).sum())
    for tier, count in ((DAILY, 30), (MONTHLY, 1)):
        first = min(chunks(tmp_path / "metrics.db", tier).items(), key=lambda item: item[0][-1])[1]
        assert len(first.at) == count
        carried = float((first.steps[0, 0] * first.steps[2 * len(QUANTITIES), 0]).sum())
        assert carried == pytest.approx(sent, rel=1e-8)
        assert first.steps[2 * len(QUANTITIES), 0].sum() == inside.sum()


moments = st.integers(0, 2 * DAY_S // 60).map(lambda minutes: START - DAY_S + 60 * minutes)


@settings(deadline=None, max_examples=8)
@given(
    runs=st.lists(st.tuples(moments, st.integers(1, 90), st.sampled_from([30, 60, 300])), min_size=1, max_size=4),
    late=st.lists(st.tuples(moments, st.integers(1, 20), st.sampled_from([10, 60, 300])), min_size=1, max_size=3),
    renamed=st.booleans(),
)
@example(runs=[(START + DAY_S, 1, 30)], late=[(START - 2580, 6, 10)], renamed=False)  # a day of which only rollups are
def test_given_late_batches_then_all_layers_are_as_if_none_had_been_late(
    runs: list[tuple[int, int, int]], late: list[tuple[int, int, int]], renamed: bool
) -> None:
    def batches(found: list[tuple[int, int, int]], rows: tuple[str, ...]) -> list[Batch]:
        return [
            poll(at, float(at % 9973) * 1000, rows)
            for first, n, step in found
            for at in range(first, first + n * step, step)
        ]

    early, after = batches(runs, ROWS), batches(late, ROWS[:1] if renamed else ROWS)
    with tempfile.TemporaryDirectory() as place:
        one, other = Path(place) / "one.db", Path(place) / "other.db"
        with MetricStore(one) as store:
            for number, part in enumerate((early, after)):
                store.append(part)
                store.commit()
                store.seal(NOW + 3600 * number)
        with MetricStore(other) as store:
            store.append([*early, *after])
            store.commit()
            store.seal(NOW + 3600)
        assert same_chunks(chunks(one, *ROLLUPS, DAY), chunks(other, *ROLLUPS, DAY))


def test_given_a_late_batch_then_its_day_local_day_and_month_say_so_at_once(tmp_path: Path) -> None:
    path = tmp_path / "metrics.db"
    with MetricStore(path) as store:
        store.append(poll(START + 300 * k, 1000.0) for k in range(1, 3 * 288))
        store.commit()
        store.seal(NOW)
        before = figures(path, MONTHLY, ROWS[0], ("in_bps",))
        assert before.rolled.slots.most.tolist() == [[1000.0]]
        store.append([poll(START + DAY_S + 150, 9000.0)])
        store.commit()
        store.seal(NOW + 120)
        assert not chunks(path, PIECE)
        for tier in (DAILY, MONTHLY):
            assert figures(path, tier, ROWS[0], ("in_bps",)).rolled.slots.most.max() == 9000.0
        month = figures(path, MONTHLY, ROWS[0], ("in_bps",))
        assert month.rolled.slots.n.sum() == before.rolled.slots.n.sum() + 1
        assert month.ranked.present.tolist() == before.ranked.present.tolist()


def test_given_late_batches_again_and_again_then_days_are_sealed_again_at_most_every_ten_minutes(
    tmp_path: Path,
) -> None:
    path = tmp_path / "metrics.db"
    with MetricStore(path) as store:
        store.append(poll(START + 300 * k, 1000.0) for k in range(1, 100))
        store.commit()
        store.seal(NOW)
        for k, days_left in ((1, False), (2, True), (3, True), (11, False)):
            store.append([poll(START + 150 + k, 1000.0)])
            store.commit()
            store.seal(NOW + 60 * k)
            assert bool(chunks(path, PIECE)) is days_left


def test_given_a_subject_that_fell_silent_then_its_month_is_closed_with_the_others(tmp_path: Path) -> None:
    path = tmp_path / "metrics.db"
    with MetricStore(path) as store:
        store.append(poll(SEPTEMBER + 600 * k, 1000.0) for k in range(1, 300))
        store.commit()
        store.seal(OCTOBER + EAT_S + 3600)
        assert len(figures(path, DAILY, ROWS[0], ("in_bps",)).rolled.at) == 3
        assert not chunks(path, MONTHLY)
        store.seal(OCTOBER + EAT_S + 3600 + 120)
        assert figures(path, MONTHLY, ROWS[0], ("in_bps",)).rolled.at.tolist() == [SEPTEMBER]
        assert store.counters.rolls_due == 0


def test_given_a_life_that_ended_before_its_months_were_rolled_then_the_next_rolls_them(tmp_path: Path) -> None:
    path = tmp_path / "metrics.db"
    with MetricStore(path) as store:
        store.append(poll(SEPTEMBER + 600 * k, 1000.0) for k in range(1, 300))
        store.commit()
        store.seal(OCTOBER + EAT_S)
    with MetricStore(path) as store:
        store.seal(NOW)
        assert chunks(path, MONTHLY)
