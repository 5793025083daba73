"""`noc account`, `noc display` and `noc api token`: with the ledger alone, every mistake at once, secrets shown once."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from inventory.skeleton import write_sample
from noc.cli.main import main

GOOD = "grey walls hum softly"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With an admin (asha) and an institution's viewer (chamwino)."""
    home = tmp_path_factory.mktemp("net")
    write_sample(home, sites=3)
    assert run(home, "account add Asha --role admin --password-stdin", typed=GOOD + "\n").exit_code == 0
    assert run(home, "account add chamwino --role institution --institution lga-chamwino --as asha").exit_code == 0
    return home


def run(home: Path, words: str, *more: str, typed: str = "") -> Result:
    return CliRunner().invoke(main, ["-c", str(home / "noc.toml"), *words.split(), *more], input=typed)


def rows(home: Path, words: str, key: str) -> dict[Any, dict[str, Any]]:
    answer = json.loads(run(home, f"{words} list --json").stdout)
    return {one.get("name") or one["number"]: one for one in answer[key]}


def test_given_accounts_then_they_are_listed_in_eighty_columns_and_for_machines(home: Path) -> None:
    found = rows(home, "account", "accounts")
    assert (found["asha"]["role"], found["asha"]["state"], found["asha"]["made_by"] != "") == ("admin", "good", True)
    assert (found["chamwino"]["institutions"], found["chamwino"]["state"], found["chamwino"]["made_by"]) == (
        ["lga-chamwino"],
        "no password yet",
        "asha",
    )
    lines = run(home, "account list").stdout.splitlines()
    assert lines[0].split() == ["name", "role", "institutions", "last", "in", "state"]
    assert max(map(len, lines)) <= 80


def test_given_a_new_account_then_a_link_is_printed_that_is_good_once(home: Path) -> None:
    answer = run(home, "account add b.kim --role operator")
    link = re.search(r"http://127\.0\.0\.1:8080/setup\?key=[\w-]{43}", answer.stdout)
    assert link
    again = run(home, "account reset b.kim")
    assert link[0] not in again.stdout
    assert "/setup?key=" in again.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("account add asha", ["name: this name is taken"]),
        ("account add a+b --role operater", ["name: letters", "did you mean 'operator'?"]),
        ("account add c --role king", ["there are viewer, operator, admin, institution"]),
        ("account add c --role institution", ["needs at least one institution"]),
        ("account add c --role institution --institution lga-chamwin", ["did you mean 'lga-chamwino'?"]),
        ("account role ash viewer", ["no account 'ash' (did you mean 'asha'?)"]),
        ("account role asha viewer", ["last admin"]),
        ("account disable asha", ["last admin"]),
        ("account enable nobody", ["no account 'nobody'"]),
        ("account reset nobody", ["no account 'nobody'"]),
        ("display add", ["Missing argument"]),
        ("display revoke 99", ["no such display"]),
        ("api token add robot --account ash", ["did you mean 'asha'?"]),
        ("api token add robot --account asha --scope red", ["did you mean 'read'?"]),
        ("api token add robot --account asha --days 0", ["1<=x<=3650"]),
        ("api token revoke 99", ["no such token"]),
    ],
)
def test_given_a_mistake_then_it_is_said_with_what_was_meant_and_nothing_is_done(
    home: Path, words: str, said: list[str]
) -> None:
    before = rows(home, "account", "accounts")
    answer = run(home, words)
    assert answer.exit_code == 2
    assert not [each for each in said if each not in answer.output], answer.output
    assert rows(home, "account", "accounts") == before


@pytest.mark.parametrize("typed", ["", "short\n", "password1234\n", "x" * 300])
def test_given_a_password_that_is_no_good_then_there_is_no_account(home: Path, typed: str) -> None:
    answer = run(home, "account add d --password-stdin", typed=typed)
    assert answer.exit_code == 2
    assert answer.output.startswith("Error: password: ")
    assert "d" not in rows(home, "account", "accounts")


def test_given_an_account_then_it_is_disabled_and_let_in_again(home: Path) -> None:
    assert run(home, "account disable chamwino").exit_code == 0
    assert rows(home, "account", "accounts")["chamwino"]["state"] == "disabled"
    assert run(home, "account reset chamwino").exit_code == 2
    assert run(home, "account enable CHAMWINO").exit_code == 0
    assert run(home, "account role chamwino viewer").stdout == "account chamwino is viewer now\n"
    assert rows(home, "account", "accounts")["chamwino"]["institutions"] == []


def test_given_a_display_then_its_address_is_shown_once_and_revoked_by_number(home: Path) -> None:
    answer = run(home, "display add", "NOC, left", "--language", "en")
    assert re.search(r"http://127\.0\.0\.1:8080/wall\?token=nocd_[\w-]{43}", answer.stdout)
    (number,) = (one["number"] for one in rows(home, "display", "displays").values() if one["name"] == "NOC, left")
    assert run(home, "display add", "NOC, left").exit_code == 2
    assert run(home, f"display revoke {number}").exit_code == 0
    assert "revoked" in run(home, "display list").stdout
    assert run(home, "display add", "NOC, left").exit_code == 0


def test_given_a_token_then_it_alone_is_on_standard_output_and_listed_by_its_first_letters(home: Path) -> None:
    token = run(home, "api token add robot --account asha --days 30").stdout.strip()
    assert re.fullmatch(r"noc_[\w-]{43}", token)
    (row,) = json.loads(run(home, "api token list --json").stdout)["tokens"]
    assert (row["scopes"], row["state"], token.startswith(row["prefix"])) == (["read"], "good", True)
    assert token not in run(home, "api token list").stdout
    assert run(home, f"api token revoke {row['number']}").exit_code == 0
    assert json.loads(run(home, "api token list --json").stdout)["tokens"][0]["state"] == "revoked"


def test_given_no_ledger_then_lists_are_empty_and_the_first_account_makes_it(tmp_path: Path) -> None:
    write_sample(tmp_path, sites=3)
    assert "no account yet" in run(tmp_path, "account list").stdout
    assert run(tmp_path, "display list").stdout.startswith("no display yet: 'noc display add NAME'")
    assert run(tmp_path, "api token list").stdout.startswith("no token yet: 'noc api token add LABEL")
    assert run(tmp_path, "account add asha --role admin").exit_code == 0
