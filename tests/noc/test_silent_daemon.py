"""A daemon that runs and cannot write: whoever looks is told, and told not to throw away what it remembers."""

import time
from dataclasses import replace
from pathlib import Path

from click.testing import CliRunner

from inventory.skeleton import write_sample
from inventory.status import DaemonMark
from noc.cli.main import main
from noc.doctor import examine
from noc.store.writer import MetricStore


def marked(age_s: float) -> DaemonMark:
    now = time.time()
    return DaemonMark(now - age_s, now - 600, 4711, "1", None, 12.5, 30.0)


def said(home: Path, *words: str) -> str:
    return " ".join(CliRunner().invoke(main, ["-c", str(home / "noc.toml"), *words]).output.split())


def test_given_a_daemon_that_writes_nothing_then_nobody_is_sent_to_restart_it(tmp_path: Path) -> None:
    write_sample(tmp_path, sites=1)
    (tmp_path / "data").mkdir(exist_ok=True)
    with MetricStore(tmp_path / "data" / "metrics.db") as store:
        store.mark(marked(60))
        store.commit()
        [found] = [one for one in examine(tmp_path / "noc.toml", time.time()) if one.topic == "daemon"]
        assert (found.grade, "runs" in found.text) == ("wrong", True)
        assert "what it measures waits in its memory" in found.advice
        assert "the daemon has written nothing for 6" in said(tmp_path, "incident", "list")
        store.mark(marked(1))
        store.commit()
        assert "has written nothing" not in said(tmp_path, "incident", "list")
        store.mark(replace(marked(1), blind_since=time.time() - 90))
        store.commit()
        [found] = [one for one in examine(tmp_path / "noc.toml", time.time()) if one.topic == "daemon"]
        assert (found.grade, "cut off from the network for 9" in found.text) == ("wrong", True)
        assert "cut off from the network" in said(tmp_path, "link", "status")
        store.mark(marked(60))
    assert "has written nothing" not in said(tmp_path, "incident", "list"), "nobody runs who could know more"
    [found] = [one for one in examine(tmp_path / "noc.toml", time.time()) if one.topic == "daemon"]
    assert "start it again" in found.advice
