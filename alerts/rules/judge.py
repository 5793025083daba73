"""The judge: what the board shows and what was measured becomes verdicts, rule by rule."""

from collections.abc import Iterable, Mapping

from alerts.alarm import Verdict
from alerts.rules.boards import BoardRules
from alerts.rules.rule import RuleBook
from alerts.view import View
from inventory.batch import Batch
from inventory.model import Inventory
from inventory.status import StatusRow

_NOBODY: Mapping[str, object] = {}


class Judge:
    """Says what changed, what is bad, and what is good again; what is well and was well is not repeated.

    `live`: the machine's alarms, by key; a verdict about one of them is given whenever there is one.
    """

    def __init__(self, book: RuleBook, inventory: Inventory, live: Mapping[str, object] = _NOBODY) -> None:
        self._book = book
        self._boards = BoardRules(book, inventory, live)

    def judge(self, batches: Iterable[Batch], view: View) -> list[Verdict]:
        return []

    def judge_rows(self, rows: Iterable[StatusRow], view: View, now: float) -> list[Verdict]:
        return self._boards.judge(rows, now)

    def tick(self, view: View, now: float) -> list[Verdict]:
        return self._boards.tick(view, now)
