"""Secrets of channels: sections of texts, read as strictly as all others, and never by another channel."""

from pathlib import Path

import pytest

from inventory.secrets import Secrets, SecretsError, read_secrets, with_secrets

TEXT = """[mail]
user = "noc@example.go.tz"
password = "user = 'not a table'"
[mgov]
key = "k1"
[webhook]
key = "k2"
[apprise]
urls = ["tgram://a/b", "slack://c"]
"""


def written(path: Path, text: str) -> Path:
    path.write_text(text)
    path.chmod(0o600)
    return path


def revealed(secrets: Secrets, kind: str, name: str) -> str | None:
    found = secrets.word(kind, name)
    return found.reveal() if found else None


def test_given_the_sections_then_each_text_is_found_under_its_own_channel(tmp_path: Path) -> None:
    secrets = read_secrets(written(tmp_path / "secrets.toml", TEXT), {})
    assert revealed(secrets, "mail", "password") == "user = 'not a table'"
    assert (revealed(secrets, "mgov", "key"), revealed(secrets, "webhook", "key")) == ("k1", "k2")
    assert revealed(secrets, "apprise", "urls") == "tgram://a/b\nslack://c"
    assert secrets.word("mail", "key") is None


def test_given_the_environment_and_systemd_then_they_come_first_and_only_by_their_full_names(tmp_path: Path) -> None:
    (tmp_path / "credentials").mkdir()
    (tmp_path / "credentials" / "mgov-key").write_text("from systemd\n")
    environment = {
        "CREDENTIALS_DIRECTORY": str(tmp_path / "credentials"),
        "NOC_SECRET_WEBHOOK_KEY": "from env",
        "NOC_SECRET_MAIL_PASSWORD": "user = broken table",
        "NOC_SECRET_KEY": "of something else",
    }
    secrets = read_secrets(written(tmp_path / "secrets.toml", TEXT), environment)
    assert revealed(secrets, "mgov", "key") == "from systemd"
    assert revealed(secrets, "webhook", "key") == "from env"
    assert revealed(secrets, "mail", "password") == "user = broken table"
    assert read_secrets(tmp_path / "none", {"NOC_SECRET_KEY": "x"}).word("mgov", "key") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[mail]\nuser = "a"\npasword = "b"\n', "2|3: [mail] has no 'pasword' (did you mean 'password'?)"),
        ("[mgov]\nkey = 5\n", "2: [mgov] key must be text in quotes"),
        ('[mgov]\nkey = ""\n', "2: [mgov] key must be text in quotes"),
        ('[webhook]\nkey = "a\\nb"\n', "2: [webhook] key must be text in quotes"),
        ('[apprise]\nurls = "json://x"\n', "2: [apprise] urls must be a list"),
        ('[apprise]\nurls = ["json://x", 3]\n', "2: [apprise] urls must be text"),
        ('[mgow]\nkey = "a"\n', "1: unknown section [mgow] (did you mean 'mgov'?)"),
        ('[mail]\nuser = {name = "x"}\n', "2: [mail] user must be text in quotes"),
    ],
)
def test_given_a_mistake_then_its_line_is_named_and_no_value(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SecretsError) as raised:
        read_secrets(written(tmp_path / "secrets.toml", text), {})
    [mistake] = raised.value.mistakes
    lines, _, words = said.partition(": ")
    assert str(mistake.line) in lines.split("|") and words in str(mistake)
    assert "json://" not in str(mistake)


def test_given_a_file_with_channels_then_adding_a_device_keeps_them(tmp_path: Path) -> None:
    from inventory.secret import Secret

    text = with_secrets(TEXT, {"edge": Secret("public")})
    secrets = read_secrets(written(tmp_path / "secrets.toml", text), {})
    assert revealed(secrets, "mgov", "key") == "k1" and secrets.find("edge")
