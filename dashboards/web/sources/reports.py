"""Reports of months: which are closed for ever, and each of them in the format that is asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from dashboards.reports.document import Report
from inventory.calendar import Month


@dataclass(frozen=True, slots=True)
class Sealed:
    """A report of a closed month; `who` closed it ("": the daemon), `sha256` is that of its result."""

    month: Month
    report: Report
    closed_at: float  # UTC seconds
    who: str
    sha256: str


class ReportSource(Protocol):
    """Safe in several threads. Raises `Away` where ledger or store cannot be read, and while too many are being made."""

    def sealed(self) -> Sequence[Sealed]:
        """By month and report."""
        ...

    def first_month(self) -> Month | None:
        """From which on something is kept; None where nothing is, or that cannot be read."""
        ...

    def made(self, report: Report, month: Month, form: str, *, institution: str = "", language: str = "en") -> bytes:
        """The whole report, as `noc report` writes it; `form` is html, csv, json or pdf.

        Made one after the other in a process beside; waits for it a while, then raises Away: it goes on being made.
        NotNow where there is none, with the reason.
        """
        ...

    def closed(self, month: Month, who: str) -> None:
        """Keeps a month's figures for ever, as `noc report close`; by the process beside, waited for as `made` is.

        NotNow with the reason where that cannot be done: it is not over, or closed already.
        """
        ...

    def verified(self, text: bytes) -> Mapping[str, Any]:
        """Whether a report still holds, as `noc report verify`; by the process beside, waited for as `made` is.

        `mistake`: why it is none that can be verified; else `report`, `month`, `institution`, `unlike` (made by another
        version of the NOC, in words) and `differences`, each with `what`, `was` and `now`.
        """
        ...
