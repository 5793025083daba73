from collections.abc import Iterator

import pytest

from tests.dashboards.web.api.front import Front, opened


@pytest.fixture(scope="session")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """For reading, and for acts that others need not know of; asked one after the other."""
    with opened(tmp_path_factory.mktemp("api")) as one:
        yield one
