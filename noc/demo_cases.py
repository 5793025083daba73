"""What the demo shows of alerting: open incidents, and the messages that would have gone out."""

import time

from alerts.books import LedgerError
from alerts.incident import UNRESOLVED
from alerts.words.names import Names
from dashboards.figures import clock
from dashboards.incidents import IncidentsView, incident_lines, worst_first
from inventory.reading import load
from noc.config import Config
from noc.ledger.ledger import open_ledger

MOST_INCIDENTS, MOST_MESSAGES = 6, 3
ROOM = 78


class Cases:
    """Reads the ledger beside the daemon that writes it."""

    def __init__(self, config: Config) -> None:
        self._url = config.ledger_url
        self._names = Names(load(config.inventory.path))

    def lines(self) -> list[str]:
        """None before there is a ledger, or while nothing ever happened."""
        now = time.time()
        try:
            with open_ledger(self._url, clock=time.time) as ledger, ledger.reading() as books:
                found = worst_first(books.incidents(UNRESOLVED))
                told = books.notifications()[-MOST_MESSAGES:]
        except LedgerError:
            return []
        if not found and not told:
            return []
        shown = incident_lines(found[:MOST_INCIDENTS], IncidentsView(self._names, now), ROOM)
        messages = [f"{clock(one.queued_at, now)} {one.fate} to {one.contact}: {one.short}" for one in told]
        return [*shown, *(["", "messages (written to the log, not sent)", *messages] if messages else [])]
