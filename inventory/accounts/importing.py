"""Requests for capacity out of a spreadsheet: every row that cannot be taken is named, and then none is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from inventory.accounts.acts import ActError, Acts, Ask, pool_of
from inventory.accounts.request import Term
from inventory.calendar import parse_day
from inventory.csv_table import Row, read_table
from inventory.mistakes import Mistake, MistakesError
from inventory.model import Contract
from inventory.rates import parse_rate
from inventory.sentence import Sentence, noted

NEEDED: Final = ("reference", "institution", "in", "out", "from")
KNOWN: Final = (*NEEDED, "contract", "pool", "until", "approver", "beside")
YES: Final = ("yes", "true", "1", "x")


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Imported:
    """Numbers of the requests that were entered, of those approved with it, and how many rows stood there before."""

    entered: tuple[int, ...]
    approved: tuple[int, ...]
    known: int
    warnings: tuple[Mistake, ...] = ()


def import_requests(path: Path, acts: Acts, step: Callable[[int, int], None] = lambda done, of: None) -> Imported:
    """Do what every row says, in the order of the file; MistakesError names all rows that cannot be taken.

    A row with an approver is approved by them. One that was entered before with the same reference and figures is
    passed over, whatever became of it. `step(done, of)` is told how far it is.
    """
    table = read_table(path, needed=NEEDED, known=KNOWN)
    mistakes = list(table.mistakes)
    entered: list[int] = []
    approved: list[int] = []
    known = 0
    seen: dict[str, int] = {}
    for done, row in enumerate(table.rows, 1):
        step(done, len(table.rows))
        try:
            _once(seen, row)
            ask = _ask(row, acts.inventory.contracts)
            if _there(acts, ask):
                known += 1
                continue
            request = acts.add(ask)
            entered.append(request.number)
            if approver := row.get("approver"):
                acts.approve(request.number, approver)
                approved.append(request.number)
        except (ActError, ValueError) as error:
            mistakes.append(Mistake(str(path), row.line, f"request {row.get('reference', '?')}: {error}"))
    if mistakes:
        raise MistakesError(mistakes)
    return Imported(tuple(entered), tuple(approved), known, table.warnings)


def _once(seen: dict[str, int], row: Row) -> None:
    reference = row.get("reference").casefold()
    if reference and seen.setdefault(reference, row.line) != row.line:
        raise ValueError(f"this reference stands on line {seen[reference]} already")


def _ask(row: Row, contracts: Mapping[str, Contract]) -> Ask:
    """ValueError holds all that is wrong with the row, but for what only the ledger knows."""
    wrong: list[str] = []
    for column in ("reference", "institution"):
        if not row.get(column):
            wrong.append(f"no {column}")
    rates = [_read(parse_rate, row, column, wrong) for column in ("in", "out")]
    days = [_read(parse_day, row, column, wrong) if row.get(column) else None for column in ("from", "until")]
    if not row.get("from"):
        wrong.append("no day in 'from'")
    try:
        shares = _shares(row, contracts)
    except ActError as error:
        wrong.append(str(error))
    if wrong:
        raise ValueError("; ".join(wrong))
    start, end = days
    assert start is not None
    term = Term(start, end, rates[0] or 0, rates[1] or 0)
    beside = row.get("beside").casefold() in YES
    return Ask(row.get("reference"), row.get("institution"), shares, term, row.get("pool"), beside)


def _read(read: Callable[[str], T], row: Row, column: str, wrong: list[str]) -> T | None:
    try:
        return read(row.get(column))
    except ValueError as error:
        wrong.append(f"{column}: {error}")
        return None


def _shares(row: Row, contracts: Mapping[str, Contract]) -> Mapping[str, int]:
    pool, named = row.get("pool"), row.get("contract")
    if bool(pool) == bool(named):
        raise ActError(Sentence("contracts-needed", "name its contract, or a pool"))
    return pool_of(contracts, pool) if pool else shares_of(named.split())


def shares_of(words: list[str]) -> Mapping[str, int]:
    """`seacom-iru`, or with a share `seacom-iru:2`; ActError where one is none."""
    found: dict[str, int] = {}
    for word in words:
        key, colon, share = word.partition(":")
        if colon and not (share.isascii() and share.isdecimal()):
            text = noted("{word!r}: a contract, or contract:share with a whole number")
            raise ActError(Sentence("no-share", text, word=word))
        if key in found:
            raise ActError(Sentence("contract-twice", "contract {key!r} is named twice", key=key))
        found[key] = int(share) if colon else 1
    return found


def _there(acts: Acts, ask: Ask) -> bool:
    """Whether it was entered already, as it stands here."""
    for request in acts.book.words:
        if request.act == "add" and request.reference.casefold() == ask.reference.casefold():
            same = request.institution == ask.institution and dict(request.shares) == dict(ask.shares)
            if same and request.asked == (ask.term,):
                return True
            if acts.book.requests[request.number].live:
                what = f"R-{request.number} has this reference and says otherwise"
                raise ActError(f"{what}: change it with 'noc iru request change'")
    return False
