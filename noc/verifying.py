"""Whether a report that was handed out still holds: computed again from what is kept; for the command and for the web."""

from collections.abc import Iterator

from dashboards.reports.reading import Claim
from dashboards.reports.verify import Difference
from inventory.mistakes import did_you_mean
from inventory.model import Inventory
from noc.config import Config
from noc.issued import looked
from noc.issuing import issuer, known_of


class Unheard(Exception):
    """It speaks of an institution that the inventory has not got; the text says which may be meant."""


def verified(config: Config, inventory: Inventory, claim: Claim) -> Iterator[Difference]:
    """What differs. Unheard, NotIssued, StoreError."""
    whose = claim.institution
    if whose and whose not in inventory.institutions:
        hint = did_you_mean(whose, inventory.institutions)
        raise Unheard(f"{whose}: there is no such institution" + (f" ({hint})" if hint else ""))
    month = claim.period.month
    ledger = looked(config, inventory, month, known_of(claim, None))
    if kept := ledger.closed.get(claim.report):
        ledger = looked(config, inventory, month, known_of(claim, kept))
    with issuer(config, inventory, ledger) as made:
        yield from made.verify(claim)
