"""Secrets: found by name, kept out of sight, refused when others may read them."""

import json
import logging
import pickle
import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.credentials import AUTHS, PRIVS, Login, SnmpUser
from inventory.model import Device, Inventory, Name, Site, Snmp, Ssh
from inventory.secret import Secret
from inventory.secret_tables import KEYS, algorithm
from inventory.secrets import (
    Secrets,
    SecretsError,
    credentials_of,
    known_of,
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


def test_given_traps_of_another_credential_then_it_is_missed_only_where_it_is_neither_community_nor_user(
    tmp_path: Path,
) -> None:
    secrets = read_secrets(secrets_file(tmp_path, USERS), {})
    for traps, missed in (("default", ()), ("old.ones", ()), ("other", ("other",)), ("", ())):
        device = Device("a", "s", "10.0.0.1", snmp=Snmp("3", "routers", traps=traps))
        inventory = Inventory({"R": Name("R")}, sites={"s": Site("s", Name("S"), "noc", "R")}, devices={"a": device})
        assert missing_secrets(inventory, secrets) == missed


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


USERS = """
[snmp]
default = "very-secret-community"
[snmp.routers]
user = "noc"
auth = "sha256"
auth_password = "very-secret-auth"
priv = "aes"
priv_password = "very-secret-priv"
[snmp."old.ones"]
user = "reader"
[ssh.default]
user = "noc"
password = "very-secret-login"
enable = "very-secret-enable"
"""
ROUTERS = SnmpUser("noc", "SHA-256", Secret("very-secret-auth"), "AES-128", Secret("very-secret-priv"))


def test_given_tables_then_users_and_logins_are_found_beside_communities(tmp_path: Path) -> None:
    secrets = read_secrets(secrets_file(tmp_path, USERS), {})
    assert secrets.user("routers") == ROUTERS and ROUTERS.level == "authPriv"
    assert secrets.user("old.ones") == SnmpUser("reader")
    assert secrets.login("default") == Login("noc", Secret("very-secret-login"), enable=Secret("very-secret-enable"))
    assert secrets.find("default") == Secret(VALUE)
    assert [secrets.find("routers"), secrets.user("default"), secrets.login("routers")] == [None] * 3
    assert secrets.names() == ("default", "routers", "old.ones") and secrets.names("ssh") == ("default",)
    assert "very-secret" not in repr((secrets, secrets.user("routers"), secrets.login("default")))


@pytest.mark.parametrize(
    ("written", "name"),
    [("SHA", "SHA-1"), ("SHA1", "SHA-1"), ("SHA-1", "SHA-1"), ("sha256", "SHA-256"), ("SHA2-512", "SHA-512"), ("md5", "MD5"),
     ("HMAC-SHA-224", "SHA-224")]
)  # fmt: skip
def test_given_a_usual_spelling_then_authentication_is_named_as_rfcs_do(written: str, name: str) -> None:
    assert algorithm(written, AUTHS) == name


@pytest.mark.parametrize(
    ("written", "name"),
    [("AES", "AES-128"), ("AES128", "AES-128"), ("aes-cfb-128", "AES-128"), ("AES-256-C", "AES-256-C"), ("AES256C", "AES-256-C"),
     ("aes 192 cisco", "AES-192-C"), ("AES192", "AES-192"), ("DES", "DES"), ("sha", None), ("3DES", None)]
)  # fmt: skip
def test_given_a_usual_spelling_then_privacy_is_named_as_rfcs_do(written: str, name: str | None) -> None:
    assert algorithm(written, PRIVS) == name


@pytest.mark.parametrize(
    ("lines", "line", "message", "hint"),
    [
        ("usr = 'very-secret'\nuser = 'u'", 2, "unknown key 'usr'", "did you mean 'user'?"),
        ("auth = 'MD5'\nauth_password = 'very-secret'", 1, "user is missing", ""),
        ("user = 'u'\npriv = 'AES'\npriv_password = 'very-secret'", 3, "priv without auth", ""),
        ("user = 'u'\nauth = 'SHA'\nauth_password = 'v-ecret'", 4, "shorter than 8 letters", ""),
        ("user = 'u'\nauth = 'SHA'", 3, "auth without auth_password", ""),
        ("user = 'u'\nauth_password = 'very-secret'", 3, "which algorithm?", ""),
        ("user = 'u'\nauth = 'very-secret'\nauth_password = 'very-secret'", 3, "auth is none of MD5, SHA-1", ""),
        ("user = 'u'\nauth = 'SHA-255'\nauth_password = 'very-secret'", 3, "auth is none of", "did you mean 'SHA-25"),
        ("user = 7", 2, "user must be text in quotes", ""),
        ("user = ''", 2, "user is empty", ""),
        (f"user = '{'u' * 33}'", 2, "longer than 32 octets", ""),
        (f"user = 'u'\ncontext = '{'c' * 256}'", 3, "longer than 255 octets", ""),
    ],
)
def test_given_a_wrong_user_then_the_mistake_has_its_line_and_no_value(
    tmp_path: Path, lines: str, line: int, message: str, hint: str
) -> None:
    with pytest.raises(SecretsError) as refused:
        read_secrets(secrets_file(tmp_path, f"[snmp.routers]\n{lines}\n"), {})
    assert any(
        one.line == line and message in one.message and one.hint.startswith(hint) and "[snmp.routers]" in one.message
        for one in refused.value.mistakes
    ), str(refused.value)
    assert "very-secret" not in str(refused.value) and "v-ecret" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[ssh.default]\nuser = 'u'\n", "neither password nor key"),
        ("[ssh.default]\nuser = 'u'\nkey = 'nowhere'\n", "file is not there"),
        ("[ssh.default]\nuser = 'u'\nkey = '.'\n", "the key is no file"),
        ("[ssh.default]\nuser = 'u'\nkey = 'a\\u0000b'\n".replace("'", '"'), "cannot be read"),
        ("[ssh.default]\nuser = 'u'\npassword = 'x'\npassphrase = 'very-secret'\n", "passphrase without key"),
        ("[ssh]\ndefault = 'very-secret'\n", "must be a table"),
        ("[snpm]\ndefault = 'very-secret'\n", "unknown section [snpm]"),
    ],
)
def test_given_a_wrong_login_or_section_then_it_is_said_without_a_value(
    tmp_path: Path, text: str, message: str
) -> None:
    with pytest.raises(SecretsError, match=re.escape(message)) as refused:
        read_secrets(secrets_file(tmp_path, text), {})
    assert "very-secret" not in str(refused.value)


def test_given_lines_as_windows_ends_them_then_mistakes_still_have_their_line(tmp_path: Path) -> None:
    path = tmp_path / "secrets.toml"
    path.write_bytes(b"[snmp]\r\nx = 'y'\r\n[snmp.a] # mine\r\nuser = 'u'\r\nnone = 'x'\r\n")
    path.chmod(0o600)
    with pytest.raises(SecretsError) as refused:
        read_secrets(path, {})
    assert [one.line for one in refused.value.mistakes] == [5]


def test_given_many_mistakes_then_all_are_named_at_once(tmp_path: Path) -> None:
    text = "[snmp.a]\nuser = 'u'\npriv = 'x'\n[snmp.b]\nnone = 'x'\n[ssh.c]\nuser = 'u'\n"
    environment = {"NOC_SECRET_D": 'user = "u"\nauth = "MD5"'}
    with pytest.raises(SecretsError) as refused:
        read_secrets(secrets_file(tmp_path, text), environment)
    words = str(refused.value)
    assert all(
        one in words for one in ("[snmp.a] priv", "[snmp.b] unknown", "[snmp.b] user", "[ssh.c]", "NOC_SECRET_D: ")
    )


def test_given_a_key_then_its_path_counts_from_the_file_and_others_may_not_read_it(tmp_path: Path) -> None:
    path = secrets_file(tmp_path, '[ssh.default]\nuser = "noc"\nkey = "keys/id"\npassphrase = "very-secret"\n')
    (tmp_path / "keys").mkdir()
    key = tmp_path / "keys" / "id"
    key.write_text("a key")
    key.chmod(0o644)
    with pytest.raises(SecretsError, match="lets others read") as refused:
        read_secrets(path, {})
    assert refused.value.mistakes[0].line == 3
    key.chmod(0o600)
    assert read_secrets(path, {}).login("default") == Login("noc", key=key, passphrase=Secret("very-secret"))


def test_given_tables_in_environment_and_systemd_then_each_serves_its_kind(tmp_path: Path) -> None:
    routers = "\n".join(USERS.splitlines()[4:9])
    (tmp_path / "snmp-core").write_text('user = "of systemd"\n')
    (tmp_path / "default").write_text("a community\n")
    environment = {
        "NOC_SECRET_ROUTERS": routers,
        "NOC_SECRET_DEFAULT": 'user = "noc"\npassword = "p"',
        "NOC_SECRET_SNMP_EDGE": 'user = "edge"',
        "CREDENTIALS_DIRECTORY": str(tmp_path),
    }
    secrets = read_secrets(tmp_path / "none.toml", environment)
    assert secrets.user("routers") == ROUTERS and secrets.find("routers") is None
    assert secrets.user("core") == SnmpUser("of systemd") and secrets.user("edge") == SnmpUser("edge")
    # one name, two kinds: what systemd holds is a community, so the environment's login is found behind it
    assert secrets.find("default") == Secret("a community") and secrets.user("default") is None
    assert secrets.login("default") == Login("noc", Secret("p"))


def test_given_a_broken_table_outside_the_file_then_it_is_never_taken_for_a_community(tmp_path: Path) -> None:
    (tmp_path / "ssh-default").write_text("user = noc\npassword = very-secret")
    with pytest.raises(SecretsError, match="ssh-default") as refused:
        read_secrets(tmp_path / "none.toml", {"CREDENTIALS_DIRECTORY": str(tmp_path)})
    assert "very-secret" not in str(refused.value)
    secrets = Secrets({}, environment={"NOC_SECRET_DEFAULT": "user = noc"})
    assert secrets.find("default") is None and secrets.user("default") is None


def test_given_users_and_logins_then_written_and_read_they_are_the_same(tmp_path: Path) -> None:
    key = tmp_path / "id"
    key.write_text("a key")
    key.chmod(0o600)
    login = Login("noc", Secret("p"), key, Secret('quo"te\\'), Secret("\x7fä😀"))
    path = tmp_path / "secrets.toml"
    write_secrets(path, {"default": "public", "routers": ROUTERS, "old.ones": SnmpUser("ü")}, logins={"default": login})
    assert path.stat().st_mode & 0o777 == 0o600
    more = with_secrets(path.read_text(), {"new": Secret("n"), "more": SnmpUser("m")})
    assert set(path.read_text().splitlines()) <= set(more.splitlines())
    path.write_text(more)
    secrets = read_secrets(path, {})
    assert [secrets.user(name) for name in ("routers", "old.ones", "more")] == [ROUTERS, SnmpUser("ü"), SnmpUser("m")]
    assert secrets.login("default") == login
    assert (secrets.find("default"), secrets.find("new")) == (Secret("public"), Secret("n"))


def test_given_only_tables_then_communities_get_a_heading_of_their_own(tmp_path: Path) -> None:
    text = with_secrets("[snmp.routers]\nuser = 'u'\n", {"default": Secret("x")})
    secrets = read_secrets(secrets_file(tmp_path, text), {})
    assert secrets.user("routers") == SnmpUser("u") and secrets.find("default") == Secret("x")


def test_given_version_3_and_ssh_then_what_is_missing_is_named_by_its_kind(tmp_path: Path) -> None:
    devices = {
        "a": Device("a", "s", "10.0.0.1", snmp=Snmp("3", "routers"), ssh=Ssh("frr")),
        "b": Device("b", "s", "10.0.0.2", snmp=Snmp("3", "default"), ssh=Ssh("frr", "other")),
        "c": Device("c", "s", "10.0.0.3", snmp=Snmp("2c", "routers")),
        "d": Device("d", "s", "10.0.0.4"),
    }
    inventory = Inventory({"R": Name("R")}, sites={"s": Site("s", Name("S"), "noc", "R")}, devices=devices)
    secrets = read_secrets(secrets_file(tmp_path, USERS), {})
    assert missing_secrets(inventory, secrets) == ("routers", "snmp.default", "ssh.other")
    assert credentials_of(inventory, "ssh") == {"default": ("a",), "other": ("b",)}
    assert known_of(devices["a"], secrets) == (ROUTERS, secrets.login("default"))
    assert known_of(devices["d"], secrets) == (Secret(VALUE), None)


NAME = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), min_size=1, max_size=8)
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), min_size=1, max_size=12)
PASSWORD = st.builds(Secret, TEXT.map(lambda text: text * 8))
USER = st.builds(SnmpUser, NAME) | st.builds(
    SnmpUser, NAME, st.sampled_from(AUTHS), PASSWORD, st.sampled_from(PRIVS), PASSWORD, st.just("") | TEXT
)
LOGIN = st.builds(Login, NAME, PASSWORD, enable=st.none() | PASSWORD)


@settings(deadline=None, max_examples=60)
@given(st.dictionaries(NAME, st.builds(Secret, TEXT) | USER, max_size=4), st.dictionaries(NAME, LOGIN, max_size=3))
def test_given_any_secrets_then_written_and_read_they_are_the_same(
    entries: dict[str, Secret | SnmpUser], logins: dict[str, Login]
) -> None:
    with tempfile.TemporaryDirectory() as made:
        path = secrets_file(Path(made), with_secrets(with_secrets("", entries), logins, "ssh"))
        secrets = read_secrets(path, {})
    assert {name: secrets.find(name) or secrets.user(name) for name in secrets.names()} == entries
    assert {name: secrets.login(name) for name in secrets.names("ssh")} == logins


KEY = st.sampled_from([*KEYS["snmp"], *KEYS["ssh"], "usr", "pasword"])
VALUE_OR_NOT = st.sampled_from(['"very-secret-7"', '"v-secret"', "7", "[]", '""', '"SHA"', '"aes"', "very-secret-7"])
LINES = st.dictionaries(KEY, VALUE_OR_NOT, max_size=6).map(lambda said: [f"{key} = {v}" for key, v in said.items()])


@settings(deadline=None, max_examples=200)
@given(
    st.lists(st.tuples(st.sampled_from(["[snmp.a]", "[ssh.b]", "[snmp]", "[sms]", "[[snmp.c]]"]), LINES), max_size=3)
)
def test_given_any_mixture_then_it_is_read_or_refused_without_a_value(parts: list[tuple[str, list[str]]]) -> None:
    text = "\n".join(line for heading, lines in parts for line in (heading, *lines))
    environment = {f"NOC_SECRET_X{number}": "\n".join(lines) for number, (_, lines) in enumerate(parts)}
    with tempfile.TemporaryDirectory() as made:
        try:
            read_secrets(secrets_file(Path(made), text), environment)
        except SecretsError as error:
            assert "secret-7" not in str(error) and "v-secret" not in str(error)
