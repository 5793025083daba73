"""`noc ssh keys`, and one login from the command line."""

import asyncio
import json
from dataclasses import asdict
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from collectors.contract import HostKeyChanged
from collectors.ssh.host_keys import HostKey, HostKeys, host_name
from inventory.secrets import Secrets
from noc.cli.main import main
from noc.shell_asking import ask_shell, told_lines
from tests.collectors.ssh.sshd import needs_sshd, running

INVENTORY = """
regions: {Dodoma: {name: Dodoma}}
sites: {s: {name: Somewhere, kind: core, region: Dodoma}}
devices:
  core-1: {site: s, address: 10.0.0.1, ssh: {platform: cisco_ios}}
  cpe-1: {site: s, address: 10.0.0.2}
"""
OLD, NEW = HostKey("10.0.0.1", "ssh-ed25519", b"old"), HostKey("10.0.0.1", "ssh-ed25519", b"new")


def home(directory: Path, *, changed: bool) -> Path:
    """A configuration, and what logins left in its data directory."""
    (directory / "inventory").mkdir()
    (directory / "inventory" / "all.yaml").write_text(INVENTORY)
    configuration = directory / "noc.toml"
    configuration.write_text('[poller]\nattached_to = "core-1"\ngateway = "core-1"\n')
    keys = HostKeys(directory / "data" / "ssh")
    keys.verify(OLD)
    if changed:
        with pytest.raises(HostKeyChanged):
            keys.verify(NEW)
    return configuration


def run(configuration: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["-c", str(configuration), "ssh", "keys", *words])


def test_given_keys_as_they_were_then_they_are_listed(tmp_path: Path) -> None:
    result = run(home(tmp_path, changed=False), "list")
    assert (result.exit_code, result.output.split()[:2]) == (0, ["core-1", "trusted"])
    assert OLD.fingerprint in result.output
    assert max(map(len, result.output.splitlines())) <= 80


def test_given_a_changed_key_then_it_is_wrong_until_it_is_accepted(tmp_path: Path) -> None:
    configuration = home(tmp_path, changed=True)
    listed = run(configuration, "list", "--json")
    states = {row["state"]: row for row in json.loads(listed.output)["keys"]}
    assert (listed.exit_code, states["changed"]["fingerprint"]) == (1, NEW.fingerprint)
    assert run(configuration, "accept", "core-1", "--fingerprint", OLD.fingerprint).exit_code == 2
    accepted = run(configuration, "accept", "core-1", "--fingerprint", NEW.fingerprint)
    assert (accepted.exit_code, NEW.fingerprint in accepted.output) == (0, True)
    HostKeys(tmp_path / "data" / "ssh").verify(NEW)
    assert "no key has changed" in run(configuration, "list", "--changed").output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("accept", "core-2"), "core-1"),  # a hint
        (("accept", "cpe-1"), "has no ssh"),
        (("accept", "core-1"), "no changed key"),
    ],
)
def test_given_bad_input_then_a_line_says_what_to_mend(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    result = run(home(tmp_path, changed=False), *words)
    assert (result.exit_code, said in result.output) == (2, True)


@pytest.mark.openssh
@needs_sshd
def test_given_a_router_then_one_login_tells_all_it_knows(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        routes = '{"routes": [], "routesTotal": 89}'
        version = "FRRouting 8.4.4 (dar) on Linux(6.1).\n"
        server.say(outputs={"show version": version, "show ip route summary json": routes})
        secrets = Secrets({("ssh", "default"): server.login})
        told = asyncio.run(ask_shell(server.device("frr"), secrets, tmp_path / "data"))
        assert (told.figures["routes"], told.facts["version"]) == ({"ipv4": {"routes": 89.0}}, "8.4.4")
        assert "not found" not in told.failure
        assert json.dumps(asdict(told))
        assert any("routes 89" in line for line in told_lines(told))
        host = host_name("127.0.0.1", server.port)
        assert HostKeys(tmp_path / "data" / "ssh").kinds(host) == ("ssh-ed25519",)


def test_given_nobody_at_home_then_it_says_why(tmp_path: Path) -> None:
    from inventory.model import Device, Ssh

    device = Device("core-1", "s", "127.0.0.1", ssh=Ssh("frr"))
    told = asyncio.run(ask_shell(device, Secrets({}), tmp_path))
    assert told_lines(told)[-1].strip().startswith("credentials refused: there is no login 'default'")
