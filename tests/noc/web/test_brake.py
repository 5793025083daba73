"""Guessing passwords is slow, whoever guesses from wherever; nobody is locked out, and memory is bounded."""

from noc.accounts import brake as brakes
from noc.accounts.brake import Brake, Ration, place
from noc.web.tally import MOST_A_MINUTE, Tally


class Clock:
    now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


def failed(brake: Brake, account: str, address: str) -> None:
    """One more, however long it should have waited."""
    for kind, key in brakes._keys(account, place(address)):
        brake._one_more(kind, key, brake._clock())


def fail(brake: Brake, account: str, address: str, times: int) -> None:
    for _ in range(times):
        failed(brake, account, address)


def test_given_failures_then_the_wait_doubles_and_ends_at_a_quarter_of_an_hour() -> None:
    clock = Clock()
    brake = Brake(clock)
    waits = []
    for _ in range(16):
        failed(brake, "juma", "192.0.2.1")
        waits.append(brake.wait_s("juma", "192.0.2.1", trusted=False))
    assert waits[:6] == [0, 0, 1, 2, 4, 8]
    assert max(waits) == 900
    assert brake.wait_s("juma", "192.0.2.1", trusted=True) == 30  # behind the same wall as whoever guesses
    clock.now += 900
    assert brake.wait_s("juma", "192.0.2.1", trusted=False) == 0
    clock.now += 3600
    failed(brake, "juma", "192.0.2.1")
    assert brake.wait_s("juma", "192.0.2.1", trusted=False) == 0  # an hour later it begins anew


def test_given_one_account_tried_from_everywhere_then_others_wait_half_a_minute_and_who_was_in_from_there_not() -> None:
    brake = Brake(Clock())
    for host in range(200):
        failed(brake, "juma", f"198.51.100.{host}")
    assert brake.wait_s("juma", "192.0.2.1", trusted=False) == 30
    assert brake.wait_s("juma", "192.0.2.1", trusted=True) == 0
    assert brake.wait_s("neema", "192.0.2.1", trusted=False) == 0


def test_given_many_tries_at_the_same_time_then_no_more_are_looked_at_than_of_one_after_the_other() -> None:
    brake = Brake(Clock())
    waits = [brake.begin("juma", "192.0.2.1", trusted=False) for _ in range(50)]
    assert waits.count(0) == 3
    assert brake.failures("juma", "192.0.2.1") == 3
    from_everywhere = [brake.begin("neema", f"198.51.100.{host}", trusted=False) for host in range(200)]
    assert from_everywhere.count(0) == 10


def test_given_a_try_that_was_right_or_never_looked_at_then_it_was_no_failure() -> None:
    brake = Brake(Clock())
    for number in range(40):
        assert brake.begin(f"name{number}", "192.0.2.1", trusted=False) == 0
        (brake.well if number % 2 else brake.unmade)(f"name{number}", "192.0.2.1")
    assert not any(brake._counts.values())


def test_given_what_was_written_of_failures_then_they_count_as_if_they_were_just_seen() -> None:
    clock = Clock()
    seen, told = Brake(clock), Brake(clock)
    fail(seen, "juma", "192.0.2.1", 16)
    for failures in (1, 2, 3, 4, 5, 8, 16):
        told.recall("juma", "192.0.2.1", failures, clock.now)
    told.recall("", "192.0.2.2", 3, clock.now)
    told.recall("old", "192.0.2.3", 9, clock.now - 4000)
    told.recall("ahead", "192.0.2.4", 9, clock.now + 60)
    told.recall("many", "192.0.2.5", 10**12, clock.now)
    for address, trusted in (("192.0.2.1", False), ("192.0.2.9", False), ("192.0.2.1", True)):
        assert told.wait_s("juma", address, trusted=trusted) == seen.wait_s("juma", address, trusted=trusted)
    assert [told.failures(name, f"192.0.2.{place}") for name, place in (("", 2), ("old", 3), ("ahead", 4))] == [0, 0, 0]
    assert told.wait_s("many", "192.0.2.5", trusted=False) == 900
    told.forgive("juma", "192.0.2.1")
    assert told.failures("juma", "192.0.2.1") == 0


def test_given_many_accounts_tried_from_one_address_then_that_address_waits() -> None:
    brake = Brake(Clock())
    for number in range(30):
        failed(brake, f"name{number}", "203.0.113.1")
    assert brake.wait_s("another", "203.0.113.1", trusted=False) == 60
    assert brake.wait_s("another", "203.0.113.2", trusted=False) == 0


def test_given_a_network_of_ipv6_then_its_addresses_count_as_one() -> None:
    assert place("2001:db8:1:2::1") == place("2001:db8:1:2:ffff::9") != place("2001:db8:1:3::1")
    assert place("::ffff:192.0.2.1") != place("::ffff:192.0.2.2")
    assert len(place("x" * 500)) == 64


def test_given_a_log_in_then_what_failed_before_is_forgotten() -> None:
    brake = Brake(Clock())
    fail(brake, "juma", "192.0.2.1", 8)
    brake.well("juma", "192.0.2.1")
    assert brake.wait_s("juma", "192.0.2.1", trusted=False) == 0


def test_given_more_names_and_addresses_than_are_kept_then_the_oldest_are_forgotten() -> None:
    brake = Brake(Clock())
    for number in range(brakes.MOST + 100):
        failed(brake, f"n{number}", "10.0.0.1")
    assert max(len(counts) for counts in brake._counts.values()) == brakes.MOST


def test_given_a_flood_of_failures_then_the_audit_has_a_few_lines_that_say_how_many_there_were() -> None:
    clock = Clock()
    tally = Tally(clock)
    lines = [tally.line({"account": "juma"}, failures) for failures in range(1, 1001)]
    told = [place for place, line in enumerate(lines, 1) if line]
    assert told == [1, 2, 3, 4, 5, 8, 16, 32, 64, 128, 256, 512]
    many = [tally.line({"account": f"n{number}"}, 1) for number in range(100)]
    assert sum(1 for line in many if line) == MOST_A_MINUTE - len(told)
    clock.now += 60
    after = tally.line({"account": "x"}, 1)
    assert after is not None
    untold = sum(line.get("untold", 0) for line in [*lines, *many, after] if line)
    assert untold == 1100 - MOST_A_MINUTE


def test_given_so_many_in_a_minute_then_the_next_waits_for_the_next_minute_and_others_do_not() -> None:
    clock = Clock()
    ration = Ration(3, clock)
    assert [ration.wait_s(1) for _ in range(4)] == [0, 0, 0, 60]
    assert ration.wait_s(2) == 0
    clock.now += 59
    assert ration.wait_s(1) == 1
    clock.now -= 3600  # a clock that was set
    assert ration.wait_s(1) == 0
    clock.now += 3660
    assert ration.wait_s(1) == 0
