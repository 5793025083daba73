"""`noc iru ledger` and `noc iru request`: the sample's capacity from import to the last line of the story."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from inventory.skeleton import write_sample
from noc.cli.main import main


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole sample with its requests in the ledger; copied for each test."""
    home = tmp_path_factory.mktemp("iru") / "home"
    write_sample(home)
    done = run(home, f"request import {home / 'requests.csv'} --as sample")
    assert done.exit_code == 0, done.output
    assert done.stdout == "187 requests entered, 184 of them approved\n"
    return home


@pytest.fixture
def home(sample: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sample, tmp_path / "home"))


def run(home: Path, words: str, *more: str) -> Result:
    return CliRunner().invoke(main, ["-c", str(home / "noc.toml"), "iru", *words.split(), *more])


def answer(home: Path, words: str, *more: str) -> dict[str, Any]:
    result = run(home, f"{words} --json", *more)
    assert result.exit_code == 0, result.output
    return dict(json.loads(result.stdout))


def side(home: Path, contract: str, direction: str, *more: str) -> dict[str, Any]:
    found = answer(home, "ledger", "--contract", contract, *more)["contracts"]
    return next(each for each in found if each["direction"] == direction)


ADD = "request add --institution rs-mbe --in 4M --out 2M --pool cables --from 2027-01-01 --reference MB/1 --as kim"


def test_given_the_sample_then_the_ledger_shows_182_holders_and_totals_in_80_columns(home: Path) -> None:
    shown = run(home, "ledger")
    assert shown.exit_code == 0
    lines = shown.stdout.splitlines()
    assert all(len(line) <= 80 for line in lines)
    assert "182 requests, 182 of them approved" in lines
    assert next(line for line in lines if line.startswith("cables, all in")).split()[3:] == [
        "1550",
        "1550",
        "1529",
        "0",
        "21",
    ]
    assert sum(line.endswith(" approved") and line.startswith("R-") for line in lines) == 182
    found = answer(home, "ledger")
    for each in found["contracts"]:
        assert each["free_bps"] + each["reserved_bps"] + each["allocated_bps"] == each["capacity_bps"]
    held = [one for one in found["allocations"] if "seacom-iru" in one["contracts"]]
    assert sum(one["in_bps"] for one in found["allocations"]) == 1_529_000_000
    assert len(held) > 170 and held[0]["approver"] == "h-mfinanga" and held[0]["state"] == "approved"


def test_given_one_contract_then_its_shares_add_up_to_its_total(home: Path) -> None:
    lines = run(home, "ledger --contract eassy-iru").stdout.splitlines()
    into = sum(float(line.split()[2]) for line in lines if line.startswith("R-"))
    assert into == side(home, "eassy-iru", "in")["allocated_bps"] / 1e6
    assert "did you mean 'eassy-iru'" in run(home, "ledger --contract easy-iru").output


def test_given_postings_then_they_make_the_figures(home: Path) -> None:
    found = answer(home, "ledger --postings --contract seacom-iru")
    moved: dict[str, int] = {}
    for line in found["postings"]:
        if line["direction"] == "in":
            moved[line["source"]] = moved.get(line["source"], 0) - line["bps"]
            moved[line["target"]] = moved.get(line["target"], 0) + line["bps"]
    into = found["contracts"][0]
    assert (moved["free"], moved["allocated"]) == (into["free_bps"], into["allocated_bps"])
    assert moved["delivered"] == -into["delivered_bps"] and sum(moved.values()) == 0
    shown = run(home, "ledger --postings").stdout.splitlines()
    assert all(len(line) <= 80 for line in shown) and shown[1].startswith("no ")


def test_given_a_request_then_it_is_reserved_approved_changed_and_ended_by_name(home: Path) -> None:
    assert run(home, ADD).stdout == (
        "R-188 rs-mbe: reserved, waits for an approver; 4 Mb/s in, 2 out from 2027-01-01 of cables\n"
    )
    assert side(home, "seacom-iru", "in", "--on", "2027-01-01")["reserved_bps"] == 2_000_000
    assert "R-188 was entered by Kim: somebody else" in run(home, "request approve 188 --as Kim").output
    assert run(home, "request approve R-188 --as ali").exit_code == 0
    assert (
        "changed; 1 Mb/s in, 2 out from 2027-03-01"
        in run(home, "request change 188 --in 1M --from 2027-03-01 --as kim").output
    )
    assert "changed, waits for an approver" in run(home, "request change 188 --in 6M --from 2027-04-01 --as kim").output
    pending = answer(home, "request list --pending")["requests"]
    assert [one["number"] for one in pending] == [185, 186, 187, 188]
    assert pending[-1]["asks"][-1]["in_bps"] == 6_000_000
    assert "asks for 6 in" in run(home, "request list --pending").stdout
    assert "refused" in run(home, "request refuse 188 --as ali --reason", "no").output
    assert run(home, "request end 188 --from 2028-01-01 --as ali --reason", "own line").exit_code == 0
    story = answer(home, "request show 188")
    acts = [(one["act"], one["who"]) for one in story["acts"]]
    assert acts == [
        ("add", "kim"),
        ("approve", "ali"),
        ("change", "kim"),
        ("change", "kim"),
        ("refuse", "ali"),
        ("end", "ali"),
    ]
    assert story["request"]["until"] == "2028-01-01" and story["postings"][0]["target"] == "reserved"
    shown = run(home, "request show 188").stdout
    assert "end by ali: own line" in shown and all(len(line) <= 80 for line in shown.splitlines())


def test_given_an_earlier_day_or_knowledge_then_it_is_answered_as_it_was(home: Path) -> None:
    assert [one["number"] for one in answer(home, "ledger --on 2012-10-01")["allocations"]] == [1, 2]
    assert any(one["number"] == 183 for one in answer(home, "ledger --on 2018-12-31")["allocations"])
    assert not any(one["number"] == 183 for one in answer(home, "ledger --on 2019-01-01")["allocations"])
    assert answer(home, "ledger --known 2026-01-01")["allocations"] == []
    assert "as known" in run(home, "ledger --known 2026-01-01").stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (ADD.replace("4M", "40M"), "in has 8.5 Mb/s free on 2027-01-01, 20 are asked for"),
        (ADD.replace("4M", "0"), "--in: a rate of 0 is zero"),
        (ADD.replace("rs-mbe", "rs-mbey"), "there is no institution 'rs-mbey' (did you mean 'rs-mbe'?)"),
        (ADD.replace("--pool cables", "--pool cable"), "there is no pool 'cable' (did you mean 'cables'?)"),
        (ADD.replace("--pool cables", "--contract tix"), "there is no contract 'tix'"),
        (ADD.replace("--pool cables", ""), "of what? --contract KEY"),
        (f"{ADD} --contract tix-port", "of what? --contract KEY"),
        (f"{ADD} --until 2026-12-31", "it would end on 2026-12-31 and begin on 2027-01-01"),
        (f"{ADD} --until 31.12.2027", "'31.12.2027' is not a day: write 2026-10-01"),
        (f"{ADD} --until 2033-01-01", "seacom-iru in delivers nothing on 2032-07-01"),
        (f"{ADD} --over-subscribe boss", "--why (for what?)"),
        (f"{ADD} --why because", "--why is the reason of --over-subscribe"),
        (ADD.replace("MB/1", "GN/IRU/2012/001"), "is that of R-1 already"),
        (ADD.replace("rs-mbe", "school-mzumbe"), "school-mzumbe has R-153 of seacom-iru in the same time"),
        (ADD.replace(" --reference MB/1", ""), "--reference (of the letter)"),
        ("request approve 999 --as kim", "there is no request R-999"),
        ("request approve 1 --as kim", "R-1 is approved already, by h-mfinanga"),
        ("request approve one --as kim", "'one' is no number of a request"),
        ("request refuse 185 --as kim", "--reason (why?)"),
        ("request change 1 --as kim", "what changes?"),
        ("request change 1 --until 2027-01-01 --open --as kim", "not both"),
        ("request show 999", "there is no request R-999"),
        ("request import nothing.csv", "nothing.csv: cannot be read"),
        ("ledger --on yesteryear", "'yesteryear' is not a day"),
    ],
)
def test_given_what_cannot_be_then_it_is_refused_in_a_line_and_nothing_is_kept(
    sample: Path, words: str, said: str
) -> None:
    before = (sample / "data" / "ledger.db").read_bytes()
    result = run(sample, words)
    assert result.exit_code == 2 and said in result.output and "Traceback" not in result.output
    assert (sample / "data" / "ledger.db").read_bytes() == before


def test_given_a_signature_then_it_goes_beyond_and_shows_everywhere(home: Path) -> None:
    words = ADD.replace("4M", "40M").replace("2027-01-01", "2026-01-01")
    done = run(home, f"{words} --over-subscribe boss --why", "census week")
    assert done.exit_code == 0 and "OVER-SUBSCRIBED by boss: census week" in done.output
    shown = run(home, "ledger --check")
    assert shown.exit_code == 1
    assert "OVER-SUBSCRIBED by boss: census week" in shown.stdout
    assert "seacom-iru in: OVER-COMMITTED by 11.5 Mb/s" in shown.stdout
    (mine,) = [one for one in answer(home, "ledger")["allocations"] if one["number"] == 188]
    assert mine["over_subscribed"] == {"by": "boss", "why": "census week"}
    fits = "request add --institution rs-mwz --in 4M --out 2M --contract tix-port --reference MB/2 --as kim"
    done = run(home, f"{fits} --over-subscribe boss --why caution")
    assert "It fits: --over-subscribe was not needed" in done.output


def test_given_less_capacity_in_the_inventory_then_the_ledger_says_from_when(home: Path) -> None:
    path = home / "inventory" / "contracts.yaml"
    text = path.read_text()
    step = "    resized: [{on: 2027-06-01, in_bps: 700M, out_bps: 775M}]\n"
    path.write_text(text.replace("    units: 5\n", step + "    units: 5\n", 1))
    shown = run(home, "ledger --check")
    assert shown.exit_code == 1 and "seacom-iru in: OVER-COMMITTED from 2027-06-01" in shown.stdout
    refused = run(home, ADD)
    assert (
        refused.exit_code == 2 and "seacom-iru in has -69.5 Mb/s free on 2027-06-01, 2 are asked for" in refused.output
    )
    path.write_text(text.replace("seacom-iru:", "seacom-new:", 1))
    assert "seacom-iru: no contract of the inventory any more" in run(home, "ledger").stdout


def test_given_a_file_with_three_wrong_rows_then_all_are_named_and_none_is_taken(tmp_path: Path) -> None:
    write_sample(tmp_path, sites=20)
    path = tmp_path / "requests.csv"
    lines = path.read_text().splitlines()
    for number in (5, 9, 13):
        lines[number] = lines[number].replace("20", "bad", 1).replace(",cables,", ",cabels,")
    path.write_text("\n".join(lines))
    result = run(tmp_path, f"request import {path} --as sample")
    assert result.exit_code == 2 and "Traceback" not in result.output
    assert [f"requests.csv:{number}:" in result.output for number in (6, 10, 14)] == [True] * 3
    assert answer(tmp_path, "request list")["requests"] == []


def test_given_a_file_again_then_nothing_is_entered(home: Path) -> None:
    before = run(home, "ledger").stdout
    again = run(home, f"request import {home / 'requests.csv'} --as sample")
    assert again.stdout == "0 requests entered, 0 of them approved; 187 stood in the ledger already\n"
    assert run(home, "ledger").stdout == before


def test_given_no_ledger_yet_then_what_is_delivered_is_free(tmp_path: Path) -> None:
    write_sample(tmp_path, sites=5)
    shown = run(tmp_path, "ledger")
    assert shown.exit_code == 0 and "nobody holds anything of it on that day" in shown.stdout
    assert side(tmp_path, "tix-port", "out")["free_bps"] == 1_000_000_000
    assert not (tmp_path / "data" / "ledger.db").exists()
