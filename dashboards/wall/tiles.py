"""The 26 regions of mainland Tanzania as a grid of tiles, roughly where they lie: a map that needs no shapes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

GRID: Final = """
.   KAG MWA MRA .   .   .
.   GEI SHI SIM ARU KIL .
KIG TAB .   SIN MAN TAN .
KAT .   .   DOD MOR PWA DSM
RUK SON MBE IRI .   LIN .
.   .   .   NJO RUV MTW .
"""
REGIONS: Final[Mapping[str, str]] = {
    "KAG": "Kagera",
    "MWA": "Mwanza",
    "MRA": "Mara",
    "GEI": "Geita",
    "SHI": "Shinyanga",
    "SIM": "Simiyu",
    "ARU": "Arusha",
    "KIL": "Kilimanjaro",
    "KIG": "Kigoma",
    "TAB": "Tabora",
    "SIN": "Singida",
    "MAN": "Manyara",
    "TAN": "Tanga",
    "KAT": "Katavi",
    "DOD": "Dodoma",
    "MOR": "Morogoro",
    "PWA": "Pwani",
    "DSM": "Dar es Salaam",
    "RUK": "Rukwa",
    "SON": "Songwe",
    "MBE": "Mbeya",
    "IRI": "Iringa",
    "LIN": "Lindi",
    "NJO": "Njombe",
    "RUV": "Ruvuma",
    "MTW": "Mtwara",
}
_ROWS: Final = [line.split() for line in GRID.split("\n") if line]
COLUMNS: Final = len(_ROWS[0])
ROWS: Final = len(_ROWS)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a region's tile stands; `region` is its key in the inventory."""

    code: str
    region: str
    column: int
    row: int


def places(regions: Iterable[str]) -> Sequence[Place]:
    """All 26, and regions that are none of them in the free places, as far as there are any."""
    known = [
        Place(code, REGIONS[code], column, row)
        for row, codes in enumerate(_ROWS)
        for column, code in enumerate(codes)
        if code in REGIONS
    ]
    free = [(column, row) for row, codes in enumerate(_ROWS) for column, code in enumerate(codes) if code == "."]
    others = sorted(set(regions) - set(REGIONS.values()))
    return [*known, *(Place(key[:3].upper(), key, *place) for key, place in zip(others, free, strict=False))]
