"""Counters become rates (SEMANTICS 1 to 6)."""

from collections.abc import Sequence

from collectors.contract import Reading
from inventory.batch import Batch

QUANTITIES = (
    "in_bps", "out_bps", "in_pps", "out_pps", "in_errors_ps", "out_errors_ps", "in_discards_ps", "out_discards_ps",
    "oper_status", "admin_status", "span_s", "flags",
)  # fmt: skip


class RateMeter:
    """`every_s` is the interval of the poll: a longer span than 2.5 of it is marked."""

    def __init__(self, every_s: float = 30.0) -> None:
        self.every_s = every_s

    def feed(self, readings: Sequence[Reading]) -> list[Batch]:
        """Batches "interface" and "device", for the readings of one tick, in order."""
        raise AssertionError

    def forget(self, device: str) -> None:
        """Drop what is remembered of a device."""
