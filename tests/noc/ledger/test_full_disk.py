"""With a disk that takes no writes the daemon still has a ledger, and nothing of it is lost when the disk is well again."""

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.alarm import Phase
from alerts.books import LedgerError, LedgerFull
from alerts.incident import Incident, IncidentState
from alerts.notification import Fate
from alerts.window import Window
from noc.ledger.beside import Reserve
from noc.ledger.books import SqlBooks
from tests.noc.ledger.stage import NOW, Clock, alarm, entry, incident, ledger, notification
from tests.patience import HANGS_S

LARGE = "x" * 40_000


@contextmanager
def no_growth(path: Path, room: int = 0) -> Iterator[Callable[[], None]]:
    """No file of this process grows past the size that the ledger has, till the function given is called."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    size = path.stat().st_size + room
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))

    def again() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    try:
        yield again
    finally:
        again()


def test_given_a_disk_that_takes_nothing_then_incidents_go_on_in_memory_and_are_written_back(tmp_path: Path) -> None:
    clock, path = Clock(), tmp_path / "ledger.db"
    with ledger(path, clock=clock) as opened:
        with opened.transaction() as found:
            first = found.add(incident())
        with no_growth(path) as again:
            with opened.transaction() as found:
                found.put_alarms([alarm("a")])
                first = found.put(replace(first, owner="asha", closing=LARGE))
                second = found.add(incident("dod-pe-1"))
                found.tell(entry(second.number))
                found.queue(notification("k", second.number))
            assert opened.in_memory
            assert second.number == 2
            with opened.transaction() as found:
                found.put_notification(replace(notification("k", 2), fate=Fate.SENT))
                assert found.incident(1) == first
            with opened.reading() as found:
                assert found.incident(2) == second
            again()
            clock.now += 5
            with opened.transaction() as found:
                assert found.add(incident()).number == 3
            assert not opened.in_memory
        assert (opened.counters.unkept, opened.counters.written_back, opened.counters.gave_way) == (2, 2, 0)
    with ledger(path) as opened, opened.reading() as found:
        assert found.incident(1) == first
        assert found.incident(2) == second
        assert list(found.alarms()) == ["unreachable device a"]
        assert found.notifications(2)[0].fate is Fate.SENT
        assert len(found.entries(2)) == 1


def test_given_a_ledger_that_was_put_aside_then_the_new_one_gives_no_number_again(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with ledger(path) as opened, opened.transaction() as found:
        assert [found.add(incident()).number for _ in range(3)] == [1, 2, 3]
    path.unlink()
    with ledger(path) as opened, opened.transaction() as found:
        assert found.add(incident()).number == 4


def test_given_a_file_that_takes_writes_again_then_a_look_suffices_to_write_back(tmp_path: Path) -> None:
    clock, path = Clock(), tmp_path / "ledger.db"
    with ledger(path, clock=clock) as opened:
        with no_growth(path) as again:
            with opened.transaction() as found:
                found.add(incident(closing=LARGE))
            assert opened.in_memory
            assert not opened.changed()
            again()
            clock.now += 5
            assert opened.changed()
        assert not opened.in_memory
        with ledger(path, migrate=False) as elsewhere, elsewhere.reading() as found:
            assert found.incident(1) is not None


def test_given_a_transaction_half_written_when_the_disk_fills_then_none_of_it_is_lost(tmp_path: Path) -> None:
    clock, path = Clock(), tmp_path / "ledger.db"
    with ledger(path, clock=clock) as opened, no_growth(path, 30_000) as again:
        with opened.transaction() as found:
            number = found.add(incident()).number
            for line in range(200):
                found.tell(entry(number, f"{line} {LARGE}"))
        assert opened.in_memory
        again()
        clock.now += 5
        with opened.transaction() as found:
            assert [line.text.split()[0] for line in found.entries(number)] == [str(line) for line in range(200)]


def test_given_a_block_that_fails_in_memory_then_nothing_of_it_is_kept(tmp_path: Path) -> None:
    clock, path = Clock(), tmp_path / "ledger.db"
    with ledger(path, clock=clock) as opened, no_growth(path) as again:
        with pytest.raises(KeyError), opened.transaction() as found:
            found.add(incident(closing=LARGE))
            raise KeyError
        with opened.transaction() as found:
            assert found.incidents(list(IncidentState)) == []
        again()


def test_given_what_people_did_in_the_file_meanwhile_then_theirs_stays_and_the_audit_says_so(tmp_path: Path) -> None:
    clock, path = Clock(), tmp_path / "ledger.db"
    with ledger(path, clock=clock) as opened:
        with opened.transaction() as found:
            first = found.add(incident())
        with no_growth(path), opened.transaction() as found:
            found.put(found.put(replace(first, closing=LARGE)))
            found.add(incident("dod-pe-1"))
        with ledger(path, migrate=False) as people, people.transaction() as found:
            acknowledged = found.put(replace(first, acknowledged_by="asha"))
        clock.now += 5
        with opened.transaction() as found:
            assert found.incident(1) == acknowledged
            assert found.incident(2) is not None
            audit = found.db.exec_driver_sql("SELECT act, what FROM audit").one()
        assert audit[0] == "written back after a full disk"
        assert '"gave_way":["incident 1"]' in audit[1]
        assert opened.counters.gave_way == 1


def test_given_a_daemon_that_dies_while_in_memory_then_no_number_that_was_told_is_given_again(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    twin = subprocess.run([sys.executable, "-c", _DIES, str(path)], check=False, capture_output=True)
    assert twin.returncode == 9, twin.stderr
    with ledger(path) as opened, opened.transaction() as found:
        assert found.add(incident()).number == 8


_DIES = """
import os, resource, sys
from pathlib import Path
from tests.noc.ledger.stage import *
opened = ledger(Path(sys.argv[1])).__enter__()
resource.setrlimit(resource.RLIMIT_FSIZE, (Path(sys.argv[1]).stat().st_size,) * 2)
with opened.transaction() as found:
    for _ in range(7):
        found.add(incident(closing="x" * 40_000))
os._exit(9 if opened.in_memory else 1)
"""


def test_given_a_command_and_a_full_disk_then_it_is_told_and_nothing_changed(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with ledger(path):
        pass
    with ledger(path, migrate=False) as opened:
        with no_growth(path), pytest.raises(LedgerFull, match="disk"), opened.transaction() as found:
            found.add(incident(closing=LARGE))
        with opened.transaction() as found:
            assert found.incidents(list(IncidentState)) == []


def test_given_somebody_who_holds_the_ledger_then_the_daemon_goes_on_without(tmp_path: Path) -> None:
    clock, path = Clock(), tmp_path / "ledger.db"
    with ledger(path, clock=clock) as opened, ledger(path, migrate=False) as holder:
        opened.wait_no_longer_than(0.05)
        with holder.transaction(), opened.transaction() as found:
            assert found.add(incident()).number == 1
        assert opened.in_memory
        clock.now += 5
        with opened.transaction() as found:
            assert found.incident(1) is not None
        assert not opened.in_memory


def test_given_room_enough_then_a_reserve_of_real_blocks_is_laid_by(tmp_path: Path) -> None:
    reserve = Reserve(tmp_path / "ledger.db")
    reserve.make()
    assert (tmp_path / "ledger.reserve").stat().st_blocks * 512 >= 8 << 20
    assert reserve.release()
    assert not reserve.release()


@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, for a disk of its own")
def test_given_a_disk_that_is_really_full_then_the_reserve_goes_first_and_memory_takes_over_after_it(
    tmp_path: Path,
) -> None:
    words = ["unshare", "-m", sys.executable, "-c", _FULL, str(tmp_path)]
    done = subprocess.run(words, check=False, capture_output=True, text=True, timeout=HANGS_S)
    if "unshare" in done.stderr and done.returncode == 1:
        pytest.skip("no namespaces here")
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["False", "reserve-gone", "True", "back", "False", "reserve-there"]


Step = tuple[str, int, bool]  # what is done, to which incident, and whether the disk is full then


def done(path: Path, steps: list[Step], *, hurt: bool) -> tuple[list[object], int]:
    """The ledger after these steps, with the disk full now and then or never; and how many of them stayed in memory."""
    clock = Clock()
    with ledger(path, clock=clock) as opened:
        with opened.transaction() as found:
            found.add(incident())
        for place, (what, which, full) in enumerate(steps):
            clock.now += 5
            with no_growth(path) if hurt and full else nullcontext(), opened.transaction() as found:
                known = found.incidents(list(IncidentState))
                one = known[which % len(known)]
                act(found, what, one, place)
        clock.now += 5
        with opened.transaction() as found:
            assert not opened.in_memory
            kept = [list(found.incidents(list(IncidentState))), dict(found.alarms()), list(found.notifications())]
            kept += [list(found.entries(one.number)) for one in found.incidents(list(IncidentState))]
            return [*kept, list(found.windows()), found.mark("m")], opened.counters.unkept


def act(found: SqlBooks, what: str, one: Incident, place: int) -> None:
    if what == "open":
        found.add(incident(f"d{place}", closing=LARGE))
    elif what == "change":
        found.put(replace(found.put(replace(one, flaps=one.flaps + 1)), ticket=f"{place} {LARGE}"))
    elif what == "tell":
        found.tell(entry(one.number, f"{place} {LARGE}"))
    elif what == "queue":
        found.queue(replace(notification(f"{place % 3}", one.number), body=LARGE))
    elif what == "send":
        for each in found.notifications(fates=[Fate.QUEUED]):
            found.put_notification(replace(each, fate=Fate.SENT, tries=place))
    elif what == "alarms":
        found.put_alarms([alarm(f"a{place % 4}", Phase.CLEAR if place % 3 else Phase.FIRING), alarm(f"b{place}")])
    else:
        found.add_window(Window(0, "silence", LARGE, "asha", "works", NOW, NOW + 60))
        found.put_mark("m", str(place))


@settings(deadline=None, max_examples=12)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["open", "change", "tell", "queue", "send", "alarms", "window"]),
            st.integers(0, 9),
            st.booleans(),
        ),
        max_size=12,
    )
)
def test_given_a_disk_that_is_full_now_and_then_then_the_ledger_ends_as_if_it_had_never_been(steps: list[Step]) -> None:
    with tempfile.TemporaryDirectory() as home:
        well, unkept = done(Path(home) / "well.db", steps, hurt=False)
        assert unkept == 0
        assert done(Path(home) / "hurt.db", steps, hurt=True)[0] == well


_FULL = """
import os, subprocess, sys
from pathlib import Path
from tests.noc.ledger.stage import *
here = Path(sys.argv[1])
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=48m", "none", str(here)], check=True)
clock = Clock()
with ledger(here / "ledger.db", clock=clock) as opened:
    filler = here / "filler"
    assert (here / "ledger.reserve").stat().st_size == 8 << 20
    file = os.open(filler, os.O_WRONLY | os.O_CREAT)
    try:
        while True:
            os.write(file, bytes(1 << 12))
    except OSError:
        os.close(file)
    with opened.transaction() as found:
        number = found.add(incident()).number
        for line in range(100):
            found.tell(entry(number, "x" * 10_000))
    print(opened.in_memory, "reserve-there" if (here / "ledger.reserve").exists() else "reserve-gone")
    with opened.transaction() as found:
        for line in range(1000):
            found.tell(entry(number, "x" * 10_000))
    print(opened.in_memory)
    filler.unlink()
    clock.now += 5
    with opened.transaction() as found:
        assert len(found.entries(number)) == 1100
    clock.now += 5
    with opened.transaction() as found:
        found.put_mark("a", "b")
    print("back", opened.in_memory, "reserve-there" if (here / "ledger.reserve").exists() else "reserve-gone")
"""


def test_given_a_place_that_cannot_be_written_then_it_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LedgerError, match="cannot be made"), ledger(tmp_path / "file" / "ledger.db"):
        pass


def test_given_the_file_is_taken_away_under_the_daemon_then_it_is_noticed_and_over_when_it_is_back(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path, aside = tmp_path / "ledger.db", tmp_path / "aside"
    with ledger(path) as opened:
        assert not opened.astray
        path.rename(aside)
        assert opened.astray
        path.write_bytes(b"another")
        assert opened.astray
        aside.replace(path)
        assert not opened.astray
    said = [one.getMessage() for one in caplog.records]
    assert len(said) == 2 and "taken away" in said[0] and "back in its place" in said[1]
