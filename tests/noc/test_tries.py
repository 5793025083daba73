"""Which channel is next, when, and when it is too late."""

from collections.abc import Callable
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.incident import IncidentState
from alerts.notification import WAKING, Fate, Notification
from noc.tries import failed, lane, lanes, refused, too_late, urgency
from tests.alerts.notify.samples import NOW, message
from tests.noc.ledger.stage import incident

ALL = ("sms", "modem", "mail", "webhook", "apprise")


def everything(channel: str) -> bool:
    return True


def trail(
    row: Notification, steps: int, usable: Callable[[str], bool] = everything, *, doubt: bool = False
) -> list[tuple[int, str]]:
    """(second, channel) of the tries of a row that nobody takes."""
    found, now = [], NOW
    for _ in range(steps):
        place = lane(row, usable)
        assert place is not None
        now = max(now, row.next_try_at)
        found.append((round(now - NOW), row.channels[place]))
        row = failed(replace(row, tries=row.tries + 1), place, now, usable, "no", doubt=doubt).row
    return found


def test_rule_23_given_a_channel_that_fails_then_the_pauses_grow_up_to_ten_minutes() -> None:
    mail = message(channels=("mail",), severity="minor", page=False)
    assert [at for at, _ in trail(mail, 9)] == [0, 15, 30, 60, 120, 300, 600, 1200, 1800]


def test_given_a_page_that_surely_did_not_go_out_then_it_is_tried_every_two_minutes() -> None:
    page = message(channels=("sms",), severity="major")
    assert [at for at, _ in trail(page, 8)] == [0, 15, 30, 60, 120, 240, 360, 480]


def test_given_a_page_that_may_have_gone_out_then_its_duplicates_are_few() -> None:
    page = message(channels=("sms",), severity="major")
    assert [at for at, _ in trail(page, 8, doubt=True)] == [0, 15, 30, 60, 120, 300, 600, 1200]


def test_given_a_critical_page_then_the_modem_has_its_turn_at_once() -> None:
    assert trail(message(), 5) == [(0, "sms"), (0, "modem"), (15, "sms"), (15, "modem"), (45, "sms")]


def test_given_a_major_page_then_the_second_channel_follows_after_three_tries() -> None:
    found = trail(message(severity="major"), 6)
    assert found == [(0, "sms"), (15, "sms"), (30, "sms"), (30, "modem"), (60, "sms"), (60, "modem")]


def test_given_a_major_page_that_nobody_answers_for_then_the_second_channel_follows_at_once() -> None:
    found = trail(message(severity="major"), 3, doubt=True)
    assert found == [(0, "sms"), (0, "modem"), (15, "sms")]


def test_given_a_page_that_nothing_wakes_for_then_a_copy_goes_out_and_the_page_goes_on() -> None:
    row = failed(replace(message(), tries=1), 0, NOW, everything, "sms: no").row
    spilt = failed(replace(row, tries=row.tries + 1), 1, NOW, everything, "modem: no")
    assert spilt.row.channels == ("sms", "modem") and spilt.row.key == message().key
    assert spilt.copy is not None
    assert (spilt.copy.channels, spilt.copy.page, spilt.copy.tries) == (("mail",), False, 0)
    assert spilt.copy.key != spilt.row.key and spilt.copy.next_try_at == NOW


def test_given_nobody_to_wake_then_the_page_itself_goes_by_mail() -> None:
    found = trail(message(severity="major"), 4, lambda channel: channel not in WAKING)
    assert [channel for _, channel in found] == ["mail"] * 4


def test_given_a_channel_that_refuses_then_it_is_never_asked_again() -> None:
    row = refused(replace(message(), tries=1), 0, NOW, everything, "sms: no such number").row
    assert row.channels == ("modem", "mail") and row.next_try_at == NOW
    for _ in range(2):
        row = refused(row, 0, NOW, everything, "no").row
    assert (row.fate, row.ended_at) == (Fate.FAILED, NOW)


def test_given_a_page_then_channels_that_wake_come_first() -> None:
    row = message(channels=("mail", "sms"))
    assert [row.channels[place] for place in lanes(row, everything)] == ["sms", "mail"]
    assert lanes(replace(row, page=False), everything) == (0, 1)


def test_given_what_waits_then_pages_and_critical_ones_go_first() -> None:
    rows = [
        message(key="d", page=False, severity="critical"),
        message(key="c", severity="major", queued_at=NOW - 9),
        message(key="b", queued_at=NOW),
        message(key="a", queued_at=NOW - 1),
    ]
    assert [row.key for row in sorted(rows, key=urgency)] == ["a", "b", "c", "d"]


def test_given_an_incident_that_is_over_then_nobody_is_woken_for_it() -> None:
    over = incident(state=IncidentState.RESOLVED)
    ended = too_late(message(), over, NOW)
    assert ended is not None and ended.fate is Fate.CANCELLED
    assert too_late(message(occasion="recovery"), over, NOW) is None
    assert too_late(message(page=False), over, NOW) is None
    assert too_late(message(), incident(), NOW) is None


def test_given_an_age_then_it_expires_or_fails() -> None:
    expired = too_late(message(expires_at=NOW + 60), None, NOW + 60)
    day = too_late(message(error="sms: down"), None, NOW + 86_400)
    assert expired is not None and expired.fate is Fate.EXPIRED
    assert day is not None and day.fate is Fate.FAILED and "sms: down" in day.error


@settings(deadline=None, max_examples=200)
@given(
    channels=st.lists(st.sampled_from(ALL), min_size=1, max_size=5, unique=True),
    usable=st.sets(st.sampled_from(ALL), min_size=1),
    page=st.booleans(),
    severity=st.sampled_from(["critical", "major", "minor"]),
    refusals=st.lists(st.booleans(), min_size=1, max_size=25),
)
def test_given_any_failures_then_a_row_always_goes_on_or_says_that_it_failed(
    channels: list[str], usable: set[str], page: bool, severity: str, refusals: list[bool]
) -> None:
    row = message(channels=tuple(channels), page=page, severity=severity)
    now, struck, copies = NOW, set(), 0
    for refusal in refusals:
        place = lane(row, usable.__contains__)
        if place is None:
            assert not usable & set(row.channels)
            return
        channel = row.channels[place]
        assert channel in usable - struck
        now = max(now, row.next_try_at)
        assert now - NOW <= 600 * len(refusals)
        struck |= {channel} if refusal else set()
        decide = refused if refusal else failed
        following = decide(replace(row, tries=row.tries + 1), place, now, usable.__contains__, "no")
        copies += following.copy is not None
        row = following.row
        if row.fate is Fate.FAILED:
            assert refusal and not usable & set(row.channels)
            return
    assert copies <= 1
