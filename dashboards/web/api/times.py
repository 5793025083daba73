"""Times as programs write them: ISO 8601 with an offset or Z, and no year that makes no sense here."""

from datetime import datetime
from typing import Annotated, Final

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field

FIRST: Final = datetime.fromisoformat("2000-01-01T00:00:00+00:00")
LAST: Final = datetime.fromisoformat("2100-01-01T00:00:00+00:00")


def _written(value: object) -> object:
    """A number would be taken for seconds of some epoch, and nobody could tell which."""
    if isinstance(value, datetime) or (isinstance(value, str) and len(value) <= 40 and "-" in value):
        return value
    raise ValueError("write ISO 8601 with an offset or Z: 2026-11-22T14:00:00+03:00")


def _sensible(at: datetime) -> datetime:
    if not FIRST <= at < LAST:
        raise ValueError("a time between the years 2000 and 2100")
    return at


Moment = Annotated[
    AwareDatetime,
    BeforeValidator(_written),
    AfterValidator(_sensible),
    Field(json_schema_extra={"format": "date-time"}, examples=["2026-11-22T14:00:00+03:00"]),
]
