"""What is understood of a reply, and from where it may come."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.replies.answers import ACKNOWLEDGED, LATER, REFUSED, TAKEN, answer
from alerts.replies.reading import Taking, Unreadable, callback, sent_time, taking, without_code
from alerts.replies.sources import networks, origin, within
from alerts.words.gsm import plain


@pytest.mark.parametrize(
    "text",
    [
        "NOC OK 4821-K7QD", "noc ok 4821-k7qd", " Noc  Ok 4821 K7QD ", "NOC OK 4821K7QD", "NOC OK4821-K7QD",
        "OK 4821-K7QD", "NOC OK 4821 - K7QD.", "NOC OK NOC 4821-K7QD", "NOC OK 4821–K7QD".replace("–", "-"),
        "NOC, OK: 4821-K7QD!", "ＮＯＣ ＯＫ ４８２１-Ｋ７ＱＤ",
    ],
)  # fmt: skip
def test_given_the_sentence_as_people_type_it_then_it_is_understood(text: str) -> None:
    assert taking(text) == Taking(4821, "K7QD")


@pytest.mark.parametrize(
    "text",
    [
        "", "OK", "NOC", "NOC OK", "NOC OK 4821", "NOC OK K7QD", "NOC CLOSE 4821-K7QD", "NOC OK 4821-K7QD please resolve",
        "NOC OK 4821-K7Q", "NOC OK 4821-K7QDX", "NOC OK -4821-K7QD 4822-AAAA", "NOC OK 12345678901-K7QD", "4821-K7QD",
    ],
)  # fmt: skip
def test_given_anything_else_then_it_is_not(text: str) -> None:
    assert taking(text) is None


@settings(deadline=None)
@given(text=st.text(max_size=2000))
def test_given_any_text_then_it_is_read_without_harm(text: str) -> None:
    taking(text)
    assert "\n" not in without_code(text)


def test_given_a_text_to_keep_then_no_code_is_in_it() -> None:
    for text in ("NOC OK 4821-K7QD", "noc ok 4821 k7qd", "please 4821K7QD now"):
        assert "k7qd" not in without_code(text).lower() and "4821" in without_code(text)


FIELDS = {
    "message": "NOC OK 1-AAAA",
    "msisdn": "255712345678",
    "transaction_id": "t-1",
    "sent_time": "2026-11-22 05:14:09",
}


def test_given_a_callback_then_it_is_read_with_the_time_of_east_africa() -> None:
    read = callback(FIELDS)
    assert (read.sender, read.text, read.transaction_id, read.sent_at) == (
        "255712345678", "NOC OK 1-AAAA", "t-1", 1795313649.0,
    )  # fmt: skip
    assert callback(FIELDS | {"msisdn": 255712345678, "transaction_id": 17}).transaction_id == "17"
    assert sent_time("2026-11-22T02:14:09Z") == sent_time("2026-11-22 05:14:09.000")


@pytest.mark.parametrize(
    "changed",
    [
        {"message": None}, {"msisdn": []}, {"transaction_id": ""}, {"transaction_id": "x" * 200}, {"transaction_id": "a b"},
        {"sent_time": "yesterday"}, {"sent_time": 1.5}, {"transaction_id": True}, {"sent_time": ""}, {"transaction_id": "é"},
    ],
)  # fmt: skip
def test_given_a_callback_that_lacks_something_then_it_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(Unreadable):
        callback(FIELDS | changed)
    with pytest.raises(Unreadable):
        callback({})


PROXIES = networks(["10.0.0.1", "10.0.1.0/24", "fd00::1"])


@pytest.mark.parametrize(
    ("peer", "forwarded", "source"),
    [
        ("196.41.60.9", [], "196.41.60.9"),
        ("203.0.113.66", ["196.41.60.9"], "203.0.113.66"),  # forged: nobody's proxy
        ("10.0.0.1", ["196.41.60.9"], "196.41.60.9"),
        ("10.0.0.1", ["1.2.3.4, 196.41.60.9"], "196.41.60.9"),  # what the client wrote itself stands to the left
        ("10.0.0.1", ["196.41.60.9", "203.0.113.66"], "203.0.113.66"),
        ("10.0.0.1", ["196.41.60.9, 10.0.1.7"], "196.41.60.9"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("::ffff:196.41.60.9", [], "196.41.60.9"),
        ("fd00::1", ["196.41.60.9"], "196.41.60.9"),
        ("10.0.0.1", ["unknown"], None),
        ("10.0.0.1", [""], None),
        ("", [], None),
    ],
)
def test_given_forwarded_addresses_then_only_named_proxies_are_believed(
    peer: str, forwarded: list[str], source: str | None
) -> None:
    found = origin(peer, forwarded, PROXIES)
    assert (str(found) if found else None) == source


def test_given_no_source_then_it_is_within_nothing() -> None:
    assert not within(None, networks(["0.0.0.0/0", "::/0"]))
    with pytest.raises(ValueError):
        networks(["everybody"])


@pytest.mark.parametrize("language", ["en", "sw", "fr"])
def test_given_any_answer_then_it_fits_one_sms(language: str) -> None:
    for kind in (ACKNOWLEDGED, TAKEN, REFUSED, LATER):
        text = answer(kind, language, 4821)
        assert text == plain(text) and len(text) <= 160
