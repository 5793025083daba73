"""A ledger put back under a daemon that runs: it ends and says so, so that the next one takes up what lies there."""

import shutil
from pathlib import Path

from tests.noc.stage import stage, wait_until


def test_given_another_ledger_in_its_place_then_the_daemon_ends_and_says_so(tmp_path: Path) -> None:
    with stage(tmp_path / "govnet", sites=1) as one:
        one.start_daemon()
        data = one.home / "data"
        shutil.copy(data / "ledger.db", data / "copy")
        (data / "copy").replace(data / "ledger.db")
        ended = one.processes["daemon"]
        wait_until("the daemon ends by itself", lambda: ended.poll() is not None, 30)
        assert ended.returncode == 1, "what ends well would not be started again"
        said = one.log("daemon")
        assert "was replaced by another ledger" in said and "start 'noc run'" in said and "Traceback" not in said
