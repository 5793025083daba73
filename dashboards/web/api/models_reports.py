"""The documents of the API that tell of reports of months, of closing and of verifying them."""

from typing import Annotated

from pydantic import ConfigDict, Field

from dashboards.web.api.models import Time, Told


class Sealed(Told):
    """A report of a month that was closed for ever."""

    month: str
    report: str
    closed_at: Time
    who: Annotated[str, Field(description="Who closed it; empty: the daemon.")]
    sha256: str


class Reports(Told):
    """Of which months there are reports."""

    at: Time
    kinds: list[str]
    months: Annotated[list[str], Field(description="The newest first.")]
    closed: list[Sealed]


class Report(Told):
    """A report, with the keys of `noc report --json`."""

    model_config = ConfigDict(extra="allow")


class ClosedMonth(Told):
    """A month that is kept for ever."""

    at: Time
    month: str
    closed: list[Sealed]


class Difference(Told):
    """One thing that is not as the report says."""

    what: str
    was: Annotated[str, Field(description="In the report.")]
    now: Annotated[str, Field(description="As it is computed again, or as it was when the month was closed.")]


class Verified(Told):
    """What became of every figure of a report, computed again."""

    at: Time
    verified: Annotated[bool, Field(description="Nothing differs.")]
    report: str
    month: str
    institution: str | None
    unlike: Annotated[str | None, Field(description="That another version of the NOC made it, in words.")]
    total: Annotated[int, Field(description="Things that differ; the first thousand are told.")]
    differences: list[Difference]
