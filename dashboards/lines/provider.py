"""Providers as their list shows them: how the circuits of each stand, and how many contracts there are with it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboards.lines.circuit import CircuitRow
from dashboards.status import RANK
from inventory.model import Inventory, Provider
from inventory.states import WORST_FIRST


@dataclass(frozen=True, slots=True)
class ProviderRow:
    """`states`: how many circuits stand how, the worst first."""

    provider: Provider
    states: Mapping[str, int]
    stale: bool
    contracts: int

    @property
    def rank(self) -> int:
        """Lower is worse; who has no circuit comes last."""
        return min((RANK[state] for state in self.states), default=max(RANK.values()) + 1)


def provider_rows(circuits: Sequence[CircuitRow], inventory: Inventory) -> list[ProviderRow]:
    """Every provider of the inventory, whose circuits stand worst first."""
    of: dict[str, list[CircuitRow]] = {key: [] for key in inventory.providers}
    for row in circuits:
        of.setdefault(row.circuit.provider, []).append(row)
    contracts = Counter(one.provider for one in inventory.contracts.values())
    rows = [_row(provider, of[key], contracts[key]) for key, provider in inventory.providers.items()]
    return sorted(rows, key=lambda row: (row.rank, row.provider.key))


def _row(provider: Provider, circuits: Sequence[CircuitRow], contracts: int) -> ProviderRow:
    counted = Counter(row.state for row in circuits)
    states = {state.value: counted[state.value] for state in WORST_FIRST if counted[state.value]}
    return ProviderRow(provider, states, any(row.stale for row in circuits), contracts)
