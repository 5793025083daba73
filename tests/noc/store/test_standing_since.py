"""Whatever happens to the file, a reader that reads only what was written since sees what one sees that reads it all."""

import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.status import DaemonMark, Kind, StatusRow
from noc.store.file import VERSION
from noc.store.standing import KINDS, Standing, Standings
from noc.store.status import read_mark, read_status
from noc.store.writer import MetricStore
from tests.noc.store.polls import ROOT
from tests.thorough import tried

NOW = 1_784_581_200.0
KEYS = ("a", "b", "c", "d")
ROWS = [
    StatusRow(kind, key, {"name": key}, "up", NOW, at=NOW, figures={"rtt_ms": 1.0}) for kind in KINDS for key in KEYS
]


def rows(kinds: st.SearchStrategy[Kind], keys: st.SearchStrategy[str]) -> st.SearchStrategy[StatusRow]:
    return st.builds(
        StatusRow,
        kind=kinds,
        key=keys,
        labels=st.sampled_from([{}, {"name": "one"}, {"name": "two"}]),
        state=st.sampled_from(["up", "down"]),
        since=st.sampled_from([None, NOW]),
        flags=st.sampled_from([(), ("flapping",)]),
        at=st.sampled_from([None, NOW, NOW + 5]),
        figures=st.sampled_from([{}, {"in_bps": 1.0}, {"in_bps": 2.0, "cause": "x"}]),
    )


KINDS_DRAWN = st.sampled_from(KINDS)
KEYS_DRAWN = st.sampled_from(KEYS)
STEPS = st.one_of(
    st.tuples(st.just("put"), st.lists(rows(KINDS_DRAWN, KEYS_DRAWN), max_size=6)),
    st.tuples(st.just("remove"), st.tuples(KINDS_DRAWN, st.lists(KEYS_DRAWN, max_size=2))),
    st.tuples(
        st.sampled_from(
            ["mark", "nothing", "restart", "vacuum", "back up", "put back", "written over", "older", "gone"]
        ),
        st.none(),
    ),
)


class Daemon:
    """One that writes in the file, and people who copy files while it does not."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._kept = path.with_name("kept.db")
        self._open = ExitStack()
        self._marks = 0
        self._start()

    def _start(self) -> None:
        self._store = self._open.enter_context(MetricStore(self.path))

    @contextmanager
    def _stopped(self) -> Iterator[None]:
        self._open.close()
        yield
        self._start()

    def close(self) -> None:
        self._open.close()

    def step(self, what: str, with_: object) -> None:
        getattr(self, "_" + what.replace(" ", "_"))(*([] if with_ is None else [with_]))

    def _put(self, some: list[StatusRow]) -> None:
        self._store.put_status(some)
        self._store.commit()

    def _remove(self, which: tuple[Kind, list[str]]) -> None:
        self._store.remove_status(*which)
        self._store.commit()

    def _mark(self) -> None:
        self._marks += 1
        self._store.mark(DaemonMark(at=NOW + self._marks))
        self._store.commit()

    def _nothing(self) -> None:
        self._store.commit()

    def _restart(self) -> None:
        with self._stopped():
            pass

    def _vacuum(self) -> None:
        with closing(sqlite3.connect(self.path)) as db:
            db.execute("VACUUM")

    def _back_up(self) -> None:
        with closing(sqlite3.connect(self.path)) as db, closing(sqlite3.connect(self._kept)) as copy:
            db.backup(copy)

    def _put_back(self) -> None:
        """Another file in the place of this one."""
        with self._stopped():
            if self._kept.exists():
                shutil.copy(self._kept, self.path.with_name("new.db"))
                self.path.with_name("new.db").replace(self.path)

    def _written_over(self) -> None:
        """The same file, with what an earlier one held, while readers have it open."""
        with self._stopped():
            if self._kept.exists():
                with closing(sqlite3.connect(self._kept)) as kept, closing(sqlite3.connect(self.path)) as db:
                    kept.backup(db)

    def _older(self) -> None:
        with self._stopped():
            of_version_3(self.path)

    def _gone(self) -> None:
        with self._stopped():
            self.path.unlink()


def of_version_3(path: Path) -> None:
    """As that version left it: rows without numbers."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("ALTER TABLE status DROP COLUMN written")
        db.execute("DELETE FROM meta WHERE name = 'life'")
        db.execute("PRAGMA user_version = 3")


def whole(path: Path) -> tuple[DaemonMark | None, dict[Kind, list[StatusRow]]]:
    return read_mark(path), {kind: read_status(path, kind) for kind in KINDS}


def told(found: Standings) -> tuple[DaemonMark | None, dict[Kind, list[StatusRow]]]:
    assert all(list(found.rows[kind]) == [row.key for row in found.rows[kind].values()] for kind in KINDS)
    return found.mark, {kind: list(found.rows[kind].values()) for kind in KINDS}


@tried(12, many=400)
@given(st.lists(st.tuples(STEPS, st.booleans()), max_size=16))
def test_given_any_writes_removals_restarts_and_other_files_then_it_is_what_a_whole_reading_finds(
    steps: list[tuple[tuple[str, object], bool]],
) -> None:
    with tempfile.TemporaryDirectory() as place, ExitStack() as ended:
        path = Path(place) / "metrics.db"
        daemon, standing = Daemon(path), Standing(path)
        ended.callback(daemon.close)
        ended.callback(standing.close)
        version, last = 0, None
        for (what, with_), looked in [*steps, (("nothing", None), True)]:
            daemon.step(what, with_)
            if not looked:
                continue
            found = standing.now()
            assert told(found) == whole(path)
            assert found.version >= version and (found.version > version or found is last)
            version, last = found.version, found


def test_given_an_earlier_state_put_back_and_gone_on_with_then_nothing_of_the_other_past_is_left(
    tmp_path: Path,
) -> None:
    daemon, standing = Daemon(tmp_path / "metrics.db"), Standing(tmp_path / "metrics.db")
    daemon.step("put", ROWS)
    daemon.step("back up", None)
    standing.now()
    daemon.step("put", [replace(ROWS[0], state="down")])
    assert told(standing.now()) == whole(daemon.path)
    daemon.step("written over", None)
    for row in ROWS[1:3]:  # as many commits as there were, and one more
        daemon.step("put", [replace(row, state="down")])
    assert told(standing.now()) == whole(daemon.path)
    daemon.close()
    standing.close()


def test_given_a_file_of_version_3_then_it_is_read_and_gets_its_numbers_where_it_lies(tmp_path: Path) -> None:
    path = tmp_path / "metrics.db"
    with MetricStore(path) as store:
        store.put_status(ROWS)
        store.mark(DaemonMark(at=NOW))
        store.commit()
    expected = whole(path)
    of_version_3(path)
    standing = Standing(path)
    assert told(standing.now()) == whole(path) == expected
    with MetricStore(path) as store:
        assert told(standing.now()) == whole(path) == expected
        store.put_status([replace(ROWS[0], state="down")])
        store.commit()
        first = standing.now()
        assert first.rows["site"]["a"].state == "down" and told(first) == whole(path)
        store.remove_status("link", ["b"])
        store.commit()
        assert told(standing.now()) == whole(path)
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (VERSION,)
        assert db.execute("SELECT DISTINCT written > 0 FROM status ORDER BY 1").fetchall() == [(0,), (1,)]
    standing.close()


DYING = """
import os, signal, sqlite3, sys
from noc.store.file import upgrade
left = int(sys.argv[2])
class Mortal(sqlite3.Connection):
    def execute(self, *asked):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().execute(*asked)
db = sqlite3.connect(sys.argv[1], isolation_level=None, factory=Mortal)
sqlite3.Connection.execute(db, "PRAGMA journal_mode = WAL")
sqlite3.Connection.execute(db, "PRAGMA cache_size = 1")  # what is not committed is in the log already
upgrade(db)
"""


def killed_before(path: Path, statement: int) -> None:
    command = [sys.executable, "-c", DYING, str(path), str(statement)]
    assert subprocess.run(command, cwd=ROOT, timeout=60, check=False).returncode == -signal.SIGKILL


@pytest.mark.parametrize("statement", [1, 3, 6])
def test_given_kill_9_while_a_file_is_upgraded_then_it_is_what_it_was_and_is_upgraded_next_time(
    tmp_path: Path, statement: int
) -> None:
    path = tmp_path / "metrics.db"
    with MetricStore(path) as store:
        store.put_status(ROWS)
        store.commit()
    expected = whole(path)
    of_version_3(path)
    killed_before(path, statement)
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (3,)
        assert "written" not in {name for _, name, *_ in db.execute("PRAGMA table_info(status)")}
    assert whole(path) == expected
    with MetricStore(path) as store:
        store.put_status(ROWS[:1])
        store.commit()
        assert whole(path) == expected


def test_given_kill_9_while_the_file_is_made_then_the_next_daemon_makes_it(tmp_path: Path) -> None:
    path = tmp_path / "metrics.db"
    killed_before(path, 3)
    with MetricStore(path) as store:
        store.put_status(ROWS)
        store.commit()
        assert whole(path)[1]["site"] == [row for row in ROWS if row.kind == "site"]
