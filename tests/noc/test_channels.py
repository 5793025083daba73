"""Which channels the settings make, and what `noc check` says of those that cannot work."""

from pathlib import Path
from typing import Any

import pytest

from inventory.secret import Secret
from inventory.secrets import Secrets
from noc.channels import apprise_urls, build_channels, check_channels
from noc.config import Config

pytestmark = pytest.mark.filterwarnings("ignore:.*imghdr.*:DeprecationWarning")  # apprise imports it
POLLER = {"attached_to": "a", "gateway": "a"}
KEYS = {
    ("mgov", "key"): Secret("k1"),
    ("webhook", "key"): Secret("k2"),
    ("mail", "user"): Secret("noc"),
    ("mail", "password"): Secret("p"),
    ("apprise", "urls"): Secret("json://127.0.0.1/\nxml://127.0.0.1/"),
}
FULL: dict[str, Any] = {
    "mail": {"host": "mail.example.go.tz", "sender": "noc@example.go.tz"},
    "sms": {"gateway": "https://mgov.example/send-sms", "service": "106", "system": "noc", "dry_run": False},
    "modem": {"device": "/dev/ttyUSB0"},
    "webhook": {"url": "https://esb.example.go.tz/noc"},
    "replies": {"listen": "127.0.0.1:8080", "allow": ["127.0.0.1"]},
}


def config(**sections: Any) -> Config:
    return Config.model_validate({"poller": POLLER, **sections})


def built(settings: Config, secrets: Secrets) -> list[str]:
    return list(build_channels(settings, secrets, lambda: 0.0))


def warnings(settings: Config, secrets: Secrets) -> list[str]:
    return [one.message for one in check_channels(settings, secrets)]


def test_given_nothing_configured_then_there_are_no_channels_and_no_warnings() -> None:
    assert built(config(), Secrets({})) == [] and warnings(config(), Secrets({})) == []


def test_given_everything_configured_then_all_channels_are_there_and_nothing_is_wrong() -> None:
    assert built(config(**FULL), Secrets(KEYS)) == ["sms", "modem", "mail", "webhook", "apprise"]
    assert warnings(config(**FULL), Secrets(KEYS)) == []
    assert len(apprise_urls(Secrets(KEYS))) == 2


def test_given_channels_without_their_secrets_then_they_are_not_made_and_check_says_so() -> None:
    assert built(config(**FULL), Secrets({})) == ["modem", "mail"]
    said = warnings(config(**FULL), Secrets({}))
    assert any("[sms]" in one and "no key" in one for one in said)
    assert any("[webhook]" in one and "no key" in one for one in said)


def test_given_a_dry_run_then_no_key_is_needed_and_check_reminds_of_it() -> None:
    sms = FULL["sms"] | {"dry_run": True, "gateway": "https://mgov.test/send-sms"}
    assert "sms" in built(config(sms=sms), Secrets({}))
    assert any("dry_run" in one for one in warnings(config(sms=sms), Secrets(KEYS)))
    rehearsal = sms | {"gateway": "https://mgov.example/send-sms"}
    assert not any("sms" in one for one in warnings(config(sms=rehearsal), Secrets({})))


@pytest.mark.parametrize(
    ("section", "changed", "word"),
    [
        ("sms", {"gateway": "http://mgov.example/"}, "not https"),
        ("sms", {"service": ""}, "registered"),
        ("mail", {"security": "none"}, "everybody"),
        ("mail", {"sender": "noc"}, "no mail address"),
        ("webhook", {"url": "http://esb.example.go.tz/"}, "not https"),
        ("webhook", {"url": "esb"}, "no http address"),
        ("replies", {"allow": []}, "every reply is refused"),
        ("sms", {"sender": "EGA"}, "nobody can reply"),
    ],
)
def test_given_a_setting_that_cannot_work_then_check_says_what(section: str, changed: Any, word: str) -> None:
    settings = config(**(FULL | {section: FULL[section] | changed}))
    assert any(word in one for one in warnings(settings, Secrets(KEYS)))


def test_given_a_password_alone_then_check_says_so_and_never_shows_it(tmp_path: Path) -> None:
    half = {key: value for key, value in KEYS.items() if key != ("mail", "user")}
    said = warnings(config(**FULL), Secrets(half))
    assert any("not both" in one for one in said)
    assert not any(value.reveal() in one for one in said for value in KEYS.values() if len(value.reveal()) > 1)


def test_given_a_chat_address_that_is_none_then_check_names_its_place_alone() -> None:
    keys = KEYS | {("apprise", "urls"): Secret("json://127.0.0.1/\nnonsense://hidden")}
    said = warnings(config(**FULL), Secrets(keys))
    assert any("no. 2" in one for one in said) and not any("hidden" in one for one in said)


def test_given_replies_from_no_address_then_the_configuration_is_refused() -> None:
    with pytest.raises(ValueError, match="no address or network"):
        config(replies={"allow": ["everybody"]})
