from collections.abc import Iterator

import pytest

from tests.dashboards.web.api.front import opened
from tests.dashboards.web.visits import Visits


@pytest.fixture(scope="session")
def visits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visits]:
    """For looking only."""
    with opened(tmp_path_factory.mktemp("visits")) as front:
        yield Visits(front)
