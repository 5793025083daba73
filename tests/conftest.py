"""Options of the whole suite, and which tests stay together when several workers share it."""

import re
from pathlib import Path
from typing import Any

import pytest

GROUP = re.compile(r"xdist_group\(\"([\w-]+)\"\)")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kills", type=int, default=5, help="how often the soak test kills the daemon")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """A file that names an `xdist_group` is run by one worker, in its order.

    pytest-xdist 3.8 hands the marks of groups on in the ids of tests, which pytest 9.2 no longer lets it change.
    """
    if config.getoption("dist") != "loadgroup":
        return None
    from xdist.scheduler import LoadGroupScheduling

    groups: dict[str, str] = {}

    def group_of(file: str) -> str:
        if file not in groups:
            path = Path(config.rootpath / file)
            named = GROUP.search(path.read_text()) if path.is_file() else None
            groups[file] = named[1] if named else ""
        return groups[file]

    class Groups(LoadGroupScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            return group_of(nodeid.partition("::")[0]) or str(super()._split_scope(nodeid))

    return Groups(config, log)
