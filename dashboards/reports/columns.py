"""Which figures stand where: the columns of every table on a page, and of the flat CSV; one table of data."""

from dataclasses import dataclass
from typing import Final

from dashboards.reports.document import Report


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one kind (or list) on a page; `order` sorts (- before it: the greatest first), `most` cuts off."""

    kind: str
    fields: tuple[str, ...]
    source: str = "figures"
    order: str = ""
    most: int = 0


_AVAILABILITY: Final = ("availability", "agreed_s", "up_s", "down_s", "unknown_s", "planned_s", "faults", "longest_s")
_USE: Final = ("direction", "base_bps", "mean_bps", "p95_bps", "peak_bps", "utilisation", "above_s")
_QUALITY: Final = ("slots_present", "slots_expected", "provisional")
_COMPLETE: Final = ("slots", "provisional")  # on a page: present of expected

TABLES: Final[dict[Report, tuple[Table, ...]]] = {
    "sla": (
        Table("network", ("label", "subjects", *_AVAILABILITY)),
        Table("institution", ("label", *_AVAILABILITY), order="availability"),
        Table("provider", ("label", "subjects", *_AVAILABILITY), order="availability"),
        Table("site", ("label", "region", *_AVAILABILITY), order="availability", most=60),
        Table("link", ("label", "provider", *_AVAILABILITY, "behind_s", "shut_s"), order="availability", most=60),
        Table("fault", ("key", "state", "reason", "from", "to", "for_s"), source="spans", order="-for_s", most=60),
        Table("unwatched", ("reason", "from", "to", "for_s"), source="unwatched"),
        Table("window", ("number", "from", "to", "selector", "author", "reason"), source="windows"),
    ),
    "capacity": (
        Table("contract", ("label", *_USE, "flat_s", *_COMPLETE)),
        Table("circuit", ("label", *_USE, "flat_s", *_COMPLETE)),
        Table("site", ("rank", "label", *_USE, *_COMPLETE), order="rank", most=40),
        Table("link", ("label", "provider", *_USE, "refused_s", *_COMPLETE), order="-utilisation", most=120),
    ),
    "iru": (
        Table(
            "contract",
            (
                *("label", "direction", "delivered_bps", "capacity_bps", "allocated_bps", "reserved_bps", "free_bps"),
                *("free_least_bps", "free_least_on", "over_committed_days"),
            ),
        ),
        Table("use", ("label", *_USE, "burst_s", *_COMPLETE)),
        Table(
            "institution",
            ("label", "direction", "allocated_bps", "measured", "p95_bps", "peak_bps", "burst_s", *_COMPLETE),
        ),
        Table(
            "allocation",
            ("key", "institution", "contracts", "in_bps", "out_bps", "start", "end", "approver", "reference"),
        ),
        Table("over", ("key", "institution", "in_bps", "out_bps", "over_subscribed_by", "over_subscribed_why")),
        Table("change", ("at", "who", "act", "key", "institution", "in_bps", "out_bps", "reason"), source="changes"),
    ),
}

CSV: Final[dict[Report, tuple[str, ...]]] = {
    "sla": (
        *("kind", "key", "name", "name_sw", "site", "region", "provider", "circuit", "subjects"),
        *_AVAILABILITY,
        *("behind_s", "shut_s"),
    ),
    "capacity": (
        *("kind", "key", "name", "name_sw", "region", "provider", "circuit", "rank", "direction"),
        *("base_bps", "mean_bps", "p95_bps", "peak_bps", "peak_at", "utilisation", "level", "above_s", "flat_s"),
        *("refused_s", *_QUALITY),
    ),
    "iru": (
        *("kind", "key", "name", "name_sw", "provider", "institution", "direction", "delivered_bps", "capacity_bps"),
        *("allocated_bps", "reserved_bps", "free_bps", "free_least_bps", "free_least_on", "over_committed_days"),
        *("base_bps", "mean_bps", "p95_bps", "peak_bps", "peak_at", "utilisation", "level", "above_s", "flat_s"),
        *("burst_s", "refused_s", *_QUALITY, "measured", "reference", "contracts", "in_bps", "out_bps"),
        *("start", "end", "approver", "over_subscribed_by", "over_subscribed_why"),
    ),
}
