"""Who is on call, who stands in and who is told next, for those who see the whole network."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from alerts.books import Books
from alerts.notification import Notification
from alerts.oncall import standing_in, trial
from alerts.oncall.plan import Plan
from alerts.roster import Override
from alerts.words.messages import Composer
from alerts.words.names import Names
from dashboards.oncall import Roster
from dashboards.oncall_calls import Calls, Labels, calls
from dashboards.roster import roster_at
from dashboards.web.house import House
from dashboards.web.refusal import Away, Unseen
from dashboards.web.sight.scope import Scope
from dashboards.web.sources.accounts import TooOften
from inventory.mistakes import Mistake
from inventory.sentence import Sentence

MINUTE_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Rota:
    """`roster` and `plan` are None where the file has never been right; `mistakes` say why."""

    plan: Plan | None
    roster: Roster | None
    overrides: Sequence[Override]
    mistakes: Sequence[Mistake]
    warnings: Sequence[Mistake]


class RotaSight:
    """Of one request."""

    def __init__(self, house: House, scope: Scope, now: float) -> None:
        self._house = house
        self._scope = scope
        self._now = now

    def rota(self, at: float) -> Rota:
        """As it is at `at` (UTC seconds), with the week from there; the plan is shown without a ledger, too."""
        source = self._house.roster
        plan, overrides = source.plan(), self._overrides()
        roster = roster_at(plan, self._scope.inventory, overrides, at, week=True) if plan is not None else None
        return Rota(plan, roster, overrides, source.mistakes(), source.warnings())

    def _overrides(self) -> Sequence[Override]:
        try:
            with self._house.cases.reading() as books:
                return books.overrides()
        except Away:
            return ()

    def calls(self, labels: Labels, at: float) -> Calls:
        """Who would be called about such an incident at `at` (UTC seconds). Away where there is no plan."""
        return calls(self._plan(), self._scope.inventory, self._overrides(), labels, at)

    def holding(self) -> Mapping[str, Sequence[str]] | None:
        """Schedule -> contacts who hold it now; None where there is no plan."""
        self._whole()
        plan = self._house.roster.plan()
        if plan is None:
            return None
        overrides = self._overrides()
        return {name: plan.who(f"schedule:{name}", self._now, overrides) for name in plan.schedules}

    def trials(self, whom: Sequence[str], channels: Sequence[str]) -> Sequence[Notification]:
        """Test messages, not queued yet, to contacts or to who holds schedules now; TrialRefused."""
        here = self._scope.inventory
        compose = Composer(Names(here)).test
        keys = trial.meant(self._plan(), here, self._overrides(), whom, self._now)
        return [trial.message(here.contacts[key], channels, compose, self._now) for key in keys]

    def queue(self, books: Books, messages: Sequence[Notification], who: str) -> None:
        """TooOften where so many were sent lately that somebody would have to pay for them."""
        recent = [one.queued_at for one in _tests(books) if 0 <= self._now - one.queued_at < MINUTE_S]
        if recent and len(recent) + len(messages) > trial.MOST_A_MINUTE:
            raise TooOften(min(recent) + MINUTE_S - self._now)
        trial.keep(books, messages, who, self._now)

    def tried(self) -> Sequence[Notification]:
        """Test messages and what became of them, the newest first."""
        self._whole()
        with self._house.cases.reading() as books:
            return _tests(books)[::-1]

    def _plan(self) -> Plan:
        self._whole()
        plan = self._house.roster.plan()
        if plan is None:
            raise Away(Sentence("no-plan", "the on-call file has mistakes: 'noc check' says which"))
        return plan

    def _whole(self) -> None:
        if not self._scope.whole:
            raise Unseen("there is no such thing")

    def stand_in(self, made: Override) -> Override:
        """Kept, once however often the form is sent; OverrideRefused where nobody would be told by it."""
        plan = self._house.roster.plan()
        if plan is None:
            raise Away("the on-call file has mistakes: 'noc check' says which")
        standing_in.look_over(made, plan, self._scope.inventory, self._now)
        with self._house.cases.acting() as books:
            return standing_in.same_click(books.overrides(), made) or standing_in.keep(books, made)

    def end(self, number: int, who: str) -> Override:
        with self._house.cases.acting() as books:
            return standing_in.end(books, number, who, self._now)


def _tests(books: Books) -> list[Notification]:
    return [one for one in books.notifications(0) if one.occasion == "test"]
