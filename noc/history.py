"""The metric store opened for questions that may reach further back than what is kept here (`[store] history`)."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from noc.config import Config
from noc.store.reader import MetricReader


@contextmanager
def opened_reader(config: Config) -> Iterator[MetricReader]:
    """Older ranges come from InfluxDB where the configuration says so, and only then is its client loaded. StoreError."""
    if config.store.history == "embedded" or not config.influxdb.url:
        with MetricReader(config.metrics_file) as reader:
            yield reader
        return
    from inventory.secrets import read_secrets
    from noc.influx.history import opened_history

    secrets = read_secrets(config.secrets.file, os.environ)
    with opened_history(config, secrets) as history, MetricReader(config.metrics_file, history) as reader:
        yield reader
