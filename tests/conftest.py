"""Options of the whole suite, which tests stay together when several workers share it, and why one failed."""

import gc
import re
from collections.abc import Callable, Generator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from noc.cli.run import COLLECT

GROUP = re.compile(r"xdist_group\(\"([\w-]+)\"\)")
APART = ("tests/scenarios/test_shipped.py",)  # long plays that share nothing: they fill what is left at the end

# A machine that others keep busy makes examples slowly: that says nothing of what is tested.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")


def pytest_collection_finish() -> None:
    """Thousands of tests and all modules stay to the end: garbage is not looked for among them, and as rarely as in a daemon."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kills", type=int, default=5, help="how often the soak test kills the daemon")


def unit_in(root: Path) -> Callable[[str], str]:
    """What a test's id is handed out with: its group, its file (whose fixtures are made once then), or nothing else."""

    @cache
    def group_of(file: str) -> str:
        path = root / file
        named = GROUP.search(path.read_text()) if path.is_file() else None
        return f"@{named[1]}" if named else file

    def unit(nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return nodeid if file in APART else group_of(file)

    return unit


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """A file's tests are run by one worker, and so are all files that name one `xdist_group`.

    Who names a group waits more than it computes: all workers but the last begin with those, the last with what
    computes, so that waits cost no time. (pytest-xdist 3.8 hands groups on in the ids of tests, which pytest 9.2 forbids.)
    """
    if config.getoption("dist") != "loadgroup":
        return None
    from xdist.scheduler import LoadGroupScheduling

    unit_of = unit_in(config.rootpath)

    class Groups(LoadGroupScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            return unit_of(nodeid)

        def _assign_work_unit(self, node: Any) -> None:
            patient = node is not self.nodes[-1]
            wanted = next((unit for unit in self.workqueue if unit.startswith("@") == patient), None)
            if wanted is not None:
                self.workqueue.move_to_end(wanted, last=False)
            super()._assign_work_unit(node)

    config.option.loadscopereorder = False
    return Groups(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failed test also says what whoever it has as a fixture, and has an `evidence`, says of itself."""
    report = yield
    if report.failed:
        report.sections += [piece for one in witnesses(item) for piece in heard(one)]
    return report


def heard(witness: Any) -> list[tuple[str, str]]:
    try:
        return list(witness.evidence())
    except Exception as error:  # noqa: BLE001  whatever is wrong with it: a failed test is told, never the end of the run
        return [("evidence", f"none: {error!r}")]


def witnesses(item: pytest.Item) -> list[Any]:
    found = getattr(item, "funcargs", {}).values()
    return list({id(one): one for one in found if callable(getattr(one, "evidence", None))}.values())
