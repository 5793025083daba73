"""`noc oncall`: who is on call, who stands in, and what becomes of a test message."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from alerts.notification import Fate
from inventory.skeleton import write_sample
from inventory.status import DaemonMark
from noc.cli.main import main
from noc.ledger.ledger import SqlLedger, open_ledger
from noc.store.writer import MetricStore
from tests.patience import HANGS_S

SHIFT = ("a-mushi", "j-kimaro", "n-mollel", "s-juma", "f-komba", "p-mwita")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    write_sample(tmp_path, sites=2)
    return tmp_path


def run(home: Path, words: str, *more: str) -> Result:
    return CliRunner().invoke(main, ["-c", str(home / "noc.toml"), "oncall", *words.split(), *more])


def shown(home: Path, words: str = "show", *more: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(home, words, *more, "--json").stdout)
    return found


def on_call(answer: dict[str, Any]) -> list[str]:
    return [one["contact"] for one in answer["schedules"][0]["on_call"]]


def test_given_the_roster_then_who_is_on_call_and_who_takes_over_is_shown_in_80_columns(home: Path) -> None:
    answer = shown(home)
    (held,) = answer["schedules"]
    assert on_call(answer)[0] in SHIFT and held["then"][0]["contact"] in SHIFT and held["until"]
    assert [one["contact"] for one in answer["supervisor"]] == ["h-mfinanga"] and not answer["gaps"]
    for words in ("show", "show --week"):
        result = run(home, words)
        assert result.exit_code == 0 and held["on_call"][0]["name"] in result.output
        assert all(len(line) <= 80 for line in result.output.splitlines())
        assert "+255" not in result.output
    assert len({turn["on_call"][0]["contact"] for turn in shown(home, "show --week")["turns"]}) == 6


def test_given_another_time_then_it_is_shown_for_then(home: Path) -> None:
    answer = shown(home, "show --at", "2026-11-23 20:00")
    assert (answer["at"], answer["schedules"][0]["shift"]) == ("2026-11-23T17:00:00Z", "night")
    assert answer["schedules"][0]["until"] == "2026-11-24T04:00:00Z"
    assert run(home, "show --at", "one day").exit_code == 2


def test_given_an_override_then_it_counts_until_it_is_ended(home: Path) -> None:
    made = run(home, "override noc h-mfinanga --for 4h --as kim --reason wedding")
    assert made.exit_code == 0 and "override 1: Halima Mfinanga stands in on noc" in made.output
    answer = shown(home)
    assert on_call(answer) == ["h-mfinanga"] and answer["schedules"][0]["by"] == "override"
    assert answer["overrides"][0]["author"] == "kim" and "wedding" in run(home, "show").output
    assert run(home, "override --end 1 --as asha").exit_code == 0
    assert on_call(shown(home))[0] in SHIFT and not shown(home)["overrides"]
    again = run(home, "override --end 1 --as kim")
    assert again.exit_code == 2 and "over already: asha ended it" in again.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("override nok f-komba --for 4h", "did you mean 'noc'?"),
        ("override noc f-kumba --for 4h", "did you mean 'f-komba'?"),
        ("override noc noc-desk --for 4h", "cannot be paged"),
        ("override noc f-komba", "one end is needed"),
        ("override noc f-komba --for 100d", "within 92 days"),
        ("override noc f-komba --from 2026-01-01 --to 2026-01-02", "ahead of now"),
        ("override noc", "say the schedule and who stands in"),
        ("override --end 9", "there is no override 9"),
        ("override noc --end 9", "--end takes a number"),
        ("test nobody-known", "there is no contact or schedule 'nobody-known'"),
        ("test noc-desk --by sms", "cannot be reached by sms"),
    ],
)
def test_given_what_cannot_be_meant_then_it_is_refused_in_a_line(home: Path, words: str, said: str) -> None:
    result = run(home, f"{words} --as kim")
    assert result.exit_code == 2 and said in result.output and "Traceback" not in result.output
    assert not shown(home)["overrides"]


def test_given_a_broken_roster_then_its_mistakes_are_named(home: Path) -> None:
    path = home / "oncall.yaml"
    path.write_text(path.read_text().replace("supervisor: h-mfinanga", "supervisor: h-mfinaga"))
    result = run(home, "show")
    assert result.exit_code == 2 and "did you mean 'h-mfinanga'?" in result.output and "oncall.yaml:3" in result.output


def test_given_a_gap_then_it_is_shown_and_the_supervisor_holds_it(home: Path) -> None:
    path = home / "oncall.yaml"
    path.write_text(path.read_text().replace('to: "07:00", people', 'to: "07:00", days: mon, people'))
    answer = shown(home, "show --at", "2026-11-25 20:00")
    assert on_call(answer) == ["h-mfinanga"] and answer["schedules"][0]["by"] == "gap"
    assert answer["gaps"][0] == {"schedule": "noc", "from": "2026-11-25T17:00:00Z", "to": "2026-11-26T04:00:00Z"}
    output = run(home, "show --at", "2026-11-25 20:00").output
    assert "GAP: supervisor" in output and "Nobody's turn" in output and "more" in output


def test_given_no_daemon_then_a_test_is_queued_and_it_says_that_nobody_sends(home: Path) -> None:
    begun = time.monotonic()
    result = run(home, "test --wait 600 --as kim")
    assert result.exit_code == 1 and time.monotonic() - begun < 300
    assert "the daemon does not run" in result.output and "dry_run" in result.output
    assert "queued for sms, modem, mail" in result.output
    with opened(home) as ledger, ledger.reading() as books:
        (queued,) = books.notifications(0)
    assert queued.occasion == "test" and queued.contact in SHIFT and queued.expires_at and not queued.page
    assert "test" in queued.short.casefold() or "jaribio" in queued.short.casefold()


@contextmanager
def opened(home: Path) -> Iterator[SqlLedger]:
    with open_ledger(f"sqlite:///{home / 'data' / 'ledger.db'}", clock=time.time) as ledger:
        yield ledger


def sending(home: Path, fate: Fate) -> threading.Thread:
    """Somebody who takes the first message that is queued, as the daemon's outbox would."""

    def work() -> None:
        end = time.monotonic() + HANGS_S
        while time.monotonic() < end:
            if (home / "data" / "ledger.db").exists():
                with opened(home) as ledger, ledger.transaction() as books:
                    for one in books.notifications(0, (Fate.QUEUED,)):
                        channel = one.channels[0] if fate is Fate.SENT else ""
                        books.put_notification(
                            replace(one, fate=fate, channel=channel, error="no such number", ended_at=one.queued_at + 2)
                        )
                        return
            time.sleep(0.05)

    thread = threading.Thread(target=work)
    thread.start()
    return thread


@pytest.mark.parametrize(
    ("fate", "code", "said"), [(Fate.SENT, 0, "sent by mail after 2 s"), (Fate.FAILED, 1, "failed: no such number")]
)
def test_given_a_daemon_then_the_fate_of_a_test_is_shown(home: Path, fate: Fate, code: int, said: str) -> None:
    alive(home)
    run(home, "override noc h-mfinanga --for 4h --as kim")  # makes the ledger
    thread = sending(home, fate)
    result = run(home, "test a-mushi --by mail --wait 120 --as kim")
    thread.join()
    assert result.exit_code == code, result.output
    assert f"Asha Mushi (a-mushi): {said}" in result.output and "does not run" not in result.output


def alive(home: Path) -> None:
    """A daemon that has written its line a moment ago."""
    (home / "data").mkdir(exist_ok=True)
    with MetricStore(home / "data" / "metrics.db") as store:
        store.mark(DaemonMark(at=time.time() + 60, started=time.time(), pid=1))
        store.commit()
