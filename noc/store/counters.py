"""What the metric store says about itself, for /metrics and `noc doctor`."""

from dataclasses import dataclass


@dataclass(slots=True)
class StoreCounters:
    """Counted since the daemon started, except gauges (marked). Seconds, bytes, values."""

    commits: int = 0
    commit_failures: int = 0
    last_commit_s: float = 0.0  # gauge: how long the last commit took, with its fsync
    batches: int = 0
    values: int = 0
    bytes: int = 0  # of blobs written in commits, before the file system
    pending_values: int = 0  # gauge: handed over and not yet acknowledged
    dropped_values: int = 0  # thrown away, oldest first, because the disk would not take them
    dropped_batches: int = 0
    seals: int = 0  # runs that finished
    seal_failures: int = 0
    seal_chunks: int = 0
    seal_bytes: int = 0
    seal_values: int = 0
    seal_shards_left: int = 0  # gauge: what the running seal still has before it
    sealed_until: float = 0.0  # gauge: UTC seconds up to which everything is sealed
    late_values_let_go: int = 0  # came for days of which only rollups are kept
    rolls_due: int = 0  # gauge: stream-days and months that are closed and not yet rolled up
    retention_failures: int = 0
    retired_chunks: int = 0  # their time to be kept was over
    retired_bytes: int = 0
    retired_packs: int = 0
    held_days: int = 0  # gauge: days past their time that wait for InfluxDB to have them
    packed_chunks: int = 0  # moved out of metrics.db since there were many devices
    reclaimed_bytes: int = 0  # of metrics.db given back to the file system
