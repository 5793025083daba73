"""SEMANTICS 34: the daemon dies at any step, and no page is lost; what goes out again carries the same key."""

from pathlib import Path
from random import Random

import pytest

from noc.scenario.file import read_play
from noc.scenario.kills import Killed, play_killed, wrongs

KILLS = 30
SEED = 5
SMALL = Path(__file__).parent / "small.toml"


@pytest.fixture(scope="module")
def undisturbed() -> Killed:
    return play_killed(read_play(SMALL), seed=SEED)


def test_given_no_kill_then_both_faults_are_paged(undisturbed: Killed) -> None:
    pages = {row["incident"] for row in undisturbed.outcome["notifications"] if row["page"]}
    assert len(pages) == 2


@pytest.mark.parametrize("part", range(3))
def test_rule_34_given_a_kill_at_any_step_then_no_page_is_lost_and_at_most_one_goes_out_twice(
    undisturbed: Killed, part: int
) -> None:
    play = read_play(SMALL)
    steps = Random(34).sample(range(1, undisturbed.steps + 1), KILLS)[part::3]
    found = [wrong for step in steps for wrong in wrongs(undisturbed, play_killed(play, seed=SEED, step=step))]
    assert found == []
