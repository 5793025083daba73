"""Secrets: found by name, kept out of sight, refused when others may read them."""

import json
import logging
import pickle
from pathlib import Path

import pytest

from inventory.model import Device, Inventory, Name, Site, Snmp
from inventory.secret import Secret
from inventory.secrets import (
    SecretsError,
    credentials_of,
    missing_secrets,
    read_secrets,
    with_secrets,
    write_secrets,
)

VALUE = "very-secret-community"


def secrets_file(directory: Path, text: str, mode: int = 0o600) -> Path:
    path = directory / "secrets.toml"
    path.write_text(text)
    path.chmod(mode)
    return path


def test_given_a_secret_then_it_shows_itself_nowhere_but_on_demand(caplog: pytest.LogCaptureFixture) -> None:
    secret = Secret(VALUE)
    logging.getLogger("noc").warning("asking with %s %r", secret, secret)
    shown = [
        repr(secret),
        str(secret),
        f"{secret:>5}",
        repr({"x": secret}),
        json.dumps(secret, default=str),
        caplog.text,
    ]
    assert not any(VALUE in one for one in shown)
    with pytest.raises(TypeError):
        json.dumps(secret)
    with pytest.raises(TypeError):
        pickle.dumps(secret)
    assert secret.reveal() == VALUE
    assert secret == Secret(VALUE) and secret != Secret("other")
    assert not hasattr(secret, "__dict__")


def test_given_a_0600_file_then_its_names_are_found(tmp_path: Path) -> None:
    secrets = read_secrets(secrets_file(tmp_path, f'[snmp]\ndefault = "{VALUE}"\n[sms]\ndefault = "other"\n'), {})
    found = secrets.find("default")
    assert found is not None and found.reveal() == VALUE
    assert secrets.names() == ("default",)
    assert secrets.find("nobody") is None
    assert VALUE not in repr(secrets)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660, 0o601])
def test_given_a_file_that_others_may_read_then_it_is_refused_and_says_how_to_mend_it(
    tmp_path: Path, mode: int
) -> None:
    path = secrets_file(tmp_path, f'[snmp]\ndefault = "{VALUE}"\n', mode)
    with pytest.raises(SecretsError) as refused:
        read_secrets(path, {})
    (mistake,) = refused.value.mistakes
    assert f"mode {mode:04o}" in mistake.message and mistake.hint == f"chmod 600 {path}"


@pytest.mark.parametrize(
    "text", [f'[snmp]\ndefault = "{VALUE}', f"[snmp]\n{VALUE} {VALUE}", f'default = "{VALUE}"', "[snmp]\ndefault = 7",
             '[snmp]\ndefault = ""', f'[snmp]\ndefault = ["{VALUE}"]']
)  # fmt: skip
def test_given_a_broken_file_then_it_is_refused_without_showing_its_contents(tmp_path: Path, text: str) -> None:
    with pytest.raises(SecretsError) as refused:
        read_secrets(secrets_file(tmp_path, text), {})
    assert VALUE not in str(refused.value)


def test_given_no_file_then_environment_and_systemd_still_serve(tmp_path: Path) -> None:
    (tmp_path / "default").write_text("from systemd\n")
    environment = {"NOC_SECRET_CORE_2": "from environment", "CREDENTIALS_DIRECTORY": str(tmp_path), "PATH": "/bin"}
    secrets = read_secrets(tmp_path / "none.toml", environment)
    assert [secrets.find(name) for name in ("core-2", "default", "path", "../default")] == [
        Secret("from environment"),
        Secret("from systemd"),
        None,
        None,
    ]


def test_given_one_name_in_all_sources_then_systemd_wins_over_environment_over_file(tmp_path: Path) -> None:
    path = secrets_file(tmp_path, '[snmp]\ndefault = "file"\n')
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    environment = {"NOC_SECRET_DEFAULT": "environment", "CREDENTIALS_DIRECTORY": str(credentials)}
    assert read_secrets(path, {}).find("default") == Secret("file")
    assert read_secrets(path, environment).find("default") == Secret("environment")
    (credentials / "default").write_text("systemd")
    assert read_secrets(path, environment).find("default") == Secret("systemd")
    (credentials / "snmp-default").write_text("of its kind")
    assert read_secrets(path, environment).find("default") == Secret("of its kind")
    assert read_secrets(path, environment).find("default", "sms") == Secret("systemd")


def test_given_new_secrets_then_the_file_is_written_0600_and_never_over_another(tmp_path: Path) -> None:
    path = tmp_path / "secrets.toml"
    write_secrets(path, {"default": 'quo"te\\', "core.1": "ü"})
    assert path.stat().st_mode & 0o777 == 0o600
    secrets = read_secrets(path, {})
    assert (secrets.find("default"), secrets.find("core.1")) == (Secret('quo"te\\'), Secret("ü"))
    with pytest.raises(FileExistsError):
        write_secrets(path, {})


@pytest.mark.parametrize("text", ["", "# mine\n[sms]\nkey = 'x'\n", "[snmp] # here\nold = 'o'\n\n[sms]\nkey = 'x'\n"])
def test_given_a_secrets_file_then_more_names_go_into_their_section_and_the_rest_stays(
    tmp_path: Path, text: str
) -> None:
    more = with_secrets(text, {"new": Secret("n")})
    secrets = read_secrets(secrets_file(tmp_path, more), {})
    assert secrets.find("new") == Secret("n")
    assert set(text.splitlines()) <= set(more.splitlines())
    assert (secrets.find("key", "sms") is None) == ("key" not in text)


def test_given_devices_then_credentials_without_a_secret_are_named(tmp_path: Path) -> None:
    devices = {
        key: Device(key, "s", f"10.0.0.{number}", snmp=Snmp(credential=name))
        for number, (key, name) in enumerate({"a": "default", "b": "default", "c": "core"}.items())
    }
    inventory = Inventory({"R": Name("R")}, sites={"s": Site("s", Name("S"), "noc", "R")}, devices=devices)
    assert credentials_of(inventory) == {"default": ("a", "b"), "core": ("c",)}
    path = secrets_file(tmp_path, '[snmp]\ndefault = "x"\n')
    assert missing_secrets(inventory, read_secrets(path, {})) == ("core",)
