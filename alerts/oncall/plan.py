"""The on-call plan: who is to be told now, whom next, until when; never nobody."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from alerts.local_time import DAY_S
from alerts.oncall.chains import Chain, Route
from alerts.oncall.schedule import Crew, Schedule
from alerts.roster import Override

AHEAD_S = 120 * DAY_S  # how far the next hand-over is looked for
Source = Literal["override", "holiday", "rotation", "gap"]


@dataclass(frozen=True, slots=True)
class Turn:
    """Who holds a schedule in [from_at, to_at) and by what; in a gap the supervisor does."""

    schedule: str
    crew: Crew
    source: Source
    from_at: float
    to_at: float
    shift: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """Nobody's turn in [from_at, to_at): the supervisor stands in."""

    schedule: str
    from_at: float
    to_at: float


@dataclass(frozen=True)
class Plan:
    """Immutable; overrides are in the ledger and are brought along. All times are UTC seconds."""

    schedules: Mapping[str, Schedule]
    chains: Mapping[str, Chain]
    routes: tuple[Route, ...] = ()
    supervisor: Crew = ()
    desk: tuple[str, ...] = ()  # contacts that get the mails of minor and warning
    contacts: frozenset[str] = frozenset()  # who may be told at all; overrides of others do not count

    def who(self, target: str, at: float, overrides: Sequence[Override] = ()) -> tuple[str, ...]:
        """Contacts behind `schedule:NAME`, `contact:KEY` or `supervisor`; a gap goes to the supervisor."""
        kind, _, name = target.partition(":")
        if kind == "contact" and name in self.contacts:
            return (name,)
        if kind == "schedule" and name in self.schedules:
            return self._holds(name, at, overrides)[0]
        return self.supervisor

    def chain(self, labels: Mapping[str, str | list[str]]) -> Chain:
        """The escalation of an incident with these labels (`alerts.oncall.chains.LABELS`)."""
        found = dict(labels)
        for route in self.routes:
            if route.selector.matches("", found):
                chain = self.chains[route.chain]
                return chain if route.mail is None else Chain(chain.name, chain.steps, route.mail)
        return next(iter(self.chains.values()))

    def turn(self, schedule: str, at: float, overrides: Sequence[Override] = ()) -> Turn:
        """The turn that runs; its end is the next hand-over, as far as can be seen."""
        return next(self._turns(schedule, at, at + AHEAD_S, overrides))

    def turns(
        self, schedule: str, from_at: float, to_at: float, overrides: Sequence[Override] = ()
    ) -> tuple[Turn, ...]:
        """One after the other without a hole, from `from_at` to `to_at`."""
        return tuple(self._turns(schedule, from_at, to_at, overrides))

    def next_handover(self, schedule: str, at: float, overrides: Sequence[Override] = ()) -> float | None:
        """When others take over; None where the same people hold it for the coming 120 days."""
        now = self._holds(schedule, at, overrides)[0]
        edges = self._edges(schedule, at, at + AHEAD_S, overrides)
        return next((edge for edge in edges if self._holds(schedule, edge, overrides)[0] != now), None)

    def gaps(self, from_at: float, to_at: float, overrides: Sequence[Override] = ()) -> tuple[Gap, ...]:
        """Stretches in which it is nobody's turn, schedule by schedule."""
        return tuple(
            Gap(turn.schedule, turn.from_at, turn.to_at)
            for name in self.schedules
            for turn in self._turns(name, from_at, to_at, overrides)
            if turn.source == "gap"
        )

    def _turns(self, schedule: str, from_at: float, to_at: float, overrides: Sequence[Override]) -> Iterator[Turn]:
        begun, held = from_at, self._holds(schedule, from_at, overrides)
        for edge in self._edges(schedule, from_at, to_at, overrides):
            holds = self._holds(schedule, edge, overrides)
            if holds != held:
                yield Turn(schedule, held[0], held[1], begun, edge, held[2])
                begun, held = edge, holds
        yield Turn(schedule, held[0], held[1], begun, to_at, held[2])

    def _holds(self, schedule: str, at: float, overrides: Sequence[Override]) -> tuple[Crew, Source, str]:
        """(crew, by what, shift) at this instant: override, holiday, rotation, supervisor, in that order."""
        for override in sorted(overrides, key=lambda one: (one.created_at, one.number), reverse=True):
            if (
                override.schedule == schedule
                and override.from_at <= at < override.to_at
                and override.contact in self.contacts
            ):
                return (override.contact,), "override", ""
        return self._planned(schedule, at)

    def _planned(self, schedule: str, at: float) -> tuple[Crew, Source, str]:
        running = self.schedules[schedule].running(at)
        if running is None:
            return self.supervisor, "gap", ""
        shift, day = running
        stand = self.schedules[schedule].holidays.get(day)
        if stand is None:
            return shift.crew(day), "rotation", shift.name
        if stand.crew:
            return stand.crew, "holiday", shift.name
        other = self.schedules[stand.schedule].running(at)
        return (other[0].crew(other[1]), "holiday", other[0].name) if other else (self.supervisor, "gap", "")

    def _edges(self, schedule: str, from_at: float, to_at: float, overrides: Sequence[Override]) -> list[float]:
        """Instants after `from_at` at which somebody else may take over."""
        lent = {stand.schedule for stand in self.schedules[schedule].holidays.values() if stand.schedule}
        shifts = [shift for name in sorted({schedule, *lent}) for shift in self.schedules[name].shifts]
        found = {edge for shift in shifts for edge in shift.edges(from_at, to_at)}
        mine = [override for override in overrides if override.schedule == schedule]
        found.update(edge for override in mine for edge in (override.from_at, override.to_at))
        return sorted(edge for edge in found if from_at < edge < to_at)
