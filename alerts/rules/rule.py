"""One rule as it stands in the files, checked: what it looks at, when that is bad, and how long before anybody cares."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from alerts.alarm import Family, Severity
from inventory.selector import Selector
from inventory.states import Reason, State
from inventory.status import Kind as RowKind

Protocol = Literal["bgp", "ospf"]


@dataclass(frozen=True, slots=True)
class StateSpec:
    """Bad while the board says one of `states`, or gives one of `reasons`."""

    of: RowKind
    states: frozenset[State] = frozenset()
    reasons: frozenset[Reason] = frozenset()


@dataclass(frozen=True, slots=True)
class FlapSpec:
    """Bad while the state of a device, link or site changes again and again (SEMANTICS 14)."""

    of: RowKind


@dataclass(frozen=True, slots=True)
class PeerSpec:
    """BGP: not established though it should be. OSPF: below the state it had reached."""

    protocol: Protocol


@dataclass(frozen=True, slots=True)
class ThresholdSpec:
    """Bad from `raise_at` on, good again from `clear_at` on: above it when that is the lower one, below it otherwise.

    With `over_s` it is the mean of the samples of that time, and unknown before four fifths of it are covered.
    """

    quantities: tuple[str, ...]
    raise_at: float
    clear_at: float
    over_s: float = 0.0
    per: tuple[str, ...] = ()  # levels are shares of these, one for each quantity; empty: levels are amounts
    least: float = 0.0  # with `per`: an amount below which no share is bad

    @property
    def above(self) -> bool:
        return self.raise_at > self.clear_at


@dataclass(frozen=True, slots=True)
class ValueSpec:
    """Bad at some values of a state, unknown at others, good at the rest."""

    quantity: str
    bad: frozenset[float]
    unknown: frozenset[float] = frozenset()


@dataclass(frozen=True, slots=True)
class UseSpec:
    """Bad once `share` of the samples of `over_s` are above the level; good once no more than `clear_share` are
    above the level less `margin`. `level` None: the link's own."""

    level: float | None
    share: float
    clear_share: float
    margin: float
    over_s: float


@dataclass(frozen=True, slots=True)
class BaselineSpec:
    """Bad when the mean over `over_s` is `raise_at` times what is usual and `least` more than it."""

    quantity: str
    raise_at: float
    clear_at: float
    least: float
    over_s: float
    learn_s: float


@dataclass(frozen=True, slots=True)
class DropSpec:
    """Bad at `raise_at` times the most that it was and below, good again from `clear_at` times it on. What has been
    less for `learn_s` is the most from then on."""

    quantities: tuple[str, ...]
    raise_at: float
    clear_at: float
    learn_s: float


@dataclass(frozen=True, slots=True)
class AbsenceSpec:
    """Bad when the last so many polls had no answer, or when nothing at all came for `after_s`."""

    polls: int
    after_s: float


@dataclass(frozen=True, slots=True)
class RebootSpec:
    """Bad in the poll that saw the restart, good in the next."""


Spec = (
    StateSpec
    | FlapSpec
    | PeerSpec
    | ThresholdSpec
    | ValueSpec
    | UseSpec
    | BaselineSpec
    | DropSpec
    | AbsenceSpec
    | RebootSpec
)


@dataclass(frozen=True, slots=True)
class Rule:
    """All durations are seconds. `every_s`: how often verdicts are to be expected; None: only when something changes."""

    name: str
    kind: str
    family: Family
    severity: Severity
    code: str  # of the evidence, for the sentence about it
    spec: Spec
    for_s: float = 0.0
    clear_s: float = 120.0
    measurement: str = ""
    on: Selector = field(default_factory=Selector)
    rows: tuple[str, ...] = ()  # patterns of row names; empty: all
    every_s: float | None = None


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All rules that are in force, by name, in the order of their names."""

    rules: Mapping[str, Rule] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules.values())

    def get(self, name: str) -> Rule | None:
        return self.rules.get(name)
