from collections.abc import Iterator

import pytest

from tests.dashboards.web.cases.desk import Desk, opened


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with opened(tmp_path_factory.mktemp("cases")) as one:
        yield one


@pytest.fixture
def desk(office: Desk) -> Desk:
    """With an empty ledger, no roster and nothing heard."""
    office.clear()
    return office
