"""What of a closed month may come out otherwise today though nothing was changed: the inventory went on since.

Names, a site that came or went, a link with another rate: none of that is held against the month; what was measured is.
"""

from collections.abc import Mapping
from typing import Any, Final

from dashboards.reports.document import Row, by_name

Content = Mapping[str, Any]
SUMS: Final = frozenset({"network", "provider"})  # of sites, or of links
TERMS: Final = frozenset({"base_bps", "level", "utilisation", "above_s", "flat_s", "burst_s", "refused_s"})


def comparable(kept: Content, fresh: Content) -> tuple[Content, Content]:
    """Both with only those figures that the inventory of today has no part in."""
    here, there = by_name(kept["figures"]), by_name(fresh["figures"])
    sums = _parts(kept) == _parts(fresh)
    rows: tuple[list[Row], list[Row]] = ([], [])
    for name in here.keys() & there.keys():
        old, new = here[name], there[name]
        if old["kind"] in SUMS and not sums:
            continue
        other = any(old.get(term) != new.get(term) for term in ("base_bps", "level"))
        if other and old["kind"] == "site":
            continue
        for row, found in zip((old, new), rows, strict=True):
            found.append({field: row[field] for field in row if not (other and field in TERMS)})
    return {**kept, "figures": rows[0]}, {**fresh, "figures": rows[1]}


def _parts(content: Content) -> set[tuple[str, str, str]]:
    """What sums are made of: sites, and links with whose they are."""
    parts = (row for row in content["figures"] if row["kind"] in ("site", "link"))
    return {(row["kind"], row["key"], str(row.get("provider", ""))) for row in parts}
