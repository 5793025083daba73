"""Who is on call, who stands in and who is told next, for those who see the whole network."""

from collections.abc import Sequence
from dataclasses import dataclass

from alerts.oncall import standing_in
from alerts.oncall.plan import Plan
from alerts.roster import Override
from dashboards.oncall import Roster
from dashboards.roster import roster_at
from dashboards.web.house import House
from dashboards.web.refusal import Away
from dashboards.web.sight.scope import Scope
from inventory.mistakes import Mistake


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
