"""Reports as they are handed out and as they are verified: those of closed months as they were kept, others computed."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from dashboards.figures import iso
from dashboards.reports.document import Document, NoData, Period, Report, digests, instant
from dashboards.reports.drift import comparable
from dashboards.reports.reading import Claim, rows_of
from dashboards.reports.sheet import sheet
from dashboards.reports.verify import Difference, differences, of_itself, of_page, of_sheet
from inventory.model import Inventory
from noc.config import Config
from noc.history import opened_reader
from noc.ledger.closed import Closed
from noc.ledger.report import Looked
from noc.reporting import Evidence, Sources
from noc.store.status import read_mark

Content = Mapping[str, Any]


@contextmanager
def issuer(config: Config, inventory: Inventory, looked: Looked) -> "Iterator[Issuer]":
    """Of this store, and of what the ledger said. StoreError."""
    with opened_reader(config) as reader:
        sources = Sources(
            inventory=inventory,
            attached_to=config.poller.attached_to,
            reader=reader,
            mark=read_mark(config.metrics_file),
            windows=looked.windows,
            book=looked.book,
            known=looked.known,
        )
        yield Issuer(Evidence(sources), looked.closed)


@dataclass(frozen=True)
class Issuer:
    """`closed`: the reports that the ledger keeps of the month that is asked for."""

    evidence: Evidence
    closed: Mapping[str, Closed]

    def content(self, report: Report, period: Period, institution: str, *, now: float, language: str) -> Content:
        """Ready for every format. NoData; StoreError."""
        kept = self.closed.get(report)
        whole = Document.of_json(kept.content) if kept else self.evidence.document(report, period)
        made = {
            "at": iso(now),
            "version": version("govnet-noc"),
            "language": language,
            "frozen_at": iso(kept.closed_at) if kept else None,
        }
        return self._view(whole, institution) | {"made": made}

    def _view(self, whole: Document, institution: str) -> dict[str, Any]:
        return (self.evidence.of_institution(whole, institution) if institution else whole).as_json()

    def verify(self, claim: Claim) -> Iterator[Difference]:
        """Held against itself, against what was kept when the month was closed, and against store and ledger."""
        if claim.content is not None:
            yield from of_itself(claim.content)
        kept = self.closed.get(claim.report)
        truth = None
        yield from _as_closed(claim, kept)
        if kept:
            truth = self._view(Document.of_json(kept.content), claim.institution)
            yield from _as_kept(kept)
            yield from _held_against(claim, _as_known(claim, truth))
        period = Period(claim.period.month, claim.period.month.end) if kept else claim.period
        try:
            fresh = self._view(self.evidence.document(claim.report, period), claim.institution)
        except NoData as error:
            yield Difference("what is kept", "that there was data", str(error))
            return
        yield from _recomputed(truth, fresh) if truth else _held_against(claim, fresh)


def known_of(claim: Claim, kept: Closed | None) -> float:
    """As of when the capacity ledger is to be asked: as the report, or the closed month, was."""
    ledger = kept.content["inputs"].get("ledger") if kept else None
    known = instant(ledger["known"]) if ledger else claim.known
    return float(known if known is not None else claim.period.until)


def other_version(claim: Claim) -> str:
    """A sentence where the words of a page cannot be compared, "" else."""
    was, now = _made(claim).get("version"), version("govnet-noc")
    if claim.format != "html" or was == now:
        return ""
    return f"the page was made by version {was}, this is {now}: its figures are compared, its words and charts are not"


def _made(claim: Claim) -> Mapping[str, Any]:
    return claim.content["made"] if claim.content else {}


def _as_closed(claim: Claim, kept: Closed | None) -> Iterator[Difference]:
    """When it says that the month was closed; one that was made before says nothing of it."""
    told, closed_at = _made(claim).get("frozen_at"), iso(kept.closed_at) if kept else None
    if told is not None and told != closed_at:
        yield Difference("frozen_at", str(told), closed_at or "nothing: the month is not closed")


def _as_kept(kept: Closed) -> Iterator[Difference]:
    """The ledger's own copy is held against its digest first."""
    digest = Document.of_json(kept.content).as_json()["sha256"]["result"]
    if digest != kept.sha256:
        yield Difference("the closed month in the ledger", digest, kept.sha256)


def _held_against(claim: Claim, truth: Content) -> Iterator[Difference]:
    if claim.content is None:
        yield from of_sheet(claim.cells, rows_of(sheet(truth)))
        return
    yield from differences(claim.content, truth)
    if claim.format == "html":
        yield from of_page(claim.text, {**truth, "made": _made(claim)}, wholly=not other_version(claim))


def _as_known(claim: Claim, kept: Content) -> Content:
    """A report that was made before the month was closed says when it asked the ledger; the figures must be the same."""
    ledger = kept["inputs"].get("ledger")
    if ledger is None or claim.known is None or _made(claim).get("frozen_at") is not None:
        return kept
    inputs = {**kept["inputs"], "ledger": {**ledger, "known": iso(claim.known)}}
    same = {**kept, "inputs": inputs}
    return {**same, "sha256": digests(same)}


def _recomputed(kept: Content, fresh: Content) -> Iterator[Difference]:
    """What store and ledger say today of a month that is closed; the inventory may be another since."""
    for one in differences(*comparable(kept, fresh), labels=False):
        yield Difference(f"{one.what}, computed again", one.was, one.now)
