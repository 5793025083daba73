"""The first visit: the ledger made where there is none, and a link by which the first admin is created."""

import time

from alerts.books import LedgerError, LedgerMissing, LedgerOlder
from noc.accounts import acts
from noc.ledger import access
from noc.ledger.ledger import open_ledger


def bring_up(url: str) -> None:
    """Make the ledger, or bring it up to date, as the daemon does: either of the two may start first. LedgerError."""
    try:
        with open_ledger(url, clock=time.time):
            return
    except (LedgerMissing, LedgerOlder):
        with open_ledger(url, migrate=True, clock=time.time):
            return


def setup_link(ledger_url: str, url: str) -> str | None:
    """Where the first admin is created, good for a day and once; None where there is an account already. LedgerError.

    `url`: how browsers reach us. Each call ends the links before it.
    """
    bring_up(ledger_url)
    with open_ledger(ledger_url, clock=time.time) as ledger, ledger.transaction() as books:
        if access.accounts(books):
            return None
        hand = acts.Hand(books, "", time.time())
        return f"{url.rstrip('/')}/setup?key={acts.invite(hand, '')}"


def setup_lines(ledger_url: str, url: str) -> list[str]:
    """For the terminal, where `noc web` starts; empty where there is nothing to set up."""
    try:
        link = setup_link(ledger_url, url)
    except LedgerError as error:
        return [f"nobody can log in yet: {error}"]
    return [f"no account yet; create the first admin here (good once, for 24 h): {link}"] if link else []
