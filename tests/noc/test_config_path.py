from pathlib import Path

import pytest

from noc.config_path import NoConfigError, data_dir, find_config


def configuration(path: Path, text: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_given_an_option_then_it_wins_over_all_else(tmp_path: Path) -> None:
    given, named = configuration(tmp_path / "a.toml"), configuration(tmp_path / "b.toml")
    configuration(tmp_path / "noc.toml")
    assert find_config(given, {"NOC_CONFIG": str(named)}, tmp_path) == given
    assert find_config(None, {"NOC_CONFIG": str(named)}, tmp_path) == named
    assert find_config(None, {}, tmp_path) == tmp_path / "noc.toml"


def test_given_a_named_file_that_is_not_there_then_it_is_an_error(tmp_path: Path) -> None:
    configuration(tmp_path / "noc.toml")
    with pytest.raises(NoConfigError, match="no such file"):
        find_config(tmp_path / "other.toml", {}, tmp_path)


def test_given_no_configuration_then_it_says_where_it_looked(tmp_path: Path) -> None:
    if Path("/etc/govnet-noc/noc.toml").is_file():
        pytest.skip("this machine has a system-wide configuration")
    with pytest.raises(NoConfigError, match="noc init DIR"):
        find_config(None, {}, tmp_path)


def test_given_a_configuration_then_its_data_is_beside_it_or_where_it_says(tmp_path: Path) -> None:
    assert data_dir(configuration(tmp_path / "noc.toml")) == tmp_path / "data"
    assert data_dir(configuration(tmp_path / "x.toml", '[data]\ndir = "kept"\n')) == tmp_path / "kept"
    assert data_dir(configuration(tmp_path / "y.toml", '[data]\ndir = "/var/lib/noc"\n')) == Path("/var/lib/noc")


def test_given_a_configuration_that_is_no_toml_then_it_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoConfigError, match=r"noc\.toml"):
        data_dir(configuration(tmp_path / "noc.toml", "[data\n"))


def test_given_the_whole_configuration_then_both_readings_agree(tmp_path: Path) -> None:
    from noc.config import load

    text = '[poller]\nattached_to = "r"\ngateway = "r"\n[data]\ndir = "kept"\n'
    path = configuration(tmp_path / "noc.toml", text)
    assert load(path).data.dir == data_dir(path)
