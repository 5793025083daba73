"""Whatever is asked, approved, changed, ended, resized, in whatever order: every balance holds on every day, and what was
known stays known."""

from dataclasses import replace

import pytest
from hypothesis import event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from inventory.accounts.acts import ActError, Acts, Ask, Signature
from inventory.accounts.book import Book
from inventory.accounts.delivery import follow
from inventory.accounts.posting import ACCOUNTS, Posting
from inventory.accounts.request import Request, Term, share
from inventory.allocation import DIRECTIONS, Balance, Direction
from inventory.model import Contract, Resize
from tests.inventory.accounts.stage import NOW, WHY, contract, day, network
from tests.thorough import THOROUGH

DAYS = 24
ALL = range(-3, DAYS + 4)
BPS = st.integers(1, 40)
DAY = st.integers(0, DAYS)
INSTITUTION = st.sampled_from(["school", "hospital", "council"])
SHARES = st.sampled_from([{"sea": 1}, {"east": 1}, {"sea": 1, "east": 2}])
WHO = st.sampled_from(["kim", "ali"])
Side = tuple[str, Direction]


class Histories(RuleBasedStateMachine):
    @initialize(sea=st.integers(20, 90), contention=st.sampled_from([0.5, 1.0, 1.25]))
    def begin(self, sea: int, contention: float) -> None:
        made = (contract("sea", end=DAYS, contention=contention), contract("east", end=None))
        self.inventory = network(replace(made[0], in_bps=sea, out_bps=sea + 7), replace(made[1], in_bps=50, out_bps=50))
        self.book = Book(now=NOW)
        self.at = NOW
        self.kept: list[Posting] = []
        self.seen: list[tuple[float, list[Balance]]] = []
        self.reference = 0

    def acts(self, who: str, signature: Signature | None = None) -> Acts:
        self.at += 3600.0
        self.book.now = self.at
        acts = Acts(self.book, self.inventory, who, self.at, signature)
        for line in acts.lines:
            assert line.author == "inventory" and line.act == "deliver"
        return acts

    def tried(self, who: str, act: str, *words: object, over: bool = False, **more: object) -> None:
        """What is refused leaves no trace; what is taken without a signature takes only what is free."""
        acts = self.acts(who, WHY if over else None)
        lines, words_before = list(self.book.postings), list(self.book.words)
        free = self.free()
        try:
            taken: Request = getattr(acts, act)(*words, **more)
        except ActError:
            event(f"{act} refused")
            assert self.book.postings == lines and self.book.words == words_before
            return
        event(f"{act} taken")
        assert self.book.requests[taken.number] == taken and taken.who == who and taken.recorded_at == acts.at
        if not taken.over_subscribed_by:
            now = self.free()
            assert all(now[key] >= 0 or now[key] >= before for key, before in free.items())

    def free(self) -> dict[tuple[str, Direction, int], int]:
        return {
            (key, direction, on): self.book.course(key, direction, "free").on(day(on))
            for key in ("sea", "east")
            for direction in DIRECTIONS
            for on in ALL
        }

    @rule(data=st.data(), who=WHO, bps=st.tuples(BPS, BPS), over=st.booleans(), at_once=st.booleans())
    def add(self, data: st.DataObject, who: str, bps: tuple[int, int], over: bool, at_once: bool) -> None:
        self.reference += 1
        start, length = data.draw(DAY), data.draw(DAY)
        term = Term(day(start), day(start + length) if length else None, *bps)
        beside = bps[0] % 2 == 0
        ask = Ask(f"L/{self.reference}", data.draw(INSTITUTION), data.draw(SHARES), term, beside=beside)
        before = len(self.book.requests)
        self.tried(who, "add", ask, over=over)
        if at_once and len(self.book.requests) > before:
            self.tried("sara", "approve", len(self.book.requests))

    @rule(data=st.data(), who=st.sampled_from(["kim", "sara"]), act=st.sampled_from(["approve", "refuse", "withdraw"]))
    def decide(self, data: st.DataObject, who: str, act: str) -> None:
        if waiting := [request.number for request in self.book.requests.values() if request.pending]:
            self.tried(who, act, data.draw(st.sampled_from(waiting)), *(("no",) if act == "refuse" else ()))

    @rule(data=st.data(), on=DAY, bps=st.none() | BPS, until=st.none() | DAY, over=st.booleans())
    def change(self, data: st.DataObject, on: int, bps: int | None, until: int | None, over: bool) -> None:
        if self.book.requests:
            end = "kept" if until is None else None if until == 0 else day(until)
            number = data.draw(st.sampled_from(sorted(self.book.requests)))
            self.tried("ali", "change", number, day(on), in_bps=bps, until=end, over=over)

    @rule(data=st.data(), on=DAY)
    def end(self, data: st.DataObject, on: int) -> None:
        if self.book.requests:
            self.tried("ali", "end", data.draw(st.sampled_from(sorted(self.book.requests))), day(on))

    @rule(bps=BPS, on=st.integers(1, DAYS - 1), end=st.sampled_from([DAYS, DAYS - 5, DAYS + 3]))
    def resize(self, bps: int, on: int, end: int) -> None:
        step = () if on >= end else (Resize(day(on), bps, bps + 1),)
        self.put(replace(self.inventory.contracts["sea"], resized=step, end=day(end)))

    @rule(there=st.booleans())
    def lose_or_regain_a_contract(self, there: bool) -> None:
        east = replace(contract("east", end=None), in_bps=50, out_bps=50)
        rest = {key: each for key, each in self.inventory.contracts.items() if key != "east"}
        self.inventory = network(*rest.values(), *([east] if there else []))
        self.acts("kim")

    @rule(days=st.integers(1, 6))
    def wait(self, days: int) -> None:
        self.at += days * 86_400.0

    def put(self, changed: Contract) -> None:
        self.inventory = network(*(self.inventory.contracts | {changed.key: changed}).values())
        self.acts("kim")

    @invariant()
    def balances_hold_on_every_day(self) -> None:
        for key in self.book.contracts:
            for direction in DIRECTIONS:
                courses = {name: self.book.course(key, direction, name) for name in ACCOUNTS}
                for on in ALL:
                    figures = {name: course.on(day(on)) for name, course in courses.items()}
                    balance = self.book.balance(key, direction, day(on))
                    assert sum(figures.values()) == 0
                    assert balance.free_bps == figures["free"]
                    assert figures["reserved"] >= 0 and figures["allocated"] >= 0
                    assert (balance.reserved_bps, balance.allocated_bps) == self.held(key, direction, on)
                    found = self.inventory.contracts.get(key)
                    if found is not None:
                        delivered = found.delivered(day(on))[DIRECTIONS.index(direction)]
                        assert balance.delivered_bps == delivered
                        assert balance.capacity_bps == int(delivered * found.contention)  # exact for those drawn

    def held(self, key: str, direction: Direction, on: int) -> tuple[int, int]:
        """What the requests say of themselves, day by day."""
        reserved = allocated = 0
        for request in self.book.requests.values():
            if key in request.shares and request.live:
                asked, granted = (
                    sum(self.drawn(request, term, key, direction) for term in terms if self.runs(term, key, on))
                    for terms in (request.asked, request.granted)
                )
                allocated += granted
                reserved += max(0, asked - granted)
        return reserved, allocated

    def runs(self, term: Term, key: str, on: int) -> bool:
        horizon = self.book.horizon(key)
        end = horizon if term.end is None else term.end
        return term.start <= day(on) and (end is None or day(on) < end)

    def drawn(self, request: Request, term: Term, key: str, direction: Direction) -> int:
        return share(term.bps(direction), request.shares, key)

    @invariant()
    def lines_are_only_added(self) -> None:
        assert self.book.postings[: len(self.kept)] == self.kept
        self.kept = list(self.book.postings)

    @invariant()
    def what_was_known_stays_known(self) -> None:
        for known, balances in self.seen[-6:]:
            assert self.balances(known) == balances
        if self.book.recorded_at and (not self.seen or self.seen[-1][0] != self.at):
            self.seen.append((self.at, self.balances(self.at)))

    def balances(self, known: float) -> list[Balance]:
        return [
            self.book.balance(key, direction, day(on), known)
            for key in ("sea", "east")
            for direction in DIRECTIONS
            for on in (0, DAYS // 2, DAYS)
        ]

    def teardown(self) -> None:
        if hasattr(self, "book"):
            again = Book(self.book.words, self.book.postings, now=self.book.now)
            assert again.allocations() == self.book.allocations()
            follow(again, self.inventory.contracts, self.at)
            assert not follow(again, self.inventory.contracts, self.at + 86_400.0)


Histories.TestCase.settings = settings(max_examples=120 if THOROUGH else 20, stateful_step_count=25, deadline=None)
TestAnyHistory = pytest.mark.thorough(Histories.TestCase)
