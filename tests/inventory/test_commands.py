"""noc init, check and inventory as people type them."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from noc.cli.main import main
from noc.config import Config, load

HEADER = "site,name,kind,region,device,address,port,community,version"


def noc(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def home(tmp_path: Path) -> Path:
    assert noc("init", tmp_path / "net").exit_code == 0
    return tmp_path / "net"


def test_given_a_fresh_skeleton_then_check_is_green_and_says_how_much_there_is(home: Path) -> None:
    result = noc("-c", home / "noc.toml", "check")
    assert result.exit_code == 0
    assert "sound. 2 sites (1 member: 0 mda, 1 lga), 1 region, 2 devices, 1 link" in result.output
    assert "warning" not in result.output


def test_given_a_skeleton_then_its_settings_are_the_defaults(home: Path) -> None:
    config = load(home / "noc.toml")
    default = Config.model_validate({"poller": {"attached_to": "head-office-r1", "gateway": "head-office-r1"}})
    for section in Config.model_fields:
        if section not in ("inventory", "data", "secrets", "alerts"):
            assert getattr(config, section) == getattr(default, section)
    assert config.alerts == default.alerts.model_copy(
        update={name: home / getattr(default.alerts, name) for name in ("rules", "oncall")}
    )
    text = (home / "noc.toml").read_text()
    for section, field in Config.model_fields.items():
        assert f"[{section}]" in text
        for setting in type(getattr(default, section)).model_fields:
            assert f"\n{setting} = " in text, f"{setting} of [{section}] is not in the skeleton ({field})"


def test_given_a_second_init_then_it_is_refused_naming_the_file(home: Path) -> None:
    result = noc("init", home)
    assert result.exit_code == 2
    assert f"{home / 'noc.toml'} is already there; nothing was written" in result.output


def test_given_mistakes_everywhere_then_all_are_named_at_once_with_exit_2(home: Path) -> None:
    (home / "noc.toml").write_text((home / "noc.toml").read_text().replace('attached_to = "head', 'attached_to = "hed'))
    (home / "secrets.toml").chmod(0o644)
    links = home / "inventory" / "links.yaml"
    links.write_text(links.read_text().replace("in_bps: 10M", "in_bps: 0", 1).replace("role:", "roll:"))
    result = noc("-c", home / "noc.toml", "check")
    assert result.exit_code == 2
    zero, unknown = "a rate of 0 is zero", "unknown key 'roll'"
    for part in ("lets others read", zero, unknown, "did you mean 'role'?", "no device 'hed-office-r1'", "mistakes."):
        assert part in result.output
    machine = json.loads(noc("-c", home / "noc.toml", "check", "--json").stdout)
    assert machine["ok"] is False and len(machine["mistakes"]) == 5
    assert all(one["file"] for one in machine["mistakes"])


def test_given_an_attachment_that_is_no_device_then_its_line_and_the_nearest_are_named(home: Path) -> None:
    text = (home / "noc.toml").read_text().replace('attached_to = "head-office-r1"', 'attached_to = "head-ofice-r1"')
    (home / "noc.toml").write_text(text)
    result = noc("-c", home / "noc.toml", "check")
    line = text.splitlines().index(next(one for one in text.splitlines() if one.startswith("attached_to"))) + 1
    assert result.exit_code == 2
    assert f"noc.toml:{line}: " in result.output and "did you mean 'head-office-r1'?" in result.output


def test_given_a_broken_configuration_then_the_inventory_beside_it_is_checked_all_the_same(home: Path) -> None:
    (home / "noc.toml").write_text("[poller\n")
    sites = home / "inventory" / "sites.yaml"
    sites.write_text(sites.read_text().replace("kind: noc", "kind: nocc"))
    result = noc("-c", home / "noc.toml", "check")
    assert result.exit_code == 2
    assert "not TOML" in result.output and "kind 'nocc'" in result.output and "2 mistakes." in result.output


def test_given_no_configuration_then_one_is_told_how_to_get_it(tmp_path: Path) -> None:
    result = noc("-c", tmp_path / "noc.toml", "check")
    assert result.exit_code == 2 and "noc init DIR" in result.output


def test_given_a_credential_without_secret_then_check_warns_and_is_green(home: Path) -> None:
    (home / "secrets.toml").unlink()
    result = noc("-c", home / "noc.toml", "check")
    assert result.exit_code == 0
    assert "warning" in result.output and "[snmp.routers]" in result.output


def test_given_a_device_that_no_link_joins_then_check_warns(home: Path) -> None:
    more = "devices:\n  lonely: {site: head-office, address: 192.0.2.9}\n"
    (home / "inventory" / "more.yaml").write_text(more)
    result = noc("-c", home / "noc.toml", "check")
    assert result.exit_code == 0
    assert "1 device has no path of declared links to the poller at head-office-r1: lonely" in result.output


def test_given_the_sample_then_check_is_green(tmp_path: Path) -> None:
    assert noc("init", tmp_path / "g", "--sample", "--sites", "12", "--one-address").exit_code == 0
    result = noc("-c", tmp_path / "g" / "noc.toml", "check", "--json")
    machine = json.loads(result.stdout)
    assert result.exit_code == 0 and machine["ok"] and machine["warnings"] == []
    assert machine["counts"]["members"] == 12 and machine["counts"]["regions"] == 20


def test_given_spreadsheets_then_import_is_green_at_once_and_shows_no_community(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text(
        f"{HEADER}\na,A,lga,Tanga,a-r1,10.0.0.1,,S3CRET,2c\nb,B,noc,Tanga,b-r1,10.0.0.2,,x,2c\n"
    )
    (tmp_path / "l.csv").write_text("link,a_device,a_interface,b_device,b_interface,in_bps\na-a,b-r1,e0,a-r1,e0,10M\n")
    imported = noc("inventory", "import", tmp_path / "d.csv", "--links", tmp_path / "l.csv", "--to", tmp_path / "net")
    assert imported.exit_code == 0, imported.output
    assert "2 sites (1 member: 0 mda, 1 lga)" in imported.output and "attached to b-r1" in imported.output
    checked = noc("-c", tmp_path / "net" / "noc.toml", "check")
    assert checked.exit_code == 0
    assert checked.output.count("warning") == 1 and "nobody is on call" in checked.output  # a list names no people
    shown = noc("-c", tmp_path / "net" / "noc.toml", "inventory", "show", "--json")
    assert shown.exit_code == 0 and "S3CRET" not in shown.output + imported.output + checked.output
    assert json.loads(shown.stdout)["devices"]["a-r1"]["address"] == "10.0.0.1"


def test_given_bad_rows_then_import_names_them_all_and_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text(f"{HEADER}\na,A,lgaa,T,a-r1,10.0.0.1,,x,2c\nb,B,lga,T,b-r1,10.0.0.300,,x,2c\n")
    result = noc("inventory", "import", tmp_path / "d.csv", "--to", tmp_path / "net")
    assert result.exit_code == 2
    assert "d.csv:2: site 'a': kind 'lgaa'" in result.output and "d.csv:3: device 'b-r1'" in result.output
    assert not (tmp_path / "net").exists()


def test_given_a_key_then_show_says_what_stands_in_the_files(home: Path) -> None:
    shown = noc("-c", home / "noc.toml", "inventory", "show", "lga-example")
    assert shown.output.startswith("institutions:\n  lga-example:\n") and "\nsites:\n  lga-example:\n" in shown.output
    kind = json.loads(noc("-c", home / "noc.toml", "inventory", "show", "links", "--json").stdout)
    assert kind["links"]["lga-example-a"]["in_bps"] == 10_000_000
    assert "1 circuit" in noc("-c", home / "noc.toml", "inventory", "show").output


def test_given_an_unknown_key_then_the_nearest_is_offered(home: Path) -> None:
    result = noc("-c", home / "noc.toml", "inventory", "show", "lga-exampel")
    assert result.exit_code == 2 and "did you mean 'lga-example'?" in result.output


def test_given_two_inventories_then_diff_says_what_changed(tmp_path: Path, home: Path) -> None:
    assert noc("init", tmp_path / "other").exit_code == 0
    devices = tmp_path / "other" / "inventory" / "devices.yaml"
    devices.write_text(devices.read_text().replace("192.0.2.2", "192.0.2.7"))
    result = noc("inventory", "diff", home, tmp_path / "other" / "inventory")
    assert result.exit_code == 0
    assert result.output == "~ device lga-example-r1: address 192.0.2.2 -> 192.0.2.7\n"
    machine = json.loads(noc("inventory", "diff", home, tmp_path / "other", "--json").stdout)
    assert machine["devices"] == {"added": [], "removed": [], "changed": ["lga-example-r1"]}
    assert noc("inventory", "diff", home, home).output == "no difference.\n"


@pytest.mark.parametrize("words", [["init"], ["check"], ["inventory"], ["inventory", "import"], ["inventory", "show"]])
def test_given_help_then_there_is_an_example(words: list[str]) -> None:
    result = noc(*words, "--help")
    assert result.exit_code == 0 and "Example" in result.output


def test_given_no_home_named_then_import_writes_beside_the_configuration_in_use(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text(f"{HEADER}\na,A,lga,Dodoma,a-r1,10.0.0.1,,x,2c\n")
    config = tmp_path / "net" / "noc.toml"
    assert noc("-c", config, "inventory", "import", tmp_path / "d.csv").exit_code == 0
    assert noc("-c", config, "check").exit_code == 0
    assert "a-r1" in (tmp_path / "net" / "inventory" / "devices.yaml").read_text()
