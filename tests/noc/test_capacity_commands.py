"""`noc iru status`, `noc iru what-if` and `noc circuit status`: right, in 80 columns, with the daemon up or down."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from inventory.batch import Batch
from inventory.calendar import Month
from inventory.status import DaemonMark, StatusRow
from noc.cli.main import main
from noc.store.writer import MetricStore

M = 1_000_000
PAST = Month.of(Month.of(time.time()).start - 1)  # the month before this one
INVENTORY = """
regions: {dodoma: {name: {en: Dodoma}}}
sites:
  hub: {name: {en: Hub}, kind: core, region: dodoma}
devices:
  edge-1: {site: hub, address: 192.0.2.1, role: core}
links:
  up-seacom: {a: "edge-1:xe-0", b: external, role: upstream, provider: seacom, circuit: iru-1, in_bps: 775M, out_bps: 775M}
  up-eassy: {a: "edge-1:xe-1", b: external, role: upstream, provider: eassy, circuit: iru-2, in_bps: 775M, out_bps: 775M}
circuits:
  iru-1: {provider: seacom, reference: S/1, kind: iru, in_bps: 775M, out_bps: 775M, anchors: [192.0.2.7, 192.0.2.8]}
  iru-2: {provider: eassy, reference: E/1, kind: iru, in_bps: 775M, out_bps: 775M, anchors: [192.0.2.9, 192.0.2.10]}
providers:
  seacom: {name: {en: SEACOM}}
  eassy: {name: {en: EASSy}}
contracts:
  seacom-iru: {provider: seacom, reference: S/1, circuits: [iru-1], in_bps: 775M, out_bps: 775M, start: 2020-01-01, pool: cables}
  eassy-iru: {provider: eassy, reference: E/1, circuits: [iru-2], in_bps: 775M, out_bps: 775M, start: 2020-01-01, pool: cables}
"""


def written(directory: Path) -> Path:
    (directory / "inventory").mkdir()
    (directory / "inventory" / "network.yaml").write_text(INVENTORY)
    configuration = directory / "noc.toml"
    configuration.write_text('[poller]\nattached_to = "edge-1"\ngateway = "edge-1"\n')
    return configuration


def link(key: str, circuit: str, provider: str, state: str) -> StatusRow:
    now = time.time()
    labels: dict[str, Any] = {"name": key, "provider": provider, "circuit": circuit, "kind": "upstream"}
    labels |= {"in_committed_bps": 775.0 * M, "out_committed_bps": 775.0 * M, "a": "edge-1:x", "b": "external"}
    figures: dict[str, float | str] = {"in_bps": 300.0 * M, "out_bps": 100.0 * M, "in_ratio": 0.387, "measured_at": now}
    return StatusRow("link", key, labels, state, since=now - 3600, at=now - 1, figures=figures)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty slots of the month before, and a snapshot of a second ago in which EASSy is down."""
    directory = tmp_path_factory.mktemp("house")
    configuration, now = written(directory), time.time()
    (directory / "data").mkdir()
    circuits, quantities = ("iru-1", "iru-2"), ("in_bps", "out_bps", "in_discards_ps", "out_discards_ps")
    with MetricStore(directory / "data" / "metrics.db") as store:
        for number in range(21):
            at = PAST.start + 86_400 + 300 * number
            carried = np.array([[400 + number, 300], [100, 50], [0.5, 0], [0, 0]], float) * [[M], [M], [1], [1]]
            store.append([Batch("circuit_traffic", "", at, circuits, quantities, carried)])
            paths = np.array([[160.0, 180.0], [0.0, 0.25]])
            store.append([Batch("circuit", "", at, circuits, ("rtt_ms", "loss_ratio"), paths)])
        store.put_status([link("up-seacom", "iru-1", "seacom", "up"), link("up-eassy", "iru-2", "eassy", "down")])
        store.mark(DaemonMark(at=now + 600, started=now - 60, pid=1, version="0.1.0", stale_after_s=900))
        store.commit()
    return configuration


def run(configuration: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["-c", str(configuration), *words])


def test_given_a_month_then_contracts_have_their_figures_with_the_slots_behind_them(house: Path) -> None:
    answer = json.loads(run(house, "iru", "status", "--month", str(PAST), "--json").stdout)
    side = answer["contracts"][0]["in"]
    assert side["p95"]["present"] in (20, 21) and side["p95"]["expected"] == PAST.slots and side["p95"]["provisional"]
    assert side["peak_bps"] == 420 * M and side["delivered_bps"] == 775 * M
    assert side["headroom"]["answer"] == "not enough history"
    assert answer["circuits"][1]["loss_ratio"] == 0.25 and answer["circuits"][0]["discards"] > 2000
    assert answer["month"] == str(PAST) and answer["closed"]
    told = run(house, "iru", "status", "--month", str(PAST)).stdout.splitlines()[0]
    assert told.startswith(f"2 contracts · {PAST} · ") and "nothing" not in told and "old" not in told
    assert "nothing was measured in it" in run(house, "iru", "status", "--month", "2021-01").stdout


def test_given_now_then_the_table_says_what_is_lost_and_check_tells(house: Path) -> None:
    done = run(house, "iru", "status", "--check")
    assert done.exit_code == 1
    assert "cables (seacom-iru, eassy-iru): only one carries: diversity lost" in done.stdout
    assert "■ down" in done.stdout and "iru-2: down" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert run(house, "iru", "status").exit_code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("iru", "status", "seacm"), "did you mean 'seacom"),
        (("iru", "status", "--month", "2026-13"), "is no month"),
        (("iru", "status", "--month", "2199-01"), "still to come"),
        (("iru", "what-if"), "nothing is asked"),
        (("iru", "what-if", "--lose", "eassi"), "did you mean 'eassy'?"),
        (("iru", "what-if", "--add", "0x10M"), "--add '0x10M' is not written 40x10M"),
        (("iru", "what-if", "--add", "4x10Q"), "--add '4x10Q' is not written"),
        (("iru", "what-if", "--growth", "3%"), "--growth '3%': 3%/month"),
        (("iru", "what-if", "--growth=-100%/year"), "from -50 to 100 % a month"),
        (("iru", "what-if", "--growth", "1%/month", "--onto", "cables"), "--onto says where lost load goes"),
        (("circuit", "status", "colour=red"), "there is no label 'colour'"),
        (("circuit", "status", "--now", "--month", "2026-01"), "leave one of both away"),
    ],
)
def test_given_bad_input_then_it_is_named_with_exit_2(house: Path, words: tuple[str, ...], said: str) -> None:
    done = run(house, *words)
    assert (done.exit_code, said in done.stderr) == (2, True), done.stderr


def test_given_several_mistakes_then_all_are_named_at_once(house: Path) -> None:
    done = run(house, "iru", "what-if", "--lose", "nobody", "--add", "x", "--growth", "y")
    assert done.exit_code == 2 and all(word in done.stderr for word in ("'nobody'", "'x'", "'y'"))


def test_given_a_lost_cable_then_what_if_answers_for_people_and_machines(house: Path) -> None:
    words = ("iru", "what-if", "--lose", "eassy", "--add", "4x10M/2M", "--growth", "-1%/month")
    done = run(house, *words)
    assert done.exit_code == 0 and "lost" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
    answer = json.loads(run(house, *words, "--json").stdout)
    sides = {(one["contract"], one["direction"]): one for one in answer["outcomes"]}
    assert sides["eassy-iru", "in"]["lost"] and not sides["seacom-iru", "in"]["lost"]
    assert (sides["seacom-iru", "in"]["allocated_bps"], sides["seacom-iru", "out"]["allocated_bps"]) == (40 * M, 8 * M)


def test_given_circuits_then_the_worst_is_first_with_the_figures_of_the_month(house: Path) -> None:
    done = run(house, "circuit", "status", "--month", str(PAST))
    lines = done.stdout.splitlines()
    assert lines[0].startswith("2 circuits") and f"figures of {PAST}" in lines[0]
    assert lines[3].startswith("■ down iru-2") and "180 ms" in lines[3] and "25 %" in lines[3]
    assert max(map(len, lines)) <= 80
    answer = json.loads(run(house, "circuit", "status", "provider=seacom", "--month", str(PAST), "--json").stdout)
    assert [one["key"] for one in answer["circuits"]] == ["iru-1"]
    assert answer["circuits"][0]["in"]["peak_bps"] == 420 * M


def test_given_check_then_a_circuit_that_is_not_up_is_one(house: Path) -> None:
    assert run(house, "circuit", "status", "--now", "--check").exit_code == 1
    assert run(house, "circuit", "status", "--now", "--check", "provider=seacom").exit_code == 0
    nothing = run(house, "circuit", "status", "--now", "--check", "provider=nobody")
    assert nothing.exit_code == 1 and "no circuit is meant by that" in nothing.stderr


def test_given_only_how_circuits_stand_then_nothing_heavy_is_imported(house: Path) -> None:
    code = (
        "import sys\nfrom noc.cli.main import main\n"
        f"main(['-c', {str(house)!r}, 'circuit', 'status', '--now'], standalone_mode=False)\n"
        "print(*sorted(name for name in sys.modules if '.' not in name), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=dict(os.environ)
    )
    assert "iru-1" in done.stdout
    heavy = {"numpy", "pydantic", "yaml", "sqlalchemy", "networkx", "pysnmp", "jinja2", "rich"}
    assert not heavy & set(done.stderr.split())


def test_given_a_daemon_that_never_ran_then_that_is_said(tmp_path: Path) -> None:
    configuration = written(tmp_path)
    done = run(configuration, "iru", "status")
    assert done.exit_code == 0 and "nothing was measured yet" in done.stderr
    assert "no history: a headroom date needs 60 days, 0 are known" in done.stdout
    assert run(configuration, "iru", "what-if", "--growth", "1%/month").exit_code == 0
    for words in (("circuit", "status"), ("iru", "status", "--institutions")):
        refused = run(configuration, *words)
        assert refused.exit_code == 2 and "Traceback" not in refused.output


def test_given_an_inventory_without_contracts_then_it_says_where_they_stand(tmp_path: Path) -> None:
    configuration = written(tmp_path)
    path = tmp_path / "inventory" / "network.yaml"
    path.write_text(INVENTORY[: INVENTORY.index("contracts:")])
    for words in (("status",), ("what-if", "--growth", "1%/month")):
        done = run(configuration, "iru", *words)
        assert done.exit_code == 2 and "no contracts" in done.stderr
