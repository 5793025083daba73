"""At which numbered step a ledger stands, and what that means for whoever opens it; without Alembic, so that it is quick."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Connection, insert, inspect, text

from alerts.books import LedgerMissing, LedgerNewer, LedgerOlder
from inventory.sentence import Sentence, noted
from noc.ledger.schema import AUDIT

STEPS = Path(__file__).with_name("versions")
TABLE = "alembic_version"


def steps() -> list[str]:
    """`v0001_beginning.py` is step 0001."""
    return sorted(each.name[1:].partition("_")[0] for each in STEPS.glob("v*_*.py"))


def standing(db: Connection) -> str | None:
    """The step that this ledger is at; None of one that is empty."""
    if not inspect(db).has_table(TABLE):
        return None
    found = db.execute(text(f"SELECT version_num FROM {TABLE}")).scalar()
    return None if found is None else str(found)


def check(db: Connection, where: str, known: Sequence[str]) -> None:
    """Nothing where a version that knows these steps can work with it; LedgerMissing, -Older, -Newer say what to do."""
    at = standing(db)
    if at is None:
        raise LedgerMissing(Sentence("away", "{where}: there is no ledger in it yet; 'noc run' makes it", where=where))
    refuse_newer(at, where, known)
    if at != known[-1]:
        why = noted("{where}: the ledger is of an older version; 'noc run' brings it up to date when it starts")
        raise LedgerOlder(Sentence("away", why, where=where))


def refuse_newer(at: str | None, where: str, known: Sequence[str]) -> None:
    if at is not None and at not in known:
        why = noted("{where}: the ledger is of a newer version (step {at}); use that version of noc")
        raise LedgerNewer(Sentence("away", why, where=where, at=at))


def raise_number(db: Connection, number: int, at: float) -> bool:
    """Give no incident this number or a lower one any more. Whether that was needed."""
    given = db.exec_driver_sql("SELECT max(seq) FROM sqlite_sequence WHERE name = 'incident'").scalar()
    if given is not None and given >= number:
        return False
    db.exec_driver_sql("DELETE FROM sqlite_sequence WHERE name = 'incident'")
    db.exec_driver_sql("INSERT INTO sqlite_sequence (name, seq) VALUES ('incident', ?)", (number,))
    what = {"from": (given or 0) + 1, "to": number}
    db.execute(insert(AUDIT), {"at": at, "who": "", "act": "incidents told from memory are lost", "what": what})
    return True
