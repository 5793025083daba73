"""The sample's 182 approved requests for capacity of the cables, some that wait, some that are over: all invented."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from zlib import crc32

from inventory.councils import served_regions
from inventory.model import Institution, Inventory, Name

NOTICE: Final = (
    "# Invented: requests for capacity in the shape of GovNet's 182; no figure, letter or day in it is real."
)
APPROVED: Final = 182
APPROVER: Final = "h-mfinanga"
COLUMNS: Final = ("reference", "institution", "in", "out", "pool", "contract", "from", "until", "approver")
_TOTAL_MBPS: Final = 1529  # of 1550: an average of 8.4
_RATES: Final = {  # Mb/s, by kind of institution
    "mda": (8, 10, 10, 12, 16),
    "lga": (4, 4, 6, 6, 8),
    "hospital": (6, 8, 10, 12),
    "school": (2, 2, 4),
    "university": (20, 24, 32),
    "other": (4, 6),
}
_FIRST, _LAST = date(2012, 9, 3), date(2026, 6, 1)
_EXAMPLES = (  # how many, kind, English, Swahili
    (8, "hospital", "Example Hospital", "Hospitali ya Mfano"),
    (14, "school", "Example Secondary School", "Shule ya Sekondari ya Mfano"),
    (7, "university", "Example University", "Chuo Kikuu cha Mfano"),
)


@dataclass(frozen=True, slots=True)
class _Row:
    reference: str
    institution: str
    mbps: tuple[int, int]
    start: date
    until: date | None = None
    contract: str = ""  # "": the pool of both cables
    approver: str = APPROVER


def without_site() -> Iterator[Institution]:
    """Hospitals, schools and universities that no site of the network is of."""
    for key, kind, english, swahili in (
        ("hospital-amana", "hospital", "Amana Regional Hospital", "Hospitali ya Rufaa ya Mkoa Amana"),
        ("university-udsm", "university", "University of Dar es Salaam", "Chuo Kikuu cha Dar es Salaam"),
        ("university-udom", "university", "University of Dodoma", "Chuo Kikuu cha Dodoma"),
        ("school-mzumbe", "school", "Mzumbe Secondary School", "Shule ya Sekondari Mzumbe"),
    ):
        yield Institution(key, Name(english, swahili), kind)  # type: ignore[arg-type]
    regions = served_regions()
    for number, kind, english, swahili in _EXAMPLES:
        for region in regions[:number]:
            name = Name(f"{region.name} {english}", f"{swahili} {region.name}")
            yield Institution(f"{kind}-{region.code}", name, kind)  # type: ignore[arg-type]


def requests_csv(members: Sequence[Institution], network: Inventory) -> str:
    """The file that `noc iru request import` takes. `members`: institutions of the whole sample, which decide who has
    how much; only those of `network` are written, so that a smaller sample is sound as well."""
    written = io.StringIO(newline="")
    written.write(NOTICE + "\n")
    table = csv.writer(written, lineterminator="\n")
    table.writerow(COLUMNS)
    for row in (*_approved(members), *_others()):
        if row.institution in network.institutions:
            into, out = (f"{mbps}M" for mbps in row.mbps)
            pool = "" if row.contract else "cables"
            days = (row.start, row.until or "")
            table.writerow((row.reference, row.institution, into, out, pool, row.contract, *days, row.approver))
    return written.getvalue()


def _approved(members: Sequence[Institution]) -> Iterator[_Row]:
    rates = _fitted([_rate(one) for one in members])
    span = (_LAST - _FIRST).days
    for number, (one, mbps) in enumerate(zip(members, rates, strict=True)):
        start = _FIRST + timedelta(days=number * span // len(members))
        out = mbps if one.kind in ("mda", "university") else max(1, mbps // 2)
        contract = ("seacom-iru", "eassy-iru")[number % 2] if one.kind == "school" else ""
        yield _Row(f"GN/IRU/{start.year}/{number + 1:03}", one.key, (mbps, out), start, contract=contract)


def _rate(one: Institution) -> int:
    menu = _RATES[one.kind]
    return menu[crc32(one.key.encode()) % len(menu)]


def _fitted(wished: list[int]) -> list[int]:
    """The same, a megabit more or less here and there, so that they add up."""
    rates = list(wished)
    place = 0
    while (missing := _TOTAL_MBPS - sum(rates)) != 0:
        step = 1 if missing > 0 else -1
        if rates[place % len(rates)] + step >= 2:
            rates[place % len(rates)] += step
        place += 5  # no divisor of how many there are: everybody's turn comes
    return rates


def _others() -> Iterator[_Row]:
    """What was given back, and what waits for an approver."""
    yield _Row("GN/IRU/2013/201", "university-udsm", (20, 20), date(2013, 1, 7), date(2019, 1, 1))
    yield _Row("GN/IRU/2014/202", "university-udom", (16, 16), date(2014, 3, 3), date(2020, 7, 1))
    for number, key in enumerate(("rs-dod", "rs-ars", "rs-tan"), 203):
        yield _Row(f"GN/IRU/2026/{number}", key, (2, 2), date(2027, 1, 4), approver="")
