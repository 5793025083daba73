"""The on-call file: every mistake with its line and a hint, gaps as warnings, and the examples of the docs."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.oncall.reading import check_oncall, read_oncall
from inventory.mistakes import MistakesError
from inventory.model import Inventory
from inventory.reading import load
from inventory.sample_network import generate
from inventory.skeleton import write_sample, write_skeleton
from tests.alerts.oncall.team import SOUND, TEAM, at, plan_of, written

HOUSE = Path(__file__).resolve().parents[3]
CHAIN = "chains:\n  noc:\n    - {after: 0m, to: [schedule:noc]}\n"


@pytest.mark.parametrize(
    ("text", "line", "message", "hint"),
    [
        (SOUND.replace("boss", "bos"), 2, "supervisor: 'bos' is no contact", "'boss'"),
        (SOUND.replace("supervisor: boss\n", ""), 2, "supervisor is missing", ""),
        (SOUND.replace("[asha, juma, neema]", "[asha, jumma, neema]"), 8, "'jumma' is no contact", "'juma'"),
        (SOUND.replace("boss", "nobody"), 2, "contact 'nobody' has neither telephone nor e-mail", ""),
        (SOUND.replace("boss", "landline"), 2, "telephone '+255 22 211 0000' is no mobile number", ""),
        (SOUND.replace("[desk]", "[landline]"), 3, "contact 'landline' has no e-mail address", ""),
        (
            SOUND.replace('"19:00", people', '"20:00", people'),
            9,
            "'day' and 'night' run at the same time, mon 19:00",
            "",
        ),
        (SOUND.replace("07:00", "7 o'clock"), 8, 'from "7 o\'clock" is no time of day', "07:00"),
        (SOUND.replace("2026-11-23\n    shifts", "23.11.2026\n    shifts"), 6, "start '23.11.2026' is no date", "2026"),
        (SOUND.replace("people: [juma", "peple: [juma"), 11, "schedule 'lines': unknown key 'peple'", "'people'"),
        (SOUND.replace("[juma, [asha, neema]]", "[]"), 11, "people is empty", ""),
        (SOUND.replace("[juma, [asha, neema]]", "juma"), 11, "people must be a list", ""),
        (SOUND + "    every: 36h\n", 13, "every '36h' is not 1 to 56 whole days", "1w"),
        (SOUND + "    handover: noon\n", 13, "handover 'noon' is no time of day", ""),
        (SOUND + "holidays:\n  christmas: asha\n", 14, "holiday 'christmas' is no date", ""),
        (SOUND + "holidays:\n  2026-12-25: {nok: asha}\n", 14, "'nok' is no schedule", "'noc'"),
        (SOUND + "holidays:\n  2026-12-25: {noc: 'schedule:noc'}\n", 14, "'noc' stands in for itself", ""),
        (SOUND + "holidays:\n  2026-12-25: schedule:nok\n", 14, "'nok' is no schedule", "'noc'"),
        (SOUND + "chains:\n  noc: []\n", 14, "needs 1 to 20 steps", ""),
        (SOUND + CHAIN.replace("schedule:noc", "noc"), 15, "'noc' is nobody", "'schedule:noc'"),
        (SOUND + CHAIN.replace("schedule:noc", "schedule:nok"), 15, "'schedule:nok' is nobody", "'schedule:noc'"),
        (SOUND + CHAIN.replace("schedule:noc", "contact:jumaa"), 15, "'contact:jumaa' is nobody", "'contact:juma'"),
        (SOUND + CHAIN.replace("0m", "5m"), 15, "after 5m of the first step is 0m", ""),
        (SOUND + CHAIN.replace("0m", "soon"), 15, "after 'soon' is no length of time", ""),
        (SOUND + CHAIN + "    - {after: 0m, to: [supervisor]}\n", 16, "after 0m is not later than the step before", ""),
        (SOUND + CHAIN.replace("schedule:noc", "chain:noc"), 14, "goes round in a loop: noc -> noc", ""),
        (
            SOUND + CHAIN + "    - {after: 5m, to: ['chain:up']}\n  up: [{after: 0m, to: ['chain:noc']}]\n",
            14,
            "goes round in a loop: noc -> up -> noc",
            "",
        ),
        (SOUND + CHAIN + "routes:\n  - {chain: nok}\n", 17, "'nok' is no chain", "'noc'"),
        (SOUND + CHAIN + "routes:\n  - {chain: noc, match: sevrity=critical}\n", 17, "no label 'sevrity'", ""),
        (SOUND + CHAIN + "routes:\n  - {chain: noc, match: Dodoma}\n", 17, "a word without a label", "region=Dodoma"),
        (SOUND + CHAIN + "routes:\n  - {chain: noc, mail: [desc]}\n", 17, "'desc' is no contact", "'desk'"),
        (
            "supervisor: boss\nschedules:\n" + "".join(f"  s{n}: {{people: [asha]}}\n" for n in range(51)),
            2,
            "51 schedules, 50 are allowed",
            "",
        ),
        (SOUND + "shedules: {}\n", 13, "unknown key 'shedules'", "'schedules'"),
        (SOUND + "supervisor: juma\n", 13, "duplicate key 'supervisor'", ""),
        (SOUND + "desk2: [\n", 14, "broken YAML", ""),
    ],
)
def test_given_a_mistake_then_it_is_named_with_its_line_and_a_hint(
    tmp_path: Path, text: str, line: int, message: str, hint: str
) -> None:
    path = written(tmp_path, text)
    mistakes, _ = check_oncall(path, TEAM, at(23))
    said = [str(one) for one in mistakes]
    assert any(message in one.message and hint in one.hint for one in mistakes), said
    assert any(one.line == line for one in mistakes if message in one.message), said
    with pytest.raises(MistakesError):
        read_oncall(path, TEAM)


def test_given_several_mistakes_then_all_are_named_at_once(tmp_path: Path) -> None:
    text = SOUND.replace("boss", "bos").replace("[juma, [", "[jumma, [") + CHAIN.replace("schedule:noc", "nobody-here")
    mistakes, _ = check_oncall(written(tmp_path, text), TEAM, at(23))
    assert [one.line for one in mistakes] == [2, 11, 15]


def test_given_a_sound_file_without_gaps_then_there_is_nothing_to_say(tmp_path: Path) -> None:
    assert check_oncall(written(tmp_path, SOUND), TEAM, at(23)) == ((), ())


def test_given_gaps_in_the_coming_60_days_then_they_are_a_warning_that_says_when(tmp_path: Path) -> None:
    text = SOUND.replace('to: "07:00", people', 'to: "06:00", days: mon-sat, people')
    mistakes, warnings = check_oncall(written(tmp_path, text), TEAM, at(23, "08:00"))
    assert not mistakes
    (warning,) = warnings
    assert warning.line == 5 and "Tue 24 Nov 06:00 to Tue 24 Nov 07:00 EAT" in warning.message
    assert "and 59 more in 60 days" in warning.message


def test_given_a_holiday_on_which_no_shift_begins_then_it_is_a_warning(tmp_path: Path) -> None:
    text = SOUND.replace('"19:00", people', '"19:00", days: mon, people').replace(
        '"07:00", people', '"07:00", days: tue, people'
    )
    _, warnings = check_oncall(written(tmp_path, text + "holidays:\n  2026-11-25: {noc: juma}\n"), TEAM, at(23))
    assert any(one.line == 14 and "no shift of schedule 'noc' begins then" in one.message for one in warnings)


def test_given_somebody_who_can_only_be_mailed_then_it_is_a_warning(tmp_path: Path) -> None:
    _, warnings = check_oncall(written(tmp_path, SOUND.replace("supervisor: boss", "supervisor: desk")), TEAM, at(23))
    assert [one.message for one in warnings] == ["contact 'desk' has no telephone and cannot be paged, only mailed"]


@pytest.mark.parametrize("text", [None, "", "# nothing yet\n"])
def test_given_no_file_or_nothing_in_it_then_duties_decide(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "oncall.yaml" if text is None else written(tmp_path, text)
    assert read_oncall(path, TEAM).who("supervisor", at(23)) == ("boss",)
    assert check_oncall(path, TEAM, at(23)) == ((), ())


def test_given_no_file_and_nobody_to_tell_then_it_is_a_warning(tmp_path: Path) -> None:
    mistakes, warnings = check_oncall(tmp_path / "oncall.yaml", Inventory(), at(23))
    assert not mistakes and "nobody is on call" in warnings[0].message


def test_given_chains_that_fan_out_again_and_again_then_they_are_read_at_once(tmp_path: Path) -> None:
    steps = "".join(
        f"  c{n}: [{{after: 0m, to: ['chain:c{n + 1}']}}, {{after: 1m, to: ['chain:c{n + 1}']}}]\n" for n in range(100)
    )
    plan = plan_of(tmp_path, SOUND + f"chains:\n{steps}  c100: [{{after: 0m, to: [supervisor]}}]\n")
    assert len(plan.chain({}).steps) == 101


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="abos:[]{}-,\n '\"0123456789mw", max_size=200))
def test_given_any_text_then_it_is_a_plan_or_mistakes(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = written(tmp_path_factory.mktemp("any"), "supervisor: boss\nschedules:\n" + text)
    try:
        assert read_oncall(path, TEAM).who("supervisor", at(23)) == ("boss",)
    except MistakesError as error:
        assert error.mistakes


def test_given_the_docs_then_their_example_parses_without_a_mistake(tmp_path: Path) -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", (HOUSE / "docs" / "oncall.md").read_text(), re.S)
    path = written(tmp_path, example)
    assert check_oncall(path, generate(1), at(23)) == ((), ())
    plan = read_oncall(path, generate(1))
    assert plan.who("schedule:noc", at(25, "12:00", month=12)) == ("s-juma", "f-komba")
    assert [step.after_s for step in plan.chain({"severity": "critical"}).steps] == [0, 600, 1800, 3000]


def test_given_the_sample_and_the_skeleton_then_their_files_are_sound(tmp_path: Path) -> None:
    for write in (write_sample, write_skeleton):
        home = tmp_path / write.__name__
        write(home)
        inventory = load(home / "inventory")
        assert check_oncall(home / "oncall.yaml", inventory, at(23)) == ((), ())
    sample = read_oncall(tmp_path / "write_sample" / "oncall.yaml", load(tmp_path / "write_sample" / "inventory"))
    assert len({turn.crew for turn in sample.turns("noc", at(23), at(29))}) == 6


def test_given_the_skeleton_uncommented_then_it_is_nearly_a_plan(tmp_path: Path) -> None:
    write_skeleton(tmp_path)
    lines = (tmp_path / "oncall.yaml").read_text().splitlines()
    text = "\n".join(line.removeprefix("# ") for line in lines[3:] if line != "#")
    assert not check_oncall(written(tmp_path, text.replace("peter", "boss")), TEAM, at(23))[0]
