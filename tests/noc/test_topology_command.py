"""`noc topology check` answers from the file alone, in words that fit 80 columns and in JSON."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from inventory.batch import Facts
from noc.cli.main import main
from noc.store.writer import MetricStore

INVENTORY = """
regions: {Dodoma: {name: Dodoma}}
sites: {s: {name: Somewhere, kind: core, region: Dodoma}}
devices:
  core: {site: s, address: 10.0.0.1}
  pe: {site: s, address: 10.0.0.2}
  cpe: {site: s, address: 10.0.0.3}
providers: {ttcl: {name: TTCL}}
circuits:
  c1: {provider: ttcl, reference: R1}
  c2: {provider: ttcl, reference: R2}
links:
  ring: {a: 'core:x0', b: 'pe:x0', role: ring, provider: ttcl, circuit: c1, in_bps: 1G, out_bps: 1G}
  tail: {a: 'pe:x1', b: 'cpe:x0', role: access, provider: ttcl, circuit: c2, in_bps: 1G, out_bps: 1G}
"""


def home(directory: Path, told: dict[str, list[tuple[str, str, str]]]) -> Path:
    """A configuration with what devices told an hour ago; no daemon runs."""
    (directory / "inventory").mkdir()
    (directory / "inventory" / "all.yaml").write_text(INVENTORY)
    (directory / "noc.toml").write_text('[poller]\nattached_to = "core"\ngateway = "core"\n')
    (directory / "data").mkdir()
    with MetricStore(directory / "data" / "metrics.db") as store:
        for device, rows in told.items():
            neighbours = [{"interface": a, "system": b, "port": c, "protocol": "lldp"} for a, b, c in rows]
            content: dict[str, Any] = {"protocols": ["lldp"], "chassis": None, "neighbours": neighbours}
            store.put_facts(Facts(device, "neighbours", int(time.time()) - 3600, content))
        store.commit()
    return directory / "noc.toml"


def run(configuration: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["-c", str(configuration), "topology", "check", *words])


RIGHT = {
    "core": [("x0", "pe", "x0")],
    "pe": [("x0", "core", "x0"), ("x1", "cpe", "x0")],
    "cpe": [("x0", "pe", "x1")],
}
WRONG = {
    "core": [("x0", "pe", "x0"), ("x7", "cpe", "x9")],
    "pe": [("x0", "core", "x0"), ("x4", "printer \x1b[31m of a very long name " + "y" * 90, "1")],
    "cpe": [("x9", "core", "x7")],
}


def test_given_everything_as_declared_then_it_says_so_and_exits_0(tmp_path: Path) -> None:
    result = run(home(tmp_path, RIGHT))
    assert result.exit_code == 0
    assert "2 declared links between our devices: 2 as declared" in result.output
    assert "oldest told 1 h ago" in result.output
    assert "AS DECLARED" not in result.output
    assert "AS DECLARED  tail" in run(tmp_path / "noc.toml", "--all").output


def test_given_a_difference_then_it_is_named_in_80_columns_and_exits_1(tmp_path: Path) -> None:
    result = run(home(tmp_path, WRONG))
    assert result.exit_code == 1
    assert "NOT SEEN  tail" in result.output
    assert "declared pe:x1 - cpe:x0" in result.output
    assert "NOT DECLARED  core:x7 - cpe:x9" in result.output
    assert "told by core and cpe" in result.output
    assert "printer" in result.output
    assert all(len(line) < 80 and line.isprintable() for line in result.output.splitlines())


def test_given_json_then_the_keys_are_stable(tmp_path: Path) -> None:
    result = run(home(tmp_path, WRONG), "--json")
    said = json.loads(result.output)
    assert result.exit_code == 1
    assert set(said) == {"at", "oldest_at", "different", "counts", "links", "undeclared", "unknown", "silent"}
    assert said["counts"] == {"as declared": 1, "not seen": 1}
    assert said["undeclared"] == [{"a": "core:x7", "b": "cpe:x9", "told_by": ["core", "cpe"]}]
    assert said["links"][1]["ends"] == {"pe": "not seen", "cpe": "not seen"}
    assert said["oldest_at"].endswith("Z")


def test_given_a_selector_then_only_those_links_are_judged(tmp_path: Path) -> None:
    configuration = home(tmp_path, {**WRONG, "core": RIGHT["core"], "cpe": []})
    assert run(configuration, "role=ring").exit_code == 0
    assert run(configuration, "device=cpe").exit_code == 1
    nothing = run(configuration, "role=core")
    assert nothing.exit_code == 0
    assert "no such link" in nothing.output


@pytest.mark.parametrize("words", [("rolle=ring",), ("role=",), ("--fast",)])
def test_given_a_mistake_then_a_hint_and_exit_2(tmp_path: Path, words: tuple[str, ...]) -> None:
    result = run(home(tmp_path, RIGHT), *words)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_given_nothing_told_yet_then_nobody_is_blamed(tmp_path: Path) -> None:
    result = run(home(tmp_path, {}))
    assert result.exit_code == 0
    assert "no device has told of its neighbours yet" in result.output
    assert "2 not told" in result.output


def test_given_no_data_file_then_it_says_so_in_a_line(tmp_path: Path) -> None:
    configuration = home(tmp_path, RIGHT)
    for path in (tmp_path / "data").iterdir():
        path.unlink()
    result = run(configuration)
    assert result.exit_code == 2
    assert len(result.output.strip().splitlines()) == 1
