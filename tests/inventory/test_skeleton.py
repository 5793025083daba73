"""`noc init` gives something that works as it stands and never writes over what is there."""

import tomllib
from pathlib import Path

import pytest

from inventory.reading import check, load
from inventory.sample_credentials import USER
from inventory.sample_network import generate
from inventory.secrets import missing_secrets, read_secrets
from inventory.skeleton import AlreadyThereError, write_sample, write_skeleton
from noc.checking import check as look


def test_given_a_fresh_skeleton_then_it_is_sound_without_a_warning(tmp_path: Path) -> None:
    written = write_skeleton(tmp_path / "net")
    inventory, mistakes, warnings = check(tmp_path / "net" / "inventory")
    assert inventory is not None and not mistakes and not warnings
    assert all(path.exists() for path in written)
    assert (len(inventory.devices), len(inventory.links), len(inventory.circuits)) == (2, 1, 1)
    assert len(inventory.providers) == len(inventory.contacts) == len(list(inventory.members())) == 1
    assert not missing_secrets(inventory, read_secrets(tmp_path / "net" / "secrets.toml", {}))


def test_given_a_skeleton_then_every_file_is_commented_and_secrets_are_private(tmp_path: Path) -> None:
    write_skeleton(tmp_path)
    for path in [tmp_path / "noc.toml", *(tmp_path / "inventory").iterdir()]:
        assert path.read_text().startswith("# ")
    assert (tmp_path / "secrets.toml").stat().st_mode & 0o777 == 0o600
    assert "secrets.toml" in (tmp_path / ".gitignore").read_text()
    poller = tomllib.loads((tmp_path / "noc.toml").read_text())["poller"]
    assert set(poller.values()) <= set(load(tmp_path / "inventory").devices)


@pytest.mark.parametrize("name", ["noc.toml", "secrets.toml", "inventory/mine.yaml"])
@pytest.mark.parametrize("write", [write_skeleton, write_sample])
def test_given_any_file_that_is_there_then_nothing_is_written_and_it_is_named(
    tmp_path: Path, name: str, write: type
) -> None:
    (tmp_path / "inventory").mkdir()
    (tmp_path / name).write_text("mine")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(AlreadyThereError, match=name.rpartition("/")[2]):
        write(tmp_path)
    assert sorted(tmp_path.rglob("*")) == before
    assert (tmp_path / name).read_text() == "mine"


def test_given_the_sample_then_it_is_the_sample_network(tmp_path: Path) -> None:
    write_sample(tmp_path, sites=7, one_address=True)
    assert load(tmp_path / "inventory") == generate(7, one_address=True)


def test_given_the_sample_then_its_secrets_are_private_and_all_is_sound_without_a_warning(tmp_path: Path) -> None:
    write_sample(tmp_path, sites=40)
    assert (tmp_path / "secrets.toml").stat().st_mode & 0o777 == 0o600
    checked = look(tmp_path / "noc.toml")
    assert checked.secrets is not None and not checked.mistakes and not checked.warnings
    assert checked.secrets.user("routers") == USER
    spoken = {device.snmp.version for device in generate(40).devices.values()}
    assert spoken == {"2c", "3"} and generate(40).devices["noc-sw-1"].snmp.version == "2c"


def test_given_two_skeletons_then_their_passwords_differ_and_are_long_enough(tmp_path: Path) -> None:
    users = []
    for name in ("a", "b"):
        write_skeleton(tmp_path / name)
        users.append(read_secrets(tmp_path / name / "secrets.toml", {}).user("routers"))
    assert users[0] is not None and users[0].level == "authPriv"
    assert users[0] != users[1]
