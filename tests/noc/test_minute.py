"""The minute of liveness: sums that a person can check by hand."""

import numpy as np

from noc.minute import MinuteSummary


def test_given_rounds_then_the_minute_holds_least_mean_most_and_loss() -> None:
    minute = MinuteSummary(["a", "b", "c"])
    minute.feed("a", [10.0, 20.0])
    minute.feed("a", [None, 30.0])
    minute.feed("b", [None, None])
    batch = minute.close(60, {"a": 0, "b": 4})
    assert batch.rows == ("a", "b", "c")
    a, b, c = batch.values.T
    assert a.tolist() == [10.0, 20.0, 30.0, 0.25, 0]
    assert np.isnan(b[:3]).all() and b[3:].tolist() == [1.0, 4]
    assert np.isnan(c).all()


def test_given_a_closed_minute_then_the_next_begins_empty() -> None:
    minute = MinuteSummary(["a"])
    minute.feed("a", [10.0])
    minute.close(60, {})
    assert np.isnan(minute.close(120, {}).values).all()


def test_given_a_device_that_left_then_its_late_answer_is_dropped() -> None:
    minute = MinuteSummary(["a"])
    minute.feed("gone", [10.0])
    assert np.isnan(minute.close(60, {}).of("rtt_ms")).all()
