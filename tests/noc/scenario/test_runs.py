"""A small scenario from end to end: who is told what, the same log every time, and what a run costs in honesty."""

import json
import os
import subprocess
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from noc.cli.main import main
from noc.scenario.file import read_play
from noc.scenario.means import Simulated
from noc.scenario.player import Player
from noc.scenario.real import play_real
from noc.scenario.scoring import play_scored
from noc.wiring import Means

pytestmark = pytest.mark.xdist_group("runs")

SMALL = Path(__file__).parent / "small.toml"


def played(tmp_path: Path, text: str, seed: int = 5) -> tuple[dict[str, Any], list[str]]:
    """The small scenario with more in it."""
    path = tmp_path / "more.toml"
    path.write_text(SMALL.read_text() + text)
    found, _, lines = play_scored(read_play(path), seed=seed)
    return found, lines


def pages(found: dict[str, Any], fate: str = "sent") -> list[dict[str, Any]]:
    return [row for row in found["notifications"] if row["page"] and row["fate"] == fate]


def test_given_the_same_seed_then_the_log_is_the_same_byte_for_byte_whatever_python_hashes(tmp_path: Path) -> None:
    logs = []
    for number in ("1", "77"):
        log = tmp_path / f"{number}.log"
        command = [sys.executable, "-m", "noc", "scenario", "run", str(SMALL), "--log", str(log)]
        environment = os.environ | {"PYTHONHASHSEED": number}
        subprocess.run(command, env=environment, capture_output=True, timeout=120, check=False)
        logs.append(log.read_bytes())
    assert logs[0] == logs[1] and len(logs[0]) > 1000


def test_given_another_seed_then_probes_fall_at_other_moments(tmp_path: Path) -> None:
    (_, one), (_, other) = played(tmp_path, ""), played(tmp_path, "", seed=6)
    assert one != other


def test_given_two_dead_sites_then_each_is_an_incident_and_a_page_and_the_outcome_has_its_keys(tmp_path: Path) -> None:
    found, _ = played(tmp_path, "")
    assert [row["root"] for row in found["incidents"]] == ["chunya-r1", "kyela-r1"]
    assert [row["members"] for row in found["incidents"]] == [["chunya-r1"], ["kyela-r1"]]
    assert {row["incident"] for row in pages(found)} == {1, 2}
    assert found["started"] == "2026-06-01T05:00:00.000Z"
    assert {"truth", "incidents", "notifications", "score", "scenario", "seed"} <= found.keys()
    assert json.dumps(found)


def test_given_a_gateway_that_refuses_then_the_tries_are_in_the_outcome_and_another_way_is_found(
    tmp_path: Path,
) -> None:
    found, _ = played(tmp_path, '[[event]]\nat = "10s"\ndo = "gateway_down"\nchannel = "sms"\n')
    assert {row["channel"] for row in pages(found, "refused")} == {"sms"}
    assert {row["channel"] for row in pages(found)} == {"modem"}


def test_given_an_acknowledgement_then_it_is_the_persons_and_a_foolish_one_is_refused(tmp_path: Path) -> None:
    acts = '[[event]]\nat = "80s"\ndo = "ack"\nby = "juma"\n[[event]]\nat = "5s"\ndo = "close"\n'
    found, lines = played(tmp_path, acts)
    assert found["incidents"][0]["state"] == "acknowledged"
    assert any(" refused " in line and "close" in line for line in lines)


def test_given_the_pollers_cable_pulled_then_one_incident_and_no_site_is_down(tmp_path: Path) -> None:
    text = SMALL.read_text().partition("[[event]]")[0] + '[[event]]\nat = "1m"\ndo = "poller_cut"\nfor = "1m"\n'
    path = tmp_path / "cut.toml"
    path.write_text(text)
    found, _, lines = play_scored(read_play(path))
    assert [row["family"] for row in found["incidents"]] == ["poller"]
    assert not any(" -> down" in line for line in lines)


def test_given_a_kill_between_decision_and_sending_then_the_page_goes_out_once_after_the_restart(
    tmp_path: Path,
) -> None:
    found, lines = played(tmp_path, '[[event]]\nat = "10s"\ndo = "kill"\nwhen = "after-decision"\nrestart = "3s"\n')
    assert any("starts again" in line for line in lines)
    keys = [row["key"] for row in pages(found)]
    assert len(keys) == len(set(keys)) == 2


def test_given_a_full_disk_then_pages_go_out_from_memory_and_are_in_the_ledger_afterwards(tmp_path: Path) -> None:
    found, _ = played(tmp_path, '[[event]]\nat = "20s"\ndo = "disk_full"\nfor = "1m"\n')
    undisturbed, _ = played(tmp_path, "")
    assert [(row["at_s"], row["key"]) for row in pages(found)] == [
        (row["at_s"], row["key"]) for row in pages(undisturbed)
    ]
    assert {row["number"] for row in found["incidents"]} == {1, 2}


def test_given_traps_then_a_cut_is_on_screen_sooner_than_without(tmp_path: Path) -> None:
    cut = '[[event]]\nat = "51.3s"\ndo = "link_down"\nlink = "kyela-a"\n'
    seen = []
    for share in ("0.0", "1.0"):
        head, events = SMALL.read_text().split("[network]", 1)
        path = tmp_path / f"traps-{share}.toml"
        path.write_text(f"{head}traps = {share}\n[network]{events}{cut}")
        lines = play_scored(read_play(path))[2]
        seen.append(float(next(line for line in lines if "link kyela-a up -> down" in line).split()[0]))
    assert seen[0] < 51.3 + 3 <= seen[1] + 1


@pytest.mark.parametrize(("text", "wrong"), [("at = '1m'", "an event needs do"), ("do = 'kil'", "did you mean 'kill'")])
def test_given_a_broken_event_then_the_command_names_its_line_and_ends_with_two(
    tmp_path: Path, text: str, wrong: str
) -> None:
    path = tmp_path / "broken.toml"
    path.write_text(f"{SMALL.read_text()}\n[[event]]\n{text}\n")
    done = CliRunner().invoke(main, ["scenario", "run", str(path)])
    line = len(SMALL.read_text().splitlines()) + 2
    assert done.exit_code == 2 and wrong in done.stderr and f"broken.toml:{line}" in done.stderr


@pytest.mark.skipif(os.uname().sysname != "Linux", reason="needs all of 127/8")
class Unreachable(Simulated):
    """Nothing can be opened."""

    async def open(self, means: Means, stack: AsyncExitStack) -> None:
        raise OSError("no such device")


def test_given_a_life_that_cannot_begin_then_the_run_fails_loudly() -> None:
    player = Player(read_play(SMALL), seed=1, surroundings=Unreachable())
    with player.stage.raw_ledger, pytest.raises(OSError, match="no such device"):
        player.run()


def test_given_real_time_then_the_same_house_pages_over_real_packets(tmp_path: Path) -> None:
    text = SMALL.read_text().replace('"4m"', "20").replace('"30s"', "5").replace('"2m"', "5")
    path = tmp_path / "real.toml"
    path.write_text(text)
    found, _ = play_real(read_play(path))
    assert {row["root"] for row in found["incidents"]} <= {"chunya-r1", "kyela-r1"}
    assert min(row["at_s"] for row in pages(found)) > 12
