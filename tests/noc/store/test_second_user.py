"""Whoever may read the file reads the metrics, at every moment of the daemon's life, and leaves nothing behind."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from inventory.status import DaemonMark
from noc.notices.book import Book
from noc.store.reader import MetricReader
from noc.store.status import read_mark
from noc.store.writer import MetricStore
from tests.noc.store.polls import ROOT, START, batch, open_place, python

NOBODY = 65534
LOOK = """
import json, os, sys
from noc.store.reader import MetricReader
from noc.store.status import read_mark
if user := int(sys.argv[2]):  # everything is imported: the interpreter itself may lie where that user cannot look
    os.setgroups([])
    os.setgid(user)
    os.setuid(user)
with MetricReader(sys.argv[1]) as reader:
    series = reader.read("interface", "dar-edge-1", "lo0", ("in_bps",), start=0, end=1 << 32)
print(json.dumps([os.geteuid(), read_mark(sys.argv[1]).at, series.at.tolist(), series.values[0].tolist()]))
"""
COMMANDS = (("link", "status"), ("device", "facts"), ("notice", "list"), ("topology", "check"))
ASK = """
import os, sys
from click.testing import CliRunner
from noc.cli.main import main
def ask(words):
    return CliRunner().invoke(main, ["-c", sys.argv[1], *words.split()])
for words in sys.argv[3:]:
    ask(words)  # everything is imported
os.setgroups([])
os.setgid(int(sys.argv[2]))
os.setuid(int(sys.argv[2]))
for words in sys.argv[3:]:
    told = ask(words)
    assert (told.exit_code, type(told.exception)) == (2, SystemExit), (words, told.exception, told.output)
    assert "ermission denied" in told.output, (words, told.output)
"""
KILLED = """
import os, signal, sys
from inventory.status import DaemonMark
from noc.store.writer import MetricStore
from tests.noc.store.polls import START, batch
with MetricStore(sys.argv[1]) as store:
    store.append(batch(START + 30 * k) for k in range(300))
    store.mark(DaemonMark(at=START + 9000.0))
    store.commit()
    os.kill(os.getpid(), signal.SIGKILL)
"""

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="becoming another user needs root")


def looked(path: Path, polls: int, user: int | None) -> None:
    """A second process sees exactly the polls acknowledged so far."""
    found = python(LOOK, str(path), str(user or 0))
    assert found.returncode == 0, found.stderr
    who, mark, at, values = json.loads(found.stdout)
    assert who == (os.geteuid() if user is None else user)
    assert mark == START + 30 * polls
    assert at == [START + 30 * k for k in range(polls)]
    assert values == [batch(instant).values[0, 2] for instant in at]


def written(store: MetricStore, polls: int, more: int) -> None:
    store.append(batch(START + 30 * k) for k in range(polls, polls + more))
    store.mark(DaemonMark(at=START + 30.0 * (polls + more)))
    store.commit()


@pytest.mark.parametrize("user", [None, pytest.param(NOBODY, marks=[pytest.mark.root, as_root])])
def test_a_second_process_and_user_reads_while_written_and_after_a_clean_stop(user: int | None) -> None:
    with open_place() as place:
        path = place / "metrics.db"
        with MetricStore(path) as store:
            written(store, 0, 100)
            looked(path, 100, user)
            written(store, 100, 100)
            looked(path, 200, user)
            store.seal(START + 30 * 200 + 3800)
            looked(path, 200, user)
        looked(path, 200, user)
        assert sorted(file.name for file in place.iterdir()) == ["metrics.db", "metrics.db-lock"]
        with MetricStore(path) as store:
            looked(path, 200, user)


@pytest.mark.parametrize("user", [None, pytest.param(NOBODY, marks=[pytest.mark.root, as_root])])
def test_a_second_process_and_user_reads_after_kill(user: int | None) -> None:
    with open_place() as place:
        path = place / "metrics.db"
        subprocess.run([sys.executable, "-c", KILLED, str(path)], cwd=ROOT, check=False)
        assert (place / "metrics.db-wal").stat().st_size > 0
        looked(path, 300, user)


def test_a_reader_that_stays_open_follows_the_daemon_through_stop_and_start(tmp_path: Path) -> None:
    path = tmp_path / "metrics.db"
    with MetricStore(path) as store:
        written(store, 0, 5)
    with MetricReader(path) as reader:
        assert reader.last("interface")[0].at == START + 120
        with MetricStore(path) as store:
            written(store, 5, 5)
            assert reader.last("interface")[0].at == START + 270
            written(store, 10, 1)
            assert reader.last("interface")[0].at == START + 300
        assert reader.last("interface")[0].at == START + 300
        with MetricStore(path) as store:
            written(store, 11, 1)
        assert reader.last("interface")[0].at == START + 330
        mark = read_mark(path)
        assert mark is not None
        assert mark.at == START + 360


@pytest.mark.root
@as_root
def test_given_a_directory_that_one_may_not_look_into_then_commands_say_so_in_a_line() -> None:
    with open_place() as place:
        say_so(place)


def say_so(place: Path) -> None:
    data = place / "data"
    data.mkdir(mode=0o700)
    with MetricStore(data / "metrics.db") as store:
        written(store, 0, 3)
    with Book(data / "notices.db", 1):
        pass
    configuration = data.with_name("noc.toml")
    configuration.write_text('[poller]\nattached_to = "r"\ngateway = "r"\n')
    (data.parent / "inventory").mkdir()
    (data.parent / "inventory" / "all.yaml").write_text(
        "regions: {R: {name: R}}\nsites: {s: {name: S, kind: core, region: R}}\ndevices: {r: {site: s, address: 10.0.0.1}}\n"
    )
    asked = python(ASK, str(configuration), str(NOBODY), *map(" ".join, COMMANDS))
    assert asked.returncode == 0, asked.stderr
