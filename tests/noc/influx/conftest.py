"""Real servers on loopback, one of each for all tests of a worker."""

from collections.abc import Iterator

import pytest

from tests.noc.influx.influxd import PROGRAM, Influxd
from tests.noc.influx.victoria import PROGRAM as VICTORIA
from tests.noc.influx.victoria import Victoria


@pytest.fixture(scope="session")
def influxd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Influxd]:
    if PROGRAM is None:
        pytest.skip("Debian's influxdb is not installed")
    with Influxd(tmp_path_factory.mktemp("influxd")) as server:
        yield server


@pytest.fixture(scope="session")
def victoria(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Victoria]:
    if VICTORIA is None:
        pytest.skip("Debian's victoria-metrics is not installed")
    with Victoria(tmp_path_factory.mktemp("victoria")) as server:
        yield server
