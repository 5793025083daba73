"""`noc check` says which credentials do not fit their devices or protect nothing: once each, and never a value."""

from pathlib import Path

from click.testing import CliRunner

from inventory.credentials import Login, SnmpUser
from inventory.model import Device, Inventory, Name, Site, Snmp, Ssh
from inventory.sample_credentials import sample_secrets
from inventory.sample_network import generate
from inventory.secret import Secret
from inventory.secrets import Entry, Secrets, with_secrets
from inventory.skeleton import write_skeleton
from inventory.weakness import weaknesses
from noc.cli.main import main

A, B = Secret("very-secret-auth"), Secret("very-secret-priv")
STRONG = SnmpUser("noc", "SHA-256", A, "AES-128", B)


def network(*ways: Snmp, ssh: Ssh | None = None, net: str = "10.0.0") -> Inventory:
    devices = {
        f"d{number}": Device(f"d{number}", "s", f"{net}.{number}", snmp=way, ssh=ssh)
        for number, way in enumerate(ways, 1)
    }
    return Inventory({"R": Name("R")}, sites={"s": Site("s", Name("S"), "noc", "R")}, devices=devices)


def said(inventory: Inventory, **entries: str | Entry) -> list[str]:
    values = {("ssh" if isinstance(one, Login) else "snmp", name): one for name, one in entries.items()}
    found = list(weaknesses(inventory, Secrets(values)))
    assert "very-secret" not in str(found)
    return [one.message for one in found]


def test_given_a_strong_user_and_a_community_of_ones_own_then_nothing_is_said() -> None:
    assert said(network(Snmp("3", "a"), Snmp("2c", "b")), a=STRONG, b="very-secret-community") == []


def test_given_des_then_it_is_called_insecure_with_credential_and_devices() -> None:
    (one,) = said(network(*[Snmp("3", "old")] * 5), old=SnmpUser("noc", "SHA-1", A, "DES", B))
    assert one == "credential 'old' encrypts with DES, which is insecure, for 5 devices (d1, d2, d3 ...)"


def test_given_md5_or_no_authentication_then_each_is_said_once() -> None:
    inventory = network(Snmp("3", "five"), Snmp("3", "open"), Snmp("3", "open"))
    messages = said(inventory, five=SnmpUser("noc", "MD5", A, "AES-128", B), open=SnmpUser("noc"))
    assert ["MD5" in one for one in messages] == [True, False]
    assert "'open' neither authenticates nor encrypts" in messages[1] and "2 devices (d2, d3)" in messages[1]


def test_given_communities_that_everybody_tries_then_one_line_says_it_for_all() -> None:
    inventory = network(Snmp("2c", "a"), Snmp("1", "b"), Snmp("2c", "c"))
    (one,) = said(inventory, a="public", b="Private", c="very-secret-community")
    assert "'a' and 'b'" in one and "2 devices (d1, d2)" in one and "public" not in one


def test_given_what_never_leaves_this_machine_then_its_strength_is_nobodys_business() -> None:
    assert said(network(Snmp("2c", "a"), Snmp("3", "b"), net="127.0.0"), a="public", b=SnmpUser("noc")) == []
    assert not list(weaknesses(generate(), sample_secrets()))


def test_given_a_community_where_a_user_is_needed_then_it_is_said_and_the_other_way_round() -> None:
    first, second = said(network(Snmp("3", "a"), Snmp("2c", "b")), a="very-secret-community", b=STRONG)
    assert "'a' is a community, but SNMPv3 needs a user: device d1" in first
    assert "'b' is an SNMPv3 user, but without version: 3 a community is needed: device d2" in second


def test_given_what_no_source_knows_then_each_is_named_with_the_nearest_name() -> None:
    inventory = network(Snmp("3", "routres"), Snmp("2c", "old"), ssh=Ssh("frr", "defualt"))
    values: dict[tuple[str, str], str | Entry] = {("snmp", "routers"): STRONG, ("ssh", "default"): Login("noc", A)}
    found = list(weaknesses(inventory, Secrets(values)))
    assert [one.secret for one in found] == ["snmp.routres", "old", "ssh.defualt"]
    assert [one.hint for one in found] == ["did you mean 'routers'?", "", "did you mean 'default'?"]


def test_given_weak_credentials_then_check_warns_and_is_still_green(tmp_path: Path) -> None:
    home = tmp_path / "net"
    write_skeleton(home)
    weak = with_secrets("", {"routers": SnmpUser("noc", "MD5", A, "DES", B)})
    (home / "secrets.toml").write_text(weak)
    result = CliRunner().invoke(main, ["-c", str(home / "noc.toml"), "check"])
    assert result.exit_code == 0
    assert result.output.count("warning:") == 2 and "DES" in result.output and "MD5" in result.output
    assert "very-secret" not in result.output


def test_given_wrong_secrets_then_check_names_all_with_their_lines_and_ends_with_2(tmp_path: Path) -> None:
    home = tmp_path / "net"
    write_skeleton(home)
    (home / "secrets.toml").write_text(
        '[snmp.routers]\nuser = "noc"\nauth = "SHA-256"\nauth_password = "short-1"\npriv_pasword = "very-secret"\n'
    )
    result = CliRunner().invoke(main, ["-c", str(home / "noc.toml"), "check"])
    assert result.exit_code == 2
    for place in ("secrets.toml:4:", "secrets.toml:5:", "did you mean 'priv_password'?", "2 mistakes."):
        assert place in result.output
    assert "short-1" not in result.output and "very-secret" not in result.output
