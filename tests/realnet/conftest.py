"""One lab of real routers and one daemon for all tests here: building them takes longer than most questions."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.patience import HANGS_S
from tests.realnet.flow import Flow, flowing
from tests.realnet.govnet import write_home
from tests.realnet.house import House
from tests.realnet.routers import Routers, absent
from tests.realnet.timeline import Timeline

SITES = 6
POLL = {"counters_s": 30, "peers_s": 5, "cli_s": 60}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skipped with a reason where there can be no routers."""
    here = [item for item in items if Path(__file__).parent in item.path.parents]
    reason = absent() if here else ""
    for item in here if reason else ():
        item.add_marker(pytest.mark.skip(reason=reason))


def stay() -> None:
    """What all labs of a machine share: made here and left, so that the end of one takes nothing away from another."""
    for shared in (Path("/run/sshd"), Path("/var/agentx")):
        shared.mkdir(mode=0o755, parents=True, exist_ok=True)
    if not Path("/dev/log").exists():
        Path("/dev/log").touch()


@pytest.fixture(scope="package")
def routers() -> Iterator[Routers]:
    lab = Routers()
    stay()
    try:
        lab.up(SITES)
        lab.ask("wait", "--timeout", round(2 * HANGS_S))
        yield lab
    finally:
        lab.down()


@pytest.fixture(scope="package")
def house(routers: Routers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    home = tmp_path_factory.mktemp("realnet") / "govnet"
    one = House(write_home(home, routers.json("inventory"), **POLL), routers)
    try:
        one.start()
        yield one
    finally:
        one.stop()


@pytest.fixture(scope="package")
def timeline(house: House) -> Iterator[Timeline]:
    with Timeline(house.metrics, house.alive) as one:
        yield one
    print("", *one.measured, sep="\n")


@pytest.fixture(scope="package")
def flow(routers: Routers, timeline: Timeline) -> Iterator[Flow]:
    """Begun by the first who needs it; others may look at something else while it flows."""
    timeline.settle()
    with flowing(routers) as one:
        yield one
