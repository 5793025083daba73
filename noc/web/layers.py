"""How large the metric store is, layer by layer, and what retention lets go of it."""

from dashboards.web.refusal import Away
from dashboards.web.sources.own import Layer, Store
from noc.config import Config
from noc.store.file import StoreError
from noc.store.reader import MetricReader
from noc.store.retention import Lifetimes
from noc.store.stats import NAMES, LayerStats

SOON_DAYS = 30


def read_store(config: Config, now: float) -> Store:
    """Goes through the whole list of chunks. Away."""
    try:
        with MetricReader(config.metrics_file) as reader:
            found = reader.stats()
    except StoreError as error:
        raise Away(str(error)) from error
    kept = config.store
    cutoffs = Lifetimes(kept.raw_days, kept.five_minute_days, kept.hourly_days, kept.daily_days).measured_until(now)
    return Store(
        at=now,
        file_octets=found.file_bytes,
        free_octets=found.free_bytes,
        log_octets=found.log_bytes,
        pack_octets=found.pack_bytes,
        packs=found.packs,
        streams=found.streams,
        hot_blobs=found.hot_blobs,
        hot_octets=found.hot_bytes,
        first_at=found.oldest_at,
        last_at=found.last_at,
        layers=[_layer(each, cutoffs.get(each.tier)) for each in found.layers],
        growth_a_day=found.growth_bytes_a_day,
    )


def _layer(found: LayerStats, cutoff: int | None) -> Layer:
    size = (found.chunks, found.bytes, found.bytes_a_day(), found.first_at, found.last_at)
    return Layer(NAMES[found.tier], *size, kept_since=cutoff, due_octets=found.due_bytes(cutoff, SOON_DAYS))
