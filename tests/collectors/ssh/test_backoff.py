"""No account is ever locked out: how many refused logins there can be, whatever happens."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.contract import CredentialsRefused, HeldBack, NoAnswer, TooSlow
from collectors.ssh.backoff import HOUR_S, IN_A_ROW, PER_DEVICE, PER_LOGIN, Backoff
from collectors.ssh.leash import Leash
from inventory.credentials import Login
from inventory.secret import Secret
from tests.patience import HANGS_S

LOGIN, CHANGED = Login("nocro", password=Secret("old")), Login("nocro", password=Secret("new"))


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def tried(backoff: Backoff, device: str, login: Login = LOGIN, *, outcome: Exception | None = None) -> str:
    """What came of a login: "accepted", "refused" or "held back"."""
    try:
        with backoff.attempt(device, "default", login):
            if outcome is not None:
                raise outcome
    except HeldBack:
        return "held back"
    except (CredentialsRefused, TooSlow):
        return "refused"
    return "accepted"


def refused(backoff: Backoff, device: str, login: Login = LOGIN) -> str:
    return tried(backoff, device, login, outcome=CredentialsRefused("no"))


def test_rule_49_given_a_refused_login_then_the_pause_grows(tmp_path: Path) -> None:
    clock = Clock()
    backoff = Backoff(tmp_path / "refused.json", clock)
    waits = []
    for _ in range(7):
        assert refused(backoff, "r1") == "refused"
        began = clock.now
        while refused(backoff, "r1") == "held back":
            clock.now += 60
        waits.append(clock.now - began)
        clock.now += 7 * HOUR_S  # past it: the tally of the row still stands
    assert waits == sorted(waits) and waits[-1] >= 4 * HOUR_S


@settings(deadline=None, max_examples=25)
@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.floats(0, 900), st.sampled_from(["", "restart", "accepted"])), max_size=120
    )
)
def test_rule_49_given_any_times_and_restarts_then_no_hour_has_too_many(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, float, str]]
) -> None:
    clock, file = Clock(), tmp_path_factory.mktemp("backoff") / "refused.json"
    backoff = Backoff(file, clock, scrypt_n=2)
    seen: list[tuple[float, str]] = []
    in_a_row: list[float] = []
    for number, later, also in steps:
        clock.now += later
        if also == "accepted" and tried(backoff, f"other{number}") == "accepted":
            in_a_row.clear()
        if also == "restart":
            backoff = Backoff(file, clock, scrypt_n=2)
        if refused(backoff, f"r{number}") == "refused":
            seen.append((clock.now, f"r{number}"))
            in_a_row = [at for at in in_a_row if clock.now - at < HOUR_S] + [clock.now]
            assert len(in_a_row) <= IN_A_ROW
    for at, device in seen:
        hour = [each for each in seen if at <= each[0] < at + HOUR_S]
        assert len(hour) <= PER_LOGIN
        assert sum(each[1] == device for each in hour) <= PER_DEVICE


def test_given_a_changed_secret_then_it_begins_anew(tmp_path: Path) -> None:
    backoff = Backoff(tmp_path / "refused.json", Clock())
    for number in range(IN_A_ROW):
        refused(backoff, f"r{number}")
    assert tried(backoff, "r9") == "held back"
    with pytest.raises(HeldBack):
        backoff.check("r9", "default", LOGIN)
    backoff.check("r9", "default", CHANGED)
    assert tried(backoff, "r0", CHANGED) == "accepted"


def test_given_a_key_file_with_other_content_then_it_is_another_secret(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("one")
    backoff, login = Backoff(tmp_path / "refused.json", Clock()), Login("nocro", key=key)
    refused(backoff, "r1", login)
    assert tried(backoff, "r1", login) == "held back"
    key.write_text("another")
    import os

    os.utime(key, ns=(1, 1))
    assert tried(backoff, "r1", login) == "accepted"


def test_given_accepted_logins_between_then_a_few_broken_routers_hold_nobody_else_back(tmp_path: Path) -> None:
    backoff = Backoff(tmp_path / "refused.json", Clock())
    for number in range(PER_LOGIN - 1):
        assert refused(backoff, f"broken{number}") == "refused"
        assert tried(backoff, f"r{number}") == "accepted"


def test_given_an_accepted_login_then_its_device_is_forgiven(tmp_path: Path) -> None:
    clock = Clock()
    backoff = Backoff(tmp_path / "refused.json", clock)
    refused(backoff, "r1")
    clock.now += HOUR_S
    assert refused(backoff, "r1") == "refused"
    clock.now += HOUR_S
    assert tried(backoff, "r1") == "accepted"
    assert refused(backoff, "r1") == "refused"
    clock.now += 901
    assert tried(backoff, "r1") == "accepted"


def test_given_a_login_without_an_outcome_then_only_its_router_waits(tmp_path: Path) -> None:
    backoff = Backoff(tmp_path / "refused.json", Clock())
    for number in range(8):
        assert tried(backoff, f"r{number}", outcome=TooSlow("authentication")) == "refused"
    assert tried(backoff, "r0") == "held back"
    assert tried(backoff, "r99") == "accepted"


def test_given_the_file_then_it_holds_no_secret_and_nobody_else_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "refused.json"
    refused(Backoff(file, Clock()), "r1", Login("nocro", password=Secret("hunter2-hunter2")))
    assert "hunter2" not in file.read_text()
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("broken", ["", "{", "[]", '{"salt": 1}', '{"salt": "x", "refused": {"a": 3}}', "\x00\xff"])
def test_given_a_broken_file_then_it_counts_anew_and_says_so(
    tmp_path: Path, broken: str, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "refused.json"
    file.write_text(broken)
    assert refused(Backoff(file, Clock()), "r1") == "refused"
    assert "counted anew" in caplog.text


def test_given_a_forgotten_device_then_the_login_is_not(tmp_path: Path) -> None:
    backoff = Backoff(tmp_path / "refused.json", Clock())
    for number in range(IN_A_ROW):
        refused(backoff, f"r{number}")
    backoff.forget("r0")
    assert tried(backoff, "r0") == "held back"


def test_given_sixteen_threads_then_together_they_stay_within_the_bound(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    backoff = Backoff(tmp_path / "refused.json", Clock())
    work: Callable[[int], str] = lambda number: refused(backoff, f"r{number}")
    with ThreadPoolExecutor(16) as threads:
        outcomes = list(threads.map(work, range(64)))
    assert outcomes.count("refused") == IN_A_ROW


def test_given_a_login_that_is_called_off_while_it_waits_its_turn_then_it_ends(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor
    from contextlib import ExitStack

    backoff, leash = Backoff(tmp_path / "refused.json", Clock()), Leash()
    with ExitStack() as underway, ThreadPoolExecutor(1) as threads:
        for number in range(IN_A_ROW):
            underway.enter_context(backoff.attempt(f"r{number}", "default", LOGIN))
        waiting = threads.submit(lambda: backoff.attempt("r9", "default", LOGIN, leash=leash).__enter__())
        leash.cut()
        with pytest.raises(NoAnswer):
            waiting.result(HANGS_S)
