"""Scenario files are checked whole, every mistake with its line, before anything starts."""

from pathlib import Path

import pytest

from inventory.mistakes import MistakesError
from noc.lab.actions import ACTIONS, Act, unfolded
from noc.lab.deeds import DEEDS
from noc.lab.scenario import acts_of, checked, read, seconds
from tests.noc.lab.asker import act, world
from tests.noc.lab.network import START

WRONG = """title = "wrong"
seed = "x"
lasts = "soon"
evnt = 1
"""

EVENTS = """seed = 4
lasts = "2m"

[[event]]
at = "soon"
do = "link_down"
device = "p1"
interface = "ge-0/0/99"

[[event]]
do = "linkdown"

[[event]]
at = 10
do = "device_down"
device = "p11"
prots = true

[[event]]
do = "loss"
link = "ring-1"
ratio = 2

[[event]]
do = "reboot"
device = "p1"
for = "5m"

[[event]]
do = "power_cut"
region = "Tnga"

[[event]]
do = "lag_member_down"
device = "p1"
interface = "ge-0/0/0"

[[event]]
do = "traffic"
device = "s1-r1"
interface = "Lo0"
direction = "up"

[[event]]
do = "link_down"
device = "p1"
"""


def written(directory: Path, text: str) -> Path:
    path = directory / "one.toml"
    path.write_text(text)
    return path


def test_given_a_file_with_wrong_settings_then_all_are_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(MistakesError) as caught:
        read(written(tmp_path, WRONG))
    told = {(mistake.line, mistake.message) for mistake in caught.value.mistakes}
    assert (2, "seed is a whole number") in told
    assert (4, "unknown setting 'evnt'") in told
    assert any(line == 3 and "no duration" in message for line, message in told)


def test_given_broken_toml_or_no_file_then_one_mistake_says_so(tmp_path: Path) -> None:
    with pytest.raises(MistakesError, match="not TOML"):
        read(written(tmp_path, "a = = 1"))
    with pytest.raises(MistakesError, match="cannot be read"):
        read(tmp_path / "absent.toml")


def test_given_wrong_events_then_every_mistake_has_its_line_and_a_hint(tmp_path: Path) -> None:
    scenario = read(written(tmp_path, EVENTS))
    assert (scenario.seed, scenario.lasts_s) == (4, 120.0)
    with pytest.raises(MistakesError) as caught:
        acts_of(scenario, world(), START)
    told = "\n".join(f"{mistake.line} {mistake.message} {mistake.hint}" for mistake in caught.value.mistakes)
    for line, words in (
        (4, "'soon' is no duration"),
        (4, "p1 has no interface 'ge-0/0/99'"),
        (10, "unknown action 'linkdown' did you mean 'link_down'?"),
        (13, "unknown device 'p11' did you mean 'p1'?"),
        (13, "unknown option 'prots' did you mean 'ports'?"),
        (19, "out of range 0 to 1"),
        (24, "reboot has nothing to undo it"),
        (29, "unknown region 'Tnga' did you mean 'Tanga'?"),
        (33, "is no LAG"),
        (38, "carries no declared link"),
        (38, "option 'level' is missing"),
        (38, "direction 'up'"),
        (44, "say on what it is done: device and interface or link (not device)"),
    ):
        assert any(one.startswith(str(line)) and words in one for one in told.splitlines()), (line, words, told)


@pytest.mark.parametrize(
    ("text", "wanted"), [(90, 90.0), ("30s", 30.0), ("5m", 300.0), ("1h30m", 5400.0), ("2.5", 2.5)]
)
def test_given_a_duration_then_it_is_seconds(text: object, wanted: float) -> None:
    assert seconds(text) == wanted


@pytest.mark.parametrize("text", ["", "5 minutes", "-3", -1, True, None, "nan", "inf", "m"])
def test_given_no_duration_then_it_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="duration"):
        seconds(text)


def test_given_the_table_of_actions_then_every_one_has_a_deed_or_unfolds_into_some() -> None:
    assert set(ACTIONS) - set(DEEDS) == {"flap"}
    assert set(DEEDS) <= set(ACTIONS)
    assert all(action.undo in DEEDS for action in ACTIONS.values() if action.undo)


def test_given_a_time_limit_then_the_act_is_undone_after_it() -> None:
    steps = unfolded(act(10, "link_down", link="ring-1", lasts=60))
    assert [(step.at - START, step.do) for step in steps] == [(10, "link_down"), (70, "link_up")]


def test_given_words_of_a_command_line_then_they_are_read_as_values() -> None:
    found, wrong = checked(
        {"do": "flap", "link": "ring-1", "times": "3", "period": "4s", "one_sided": "yes"}, world(), START
    )
    assert wrong == []
    assert isinstance(found, Act)
    assert (found["times"], found["period"], found["one_sided"]) == (3, 4.0, True)
