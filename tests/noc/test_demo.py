"""`noc demo`: however it is ended nothing is left running, and a second one takes nothing from the first."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from inventory.skeleton import write_sample
from noc.cli.demo import demo
from noc.demo import ended_like_interrupt
from noc.store.file import WriterLock

ENDED = """
import signal, sys, time
from pathlib import Path
from noc.demo import child, ended_like_interrupt, place_for, wait_for_line
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # the tests themselves may be run under nohup
try:
    home = Path(sys.argv[1])
    words = ["web", "--listen", place_for("127.0.0.1:0")]
    with ended_like_interrupt(), child("the web", home / "noc.toml", words, home / "log") as one:
        wait_for_line(one, "^web ready", 120)
        print("ready", flush=True)
        time.sleep(120)
except KeyboardInterrupt:
    print("ended", one.process.poll() is not None, flush=True)
"""


def test_given_a_closed_terminal_then_children_are_ended_as_by_ctrl_c(tmp_path: Path) -> None:
    write_sample(tmp_path / "home", sites=1)
    command = [sys.executable, "-c", ENDED, str(tmp_path / "home")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGHUP)
        assert process.stdout.read() == "ended True\n"


def test_given_nohup_then_a_closed_terminal_ends_nothing() -> None:
    former = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with ended_like_interrupt():
            os.kill(os.getpid(), signal.SIGHUP)
            time.sleep(0.01)
    finally:
        signal.signal(signal.SIGHUP, former)


@pytest.mark.parametrize("words", [[], ["--fresh"]])
def test_given_a_running_demo_then_a_second_is_told_where_it_is_and_throws_nothing_away(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    data = Path("demo") / "data"
    data.mkdir(parents=True)
    (data / "web.log").write_text("web ready: http://127.0.0.1:8081/\n")
    with WriterLock(data / "metrics.db"):
        told = CliRunner().invoke(demo, words)
    assert told.exit_code == 2
    assert "running already (web ready: http://127.0.0.1:8081/)" in told.output
    assert (data / "web.log").exists()
