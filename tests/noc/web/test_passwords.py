"""Passwords: which are taken, how they are kept, and how many are worked out at once."""

import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.web.sources.accounts import Declined, TooOften
from noc.accounts.known_passwords import fault
from noc.accounts.names import account_name, folded, label
from noc.accounts.secret import digest, form_key, new_secret, shown
from noc.web.passwords import AT_ONCE, WAITING, Passwords
from tests.patience import HANGS_S

GOOD = "grey walls hum softly"


@pytest.mark.parametrize(
    ("password", "word"),
    [
        ("short", "password-short"),
        ("x" * 257, "password-long"),
        ("has a bell \a in it", "password-long"),
        ("password1234", "password-known"),
        ("P@ssw0rd2026!", "password-known"),
        ("123456789012", "password-known"),
        ("qwertyuiopas", "password-known"),
        ("aaaaaaaaaaaaaa", "password-known"),
        ("abcabcabcabc", "password-known"),
        ("GovNet123456", "password-known"),
        ("tanzania-2026-!", "password-known"),
        ("karibukaribu", "password-known"),
        ("a.mushi.a.mushi", "password-known"),
        ("mushi-mushi-2026", "password-known"),
        ("8472 9103 5561", ""),
        (GOOD, ""),
        ("maji ya mto ni baridi", ""),
        ("tanzania ina maziwa matatu", ""),
    ],
)
def test_given_a_password_then_it_is_taken_or_said_why_not(password: str, word: str) -> None:
    assert fault(password, "a.mushi") == word


def test_given_a_password_then_only_it_is_right_and_a_hash_of_other_parameters_is_outdated() -> None:
    cheap, dearer = Passwords(1, 8), Passwords(2, 16)
    kept = cheap.hashed(GOOD)
    assert kept.startswith("$argon2id$")
    assert GOOD not in kept
    assert cheap.hashed(GOOD) != kept  # salted
    assert cheap.right(kept, GOOD)
    assert not cheap.right(kept, GOOD + " ")
    assert not cheap.right("", GOOD)
    assert not cheap.right("", "nobody has this one")
    assert not cheap.right("damaged", GOOD)
    assert not cheap.right(kept, "x" * 10_000_000)
    assert dearer.right(kept, GOOD)
    assert (cheap.outdated(kept), dearer.outdated(kept)) == (False, True)


def test_given_more_log_ins_than_there_is_room_for_then_the_last_are_sent_away() -> None:
    passwords = Passwords(1, 8)
    inside, leave = threading.Semaphore(0), threading.Event()

    def hold() -> None:
        with passwords._turn():
            inside.release()
            leave.wait(HANGS_S)

    threads = [threading.Thread(target=hold) for _ in range(AT_ONCE + WAITING)]
    for thread in threads:
        thread.start()
    for _ in range(AT_ONCE):
        assert inside.acquire(timeout=HANGS_S)
    with pytest.raises(TooOften):
        for _ in range(100):
            if passwords._queue._value == 0:  # type: ignore[attr-defined]
                passwords.hashed(GOOD)
            threading.Event().wait(0.01)
    assert not inside.acquire(blocking=False)
    leave.set()
    for thread in threads:
        thread.join()
    assert passwords.hashed(GOOD)


@pytest.mark.parametrize("name", ["", " ", "-a", "a-", "a b", "ålesund", "a\0b", "x" * 65, "../etc", "<b>", "а.mushi"])
def test_given_a_name_that_may_be_mistaken_for_another_then_it_is_not_taken(name: str) -> None:
    with pytest.raises(Declined):
        account_name(name)


def test_given_a_name_in_capitals_then_it_is_the_same_person() -> None:
    assert account_name(" A.Mushi ") == account_name("a.mushi") == folded("A.MUSHI")


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=80))
def test_given_any_text_then_a_name_is_taken_as_it_is_found_again_or_not_at_all(text: str) -> None:
    try:
        name = account_name(text)
    except Declined:
        return
    assert folded(name) == name == account_name(name)
    assert name.isascii()


def test_given_a_label_with_line_ends_then_it_is_one_line() -> None:
    assert label(" the wall \n left ") == "the wall left"
    with pytest.raises(Declined):
        label("\x1b[2J")


def test_given_secrets_then_only_ones_that_may_be_ours_have_a_digest() -> None:
    secret = new_secret("noc_")
    assert len(digest(secret)) == 64
    assert shown(secret) == secret[:10]
    assert secret not in form_key(secret)
    assert [digest(each) for each in ("", "x" * 101, "é", "a\0", "a\nb")] == [""] * 5
