"""`noc silence` and `noc maintenance`: made, shown and ended with the ledger alone; refused without end, reason or object."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from alerts.local_time import local
from inventory.skeleton import write_sample
from noc.cli.main import main
from noc.ledger.ledger import open_ledger


@pytest.fixture
def home(tmp_path: Path) -> Path:
    write_sample(tmp_path, sites=12)
    return tmp_path


def run(home: Path, words: str, *more: str) -> Result:
    return CliRunner().invoke(main, ["-c", str(home / "noc.toml"), *words.split(), *more])


def rows(home: Path, words: str) -> list[dict[str, Any]]:
    answer = json.loads(run(home, f"{words} --json").stdout)
    return list(answer["silences" if words.startswith("silence") else "windows"])


def test_rule_26_given_a_silence_then_it_has_author_reason_and_end_and_is_in_the_audit(home: Path) -> None:
    made = run(home, "silence add lga-chamwino --for 2h --as kim --reason", "power works")
    assert made.exit_code == 0, made.output
    assert "silence 1 over 1 device, 1 link, 1 site, 1 circuit: now to" in made.output and "(2 h)" in made.output
    (row,) = rows(home, "silence list")
    assert (row["author"], row["reason"], row["state"], row["number"]) == ("kim", "power works", "active", 1)
    with open_ledger(f"sqlite:///{home / 'data' / 'ledger.db'}", clock=time.time) as ledger, ledger.reading() as books:
        (window,) = books.windows()
    assert window.to_at - window.from_at == 7200 and window.created_at > 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("silence add lga-chamwino --reason works", "one end is needed"),
        ("silence add lga-chamwino --for 2h --until 14:00 --reason works", "one end is needed"),
        ("silence add lga-chamwino --for 2h", "--reason (why?)"),
        ("silence add --for 2h --reason works", "silence what?"),
        ("silence add lga-chamwno --for 2h --reason works", "did you mean 'lga-chamwino'?"),
        ("silence add regin=Dodoma --for 2h --reason works", "did you mean 'region'?"),
        ("silence add lga-chamwino --for 40d --reason works", "longer than 31 days"),
        ("silence add lga-chamwino --for ever --reason works", "is no length of time"),
        ("silence add lga-chamwino --until 2020-01-01 --reason works", "would end before it begins"),
        ("silence end 7", "there is no silence 7"),
        ("maintenance add --for 2h --reason works", "work on what?"),
        ("maintenance add --site lga-chamwino --device dod-pe-1 --for 2h --reason works", "work on what?"),
        ("maintenance add --site lga-chamwno --for 2h --reason works", "did you mean 'lga-chamwino'?"),
        ("maintenance add --site lga-chamwino --reason works", "one end is needed"),
        ("maintenance add --site lga-chamwino --for 2h", "--reason"),
        ("maintenance add --site lga-chamwino --for 2h --until 2030-01-01 --reason works", "--until is the last day"),
        (
            "maintenance add --site lga-chamwino --for 2h --repeat FREQ=DAILY --reason works",
            "--repeat needs a last day",
        ),
        (
            "maintenance add --site lga-chamwino --for 2h --repeat daily --until 2030-01-01 --reason works",
            "is no repetition",
        ),
        ("maintenance end 7", "there is no maintenance 7"),
    ],
)
def test_given_what_cannot_be_meant_then_it_is_refused_in_a_line_and_nothing_is_kept(
    home: Path, words: str, said: str
) -> None:
    result = run(home, f"{words} --as kim")
    assert result.exit_code == 2 and said in result.output and "Traceback" not in result.output
    assert not rows(home, "silence list --all") and not rows(home, "maintenance list --all")


def test_given_a_selector_that_will_match_soon_then_anyway_takes_it(home: Path) -> None:
    result = run(home, "silence add lga-new --for 2h --reason soon --anyway --as kim")
    assert result.exit_code == 0 and "over nothing yet" in result.output


def test_given_a_silence_that_is_ended_then_it_is_over_and_cannot_be_ended_again(home: Path) -> None:
    run(home, "silence add region=Dodoma --for 20m --reason works --as kim")
    assert rows(home, "silence list")[0]["expires_soon"]
    assert "ends soon" in run(home, "silence list").output
    assert run(home, "silence end 1 --as asha").exit_code == 0
    assert not rows(home, "silence list")
    (row,) = rows(home, "silence list --all")
    assert (row["state"], row["ended_by"], row["next"]) == ("expired", "asha", None)
    again = run(home, "silence end 1 --as kim")
    assert again.exit_code == 2 and "over already: asha ended it" in again.output
    assert "1 over, --all shows them" in run(home, "silence list").output


def test_given_a_silence_then_it_is_no_maintenance_and_is_not_ended_as_one(home: Path) -> None:
    run(home, "silence add region=Dodoma --for 2h --reason works --as kim")
    assert run(home, "maintenance end 1 --as kim").exit_code == 2
    assert not rows(home, "maintenance list") and rows(home, "silence list")


def test_given_work_then_it_is_over_its_target_and_may_be_called_off(home: Path) -> None:
    made = run(home, "maintenance add --region dodoma --from 1h --to 4h --as kim --reason", "new switch")
    assert made.exit_code == 0, made.output
    (row,) = rows(home, "maintenance list")
    assert (row["target"], row["selector"], row["state"]) == ("region", "key=Dodoma", "pending")
    assert row["covers"] == [{"kind": "region", "key": "Dodoma"}]
    assert "before it began" in run(home, "maintenance end 1 --as kim").output
    assert rows(home, "maintenance list --all")[0]["state"] == "expired"


def test_given_a_region_of_several_words_then_it_is_kept_as_one(home: Path) -> None:
    made = run(home, "maintenance add --for 2h --reason works --as kim --region", "Dar es Salaam")
    assert made.exit_code == 0, made.output
    assert rows(home, "maintenance list")[0]["covers"] == [{"kind": "region", "key": "Dar es Salaam"}]


def test_given_work_every_week_then_it_comes_again_until_its_last_day(home: Path) -> None:
    begins = local(time.time() + 3600)
    day = f"{begins:%a}"[:2].upper()
    repeat = ("--repeat", f"FREQ=WEEKLY;BYDAY={day}", "--until", "2w", "--reason", "generator")
    made = run(home, "maintenance add --site gdc-dar --from 1h --to 2h --as kim", *repeat)
    assert made.exit_code == 0, made.output
    assert "again by FREQ=WEEKLY" in made.output
    (row,) = rows(home, "maintenance list")
    assert row["repeat"] == f"FREQ=WEEKLY;BYDAY={day}" and row["next"]["from"] == row["from"]
    lines = run(home, "maintenance list").output.splitlines()
    assert any("again by" in line for line in lines) and all(len(line) <= 80 for line in lines)
    wrong = run(home, "maintenance add --site gdc-dar --from 25h --to 2h --as kim", *repeat)
    assert wrong.exit_code == 2 and "its first time would be" in wrong.output
    long = run(
        home, "maintenance add --site gdc-dar --from 1h --to 25h --as kim", "--repeat", "FREQ=DAILY", *repeat[2:]
    )
    assert long.exit_code == 2 and "run into its own next time" in long.output


def test_given_text_with_control_characters_then_it_is_refused(home: Path) -> None:
    result = run(home, "silence add lga-chamwino --for 2h --as kim --reason", "a\x1b[31mb")
    assert result.exit_code == 2 and "\x1b" not in result.output


def test_given_no_ledger_then_lists_are_empty_and_make_none(home: Path) -> None:
    assert "no silence" in run(home, "silence list").output
    assert run(home, "maintenance list").exit_code == 0
    assert not (home / "data").exists()
