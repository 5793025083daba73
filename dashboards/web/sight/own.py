"""The NOC's own health for those who see the whole network; others have no page that asks."""

from collections.abc import Sequence

from dashboards.web.house import House
from dashboards.web.refusal import Unseen
from dashboards.web.sight.scope import Scope
from dashboards.web.sources.own import Counts, Health, Store
from inventory.sentence import Sentence


class OwnSight:
    """What the NOC says of itself; Unseen for whoever sees single sites only."""

    def __init__(self, house: House, scope: Scope) -> None:
        self._house, self._scope = house, scope

    @property
    def health(self) -> Health:
        self._whole()
        return self._house.own.health()

    @property
    def store(self) -> Store | None:
        self._whole()
        return self._house.own.store()

    @property
    def counts(self) -> Counts:
        self._whole()
        return self._house.own.counts()

    @property
    def findings(self) -> Sequence[tuple[str, str, str, str]] | None:
        self._whole()
        return self._house.own.findings()

    def _whole(self) -> None:
        if not self._scope.whole:
            raise Unseen(Sentence("page-unknown", "there is no such page"))
