"""What may be done in the capacity ledger, what may not, and what each act posts."""

from dataclasses import replace
from datetime import date

import pytest

from inventory.accounts.acts import ActError, Ask, pool_of
from inventory.accounts.book import Book
from inventory.accounts.request import Request, Term, share
from inventory.model import Resize
from tests.inventory.accounts.stage import NOW, WHY, M, Stage, contract, day, network


def lines(stage: Stage, act: str) -> list[tuple[str, str, float, date, date | None]]:
    return [
        (line.source, line.target, line.bps / M, line.start, line.end)
        for line in stage.book.postings
        if line.act == act and line.direction == "in"
    ]


def approved(stage: Stage, *words: object, **more: object) -> Request:
    request = stage.acts("kim").add(stage.ask(*words, **more))  # type: ignore[arg-type]
    return stage.acts("ali").approve(request.number)


def test_given_a_request_then_it_is_reserved_and_when_approved_allocated() -> None:
    stage = Stage()
    request = stage.acts("kim").add(stage.ask("L/1", 10, (3, 30)))
    assert (request.number, request.state, request.author) == (1, "requested", "kim")
    assert lines(stage, "add") == [("free", "reserved", 10.0, day(3), day(30))]
    assert (stage.free(2), stage.free(3), stage.free(29), stage.free(30)) == (100, 90, 90, 100)
    granted = stage.acts("ali").approve(1)
    assert (granted.state, granted.approver) == ("approved", "ali")
    assert lines(stage, "approve") == [("reserved", "allocated", 10.0, day(3), day(30))]
    balance = stage.book.balance("sea", "in", day(3))
    assert (balance.allocated_bps, balance.reserved_bps, balance.free_bps) == (10 * M, 0, 90 * M)


def test_given_no_end_then_it_ends_with_its_contract_also_when_that_moves() -> None:
    stage = Stage()
    approved(stage)
    assert lines(stage, "approve") == [("reserved", "allocated", 10.0, day(0), day(365))]
    stage.inventory = network(contract("sea", end=400), contract("east"))
    stage.acts()
    assert (stage.free(399), stage.free(400)) == (90, 0)
    stage.inventory = network(contract("sea", end=300), contract("east"))
    stage.acts()
    assert (stage.free(299), stage.free(300)) == (90, 0)
    assert stage.book.over_committed_from("sea", "in", day(0)) is None


@pytest.mark.parametrize(
    ("mbps", "days", "said"),
    [
        (101, (0, None), "sea in has 100 Mb/s free on 2026-01-01, 101 are asked for (capacity 100: 0 allocated"),
        (10, (360, 370), "sea in delivers nothing on 2027-01-01"),
        (10, (-2, 5), "sea in delivers nothing on 2025-12-30"),
        (10, (400, None), "sea ends on 2027-01-01, before 2027-02-05"),
        (10, (5, 5), "it would end on 2026-01-06 and begin on 2026-01-06"),
        (10, (5, 2), "it would end on 2026-01-03 and begin on 2026-01-06"),
        (10, (-20000, None), "a day from 1990-01-01 to 2200-01-01"),
    ],
)
def test_given_what_does_not_fit_then_it_is_refused_with_contract_direction_and_day(
    mbps: int, days: tuple[int, int | None], said: str
) -> None:
    stage = Stage()
    with pytest.raises(ActError) as refused:
        stage.acts().add(stage.ask("L/1", mbps, days))
    assert said in str(refused.value)
    assert not stage.book.requests and not [line for line in stage.book.postings if line.request]


def test_given_one_full_day_in_the_middle_then_that_day_is_named() -> None:
    stage = Stage()
    approved(stage, "L/1", 95, (10, 11))
    with pytest.raises(ActError, match=r"sea in has 5 Mb/s free on 2026-01-11, 6 are asked for .*95 allocated"):
        stage.acts().add(stage.ask("L/2", 6, institution="hospital"))
    stage.acts().add(stage.ask("L/2", 5, institution="hospital"))
    assert (stage.free(9), stage.free(10), stage.free(11)) == (95, 0, 95)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"institution": "hospitall"}, "there is no institution 'hospitall' (did you mean 'hospital'?)"),
        ({"shares": {"seas": 1}}, "there is no contract 'seas' (did you mean 'sea'?)"),
        ({"shares": {}}, "a request names its contracts, or a pool of them"),
        ({"shares": {"sea": 0}}, "a share is a whole number from 1 to 1000"),
        ({"reference": "a\x1b[31mb"}, "the reference has to be some words on one line, at most 200 letters"),
        ({"reference": "x" * 201}, "the reference has to be some words on one line, at most 200 letters"),
    ],
)
def test_given_what_is_not_there_then_it_is_named(changed: dict[str, object], said: str) -> None:
    stage = Stage()
    with pytest.raises(ActError) as refused:
        stage.acts().add(replace(stage.ask(), **changed))  # type: ignore[arg-type]
    assert str(refused.value) == said


def test_given_the_same_institution_and_contract_then_beside_is_needed() -> None:
    stage = Stage()
    approved(stage, "L/1", 10, (0, 30))
    with pytest.raises(ActError, match="school has R-1 of sea in the same time: change that one"):
        stage.acts().add(stage.ask("L/2", 10, (29, 40)))
    stage.acts().add(stage.ask("L/2", 10, (30, 40)))
    stage.acts().add(stage.ask("L/3", 10, (0, 40), beside=True))
    stage.acts().add(stage.ask("L/4", 10, shares={"east": 1}))
    with pytest.raises(ActError, match="reference 'l/1' is that of R-1 already"):
        stage.acts().add(stage.ask("l/1", 10, institution="college"))


def test_given_a_refused_request_then_its_letter_may_come_again() -> None:
    stage = Stage()
    stage.acts().add(stage.ask("L/1"))
    refused = stage.acts("ali").refuse(1, "no room")
    assert (refused.state, refused.reason, stage.free()) == ("refused", "no room", 100)
    assert stage.acts().add(stage.ask("L/1")).number == 2
    assert stage.acts().withdraw(2).state == "withdrawn"
    assert stage.free() == 100 and [one.state for one in stage.book.allocations()] == ["refused", "withdrawn"]
    with pytest.raises(ActError, match="R-1 is refused, by ali"):
        stage.acts("sara").approve(1)


def test_given_who_asked_then_they_cannot_approve() -> None:
    stage = Stage()
    stage.acts("Kim").add(stage.ask())
    with pytest.raises(ActError, match="R-1 was entered by kim: somebody else has to approve it"):
        stage.acts("kim").approve(1)
    stage.acts("ali").change(1, day(0), in_bps=20 * M)
    for who in ("kim", "ali"):
        with pytest.raises(ActError, match="somebody else"):
            stage.acts(who).approve(1)
    assert stage.acts("sara").approve(1).granted[0].in_bps == 20 * M
    with pytest.raises(ActError, match="approved already, by sara"):
        stage.acts("omar").approve(1)
    stage.acts("sara").change(1, day(9), in_bps=30 * M)
    stage.acts("omar").change(1, day(9), in_bps=29 * M)
    with pytest.raises(ActError, match="entered by sara"):
        stage.acts("sara").approve(1)
    assert stage.acts("kim").approve(1).approver == "kim"  # who asked for what was decided long ago


def test_given_a_change_to_more_then_what_is_more_waits_and_what_was_granted_stays() -> None:
    stage = Stage()
    approved(stage)
    asked = stage.acts("kim").change(1, day(50), in_bps=30 * M)
    assert asked.state == "approved" and asked.pending and asked.asked_by == "kim"
    assert lines(stage, "change") == [("free", "reserved", 20.0, day(50), day(365))]
    balance = stage.book.balance("sea", "in", day(50))
    assert (balance.allocated_bps, balance.reserved_bps) == (10 * M, 20 * M)
    assert stage.acts("ali").refuse(1, "no").granted == (Term(day(0), None, 10 * M, 10 * M),)
    assert stage.free(50) == 90
    stage.acts("kim").change(1, day(50), in_bps=30 * M)
    stage.acts("ali").approve(1)
    assert (stage.free(49), stage.free(50)) == (90, 70)
    assert [one.in_bps // M for one in stage.book.allocations(day(50))] == [30]
    assert [one.in_bps // M for one in stage.book.allocations(day(49))] == [10]


def test_given_a_change_to_less_then_it_is_given_back_at_once() -> None:
    stage = Stage()
    approved(stage)
    changed = stage.acts("kim").change(1, day(50), in_bps=4 * M, out_bps=4 * M, until=day(80))
    assert not changed.pending
    assert lines(stage, "change") == [
        ("allocated", "free", 6.0, day(50), day(80)),
        ("allocated", "free", 10.0, day(80), day(365)),
    ]
    with pytest.raises(ActError, match="R-1: that is what it is already"):
        stage.acts("kim").change(1, day(60), in_bps=4 * M)


def test_given_a_change_beyond_capacity_then_it_is_refused_and_nothing_moves() -> None:
    stage = Stage()
    approved(stage)
    before = list(stage.book.postings)
    with pytest.raises(ActError, match="sea in has 90 Mb/s free on 2026-02-20, 91 are asked for"):
        stage.acts("kim").change(1, day(50), in_bps=101 * M)
    assert stage.book.postings == before


def test_given_an_end_then_it_is_free_from_that_day_and_ended_when_it_comes() -> None:
    stage = Stage()
    approved(stage)
    with pytest.raises(ActError, match="there is no request R-2"):
        stage.acts().end(2, day(5))
    stage.acts("kim").end(1, day(5), "moved")
    assert (stage.free(4), stage.free(5)) == (90, 100)
    assert [one.state for one in stage.book.allocations()] == ["approved"]
    stage.book.now = NOW + 5 * 86_400
    assert [one.state for one in stage.book.allocations()] == ["ended"]
    assert not stage.book.allocations(day(5)) and len(stage.book.allocations(day(4))) == 1
    with pytest.raises(ActError, match="R-1 ends on 2026-01-06 already"):
        stage.acts().end(1, day(9))


def test_given_an_end_before_its_beginning_then_it_never_holds_anything() -> None:
    stage = Stage()
    approved(stage, "L/1", 10, (10, 20))
    ended = stage.acts().end(1, day(3))
    assert (ended.state, stage.free(12)) == ("ended", 100)
    assert not stage.book.allocations(day(12))
    stage.acts().add(stage.ask("L/2"))
    with pytest.raises(ActError, match="not approved yet: withdraw it"):
        stage.acts().end(2, day(3))


def test_given_a_signature_then_it_goes_beyond_capacity_and_says_so() -> None:
    stage = Stage()
    fits = stage.acts("kim", WHY).add(stage.ask("L/1", 100, institution="college"))
    assert not fits.over_subscribed_by
    beyond = stage.acts("kim", WHY).add(stage.ask("L/2", 10, (5, 9)))
    assert (beyond.over_subscribed_by, beyond.over_subscribed_why) == ("H. Mfinanga", "census week")
    assert stage.book.over_committed_from("sea", "in", day(0)) == day(5)
    assert stage.book.over_committed_from("sea", "in", day(7)) == day(7)
    assert stage.book.over_committed_from("sea", "in", day(9)) is None
    stage.acts("ali").approve(1)  # what was reserved in time is not the worse for what others signed for
    stage.acts("ali").approve(2)
    assert stage.book.allocations(day(5))[1].over_subscribed_why == "census week"


def test_given_a_reduction_then_it_is_over_committed_from_that_day_and_no_more_is_granted() -> None:
    stage = Stage()
    approved(stage, "L/1", 80)
    stage.acts("kim").add(stage.ask("L/2", 15, institution="college"))
    less = replace(contract("sea"), resized=(Resize(day(40), 90 * M, 100 * M),))
    stage.inventory = network(less, contract("east"))
    acts = stage.acts("ali")
    assert [(line.author, line.source, line.target, line.bps) for line in acts.lines] == [
        ("inventory", "free", "delivered", 10 * M)
    ]
    assert stage.book.over_committed_from("sea", "in", day(0)) == day(40)
    assert stage.book.over_committed_from("sea", "out", day(0)) is None
    with pytest.raises(ActError, match=r"sea in has -5 Mb/s free on 2026-02-10"):
        acts.approve(2)
    stage.acts("kim").end(1, day(40))  # giving back is never refused
    assert stage.acts("ali").approve(2).state == "approved"


def test_given_a_contract_that_is_gone_then_it_delivers_nothing_from_today_and_its_past_stays() -> None:
    stage = Stage()
    approved(stage, "L/1", 10)
    approved(stage, "L/2", 20, (0, 300), institution="college")
    stage.at += 20 * 86_400
    stage.inventory = network(contract("east"))
    stage.acts()
    assert stage.book.balance("sea", "in", day(19)).delivered_bps == 100 * M
    assert stage.book.balance("sea", "in", day(20)).delivered_bps == 0
    assert stage.book.over_committed_from("sea", "in", day(0)) == day(20)
    assert stage.free(20) == -20
    with pytest.raises(ActError, match="there is no contract 'sea'"):
        stage.acts().add(stage.ask("L/3", institution="hospital"))


def test_given_contention_then_more_or_less_may_be_allocated_than_is_delivered() -> None:
    stage = Stage(inventory=network(contract("sea", contention=1.2), contract("east", contention=0.55)))
    stage.acts()
    balance = stage.book.balance("sea", "in", day(0))
    assert (balance.delivered_bps, balance.capacity_bps) == (100 * M, 120 * M)
    assert stage.book.balance("east", "out", day(0)).capacity_bps == 55 * M


def test_given_several_contracts_then_each_bears_its_share_to_the_last_bit() -> None:
    stage = Stage()
    ask = replace(stage.ask(shares={"sea": 2, "east": 1}), term=Term(day(0), None, 10 * M + 1, 7))
    stage.acts().add(ask)
    held = [stage.book.balance(key, "in", day(0)).reserved_bps for key in ("sea", "east")]
    assert sum(held) == 10 * M + 1 and held == [6_666_668, 3_333_333]
    assert sum(share(7, ask.shares, key) for key in ask.shares) == 7


def test_given_a_pool_then_it_is_its_contracts() -> None:
    contracts = network(contract("sea", pool="cables"), contract("east", pool="cables"), contract("x")).contracts
    assert pool_of(contracts, "cables") == {"sea": 1, "east": 1}
    with pytest.raises(ActError, match=r"there is no pool 'cable'.*did you mean 'cables'"):
        pool_of(contracts, "cable")


def test_given_an_earlier_knowledge_then_it_is_answered_as_it_was() -> None:
    stage = Stage()
    approved(stage)
    then = stage.at
    stage.acts("kim").end(1, day(0))
    assert (stage.free(), stage.free(known=then)) == (100, 90)
    assert [one.state for one in stage.book.allocations(day(0), then)] == ["approved"]
    assert not stage.book.allocations(day(0))
    assert stage.book.balance("sea", "in", day(0), NOW).delivered_bps == 0  # nobody had written anything yet


def test_given_a_clock_that_was_set_back_then_nothing_is_written_into_what_was_known() -> None:
    stage = Stage()
    approved(stage)
    then = stage.at
    stage.at -= 7200
    assert stage.acts("kim").end(1, day(0)).recorded_at >= then
    assert stage.free(known=then - 1) == 100 - 10


def test_given_acts_in_any_order_then_the_balances_are_the_same() -> None:
    from itertools import permutations

    found = set()
    for order in permutations([("school", 10), ("college", 20), ("council", 30), ("hospital", 40)]):
        stage = Stage()
        for institution, mbps in order:
            stage.acts("kim").add(stage.ask(f"L/{institution}", mbps, (mbps, None), institution=institution))
        for request in sorted(stage.book.requests.values(), key=lambda each: each.institution):
            stage.acts("ali").approve(request.number)
        found.add(tuple(stage.book.balance("sea", "in", day(on)) for on in range(0, 60, 5)))
    assert len(found) == 1


def test_given_a_book_read_again_then_it_answers_the_same() -> None:
    stage = Stage()
    approved(stage)
    stage.acts("kim").change(1, day(9), in_bps=3 * M)
    again = Book(stage.book.words, stage.book.postings, now=stage.at)
    assert again.allocations() == stage.book.allocations() and again.requests == stage.book.requests
    assert again.balance("sea", "in", day(9)) == stage.book.balance("sea", "in", day(9))


def test_given_an_ask_then_what_it_says_is_kept() -> None:
    stage = Stage()
    kept = stage.acts("kim").add(Ask("L/9", "school", {"sea": 1}, Term(day(1), day(2), M, 2 * M), "cables"))
    (one,) = stage.book.allocations(day(1))
    assert (one.bps("in"), one.bps("out"), one.start, one.end, one.reference) == (M, 2 * M, day(1), day(2), "L/9")
    assert (kept.pool, one.contracts, one.state) == ("cables", ("sea",), "requested")


def test_given_a_new_term_after_a_gap_then_nothing_is_held_in_between() -> None:
    stage = Stage()
    approved(stage, "L/1", 10, (0, 10))
    stage.acts("kim").change(1, day(20), until=day(30))
    stage.acts("ali").approve(1)
    assert [len(stage.book.allocations(day(on))) for on in (9, 10, 19, 20, 29, 30)] == [1, 0, 0, 1, 1, 0]
    assert [stage.free(on) for on in (9, 10, 19, 20, 29, 30)] == [90, 100, 100, 90, 90, 100]
