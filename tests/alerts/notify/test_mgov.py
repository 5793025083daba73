"""SMS through mGov, against a gateway that is as strict as the real one."""

import asyncio
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alerts.notification import NotifyError, Refused, Unsure
from alerts.notify.http import Answer, Post
from alerts.notify.mgov import CRITICAL_LIMIT_S, LIMIT_S, Account, Mgov, judge, local_time, signature
from inventory.secret import Secret
from tests.alerts.notify.certificates import certificate
from tests.alerts.notify.gateway import KEY, Gateway, running
from tests.alerts.notify.samples import NOW, message

PLAIN = Post()
VERSIONS = ("v1", "v2")


@pytest.fixture(params=VERSIONS)
def gateway(request: pytest.FixtureRequest) -> Iterator[Gateway]:
    with running(request.param) as started:
        started.system = "noc@example.go.tz"
        yield started


def sms(
    gateway: Gateway, *, url: str = "", dry_run: bool = False, allow_http: bool = True, post: object = None
) -> Mgov:
    version = "v1" if gateway.version == "v1" else "v2"
    account = Account(url or gateway.url, version, "15200", "106", "noc@example.go.tz")
    return Mgov(
        account,
        Secret(KEY),
        clock=lambda: NOW,
        post=post or PLAIN,  # type: ignore[arg-type]
        dry_run=dry_run,
        allow_http=allow_http,
    )


def send(channel: Mgov, address: str = "+255 712 345 678", **changed: object) -> object:
    return asyncio.run(channel.send(message(**changed), address))


def test_given_a_message_then_the_gateway_takes_it_signed_and_in_local_time(gateway: Gateway) -> None:
    send(sms(gateway))
    [taken] = gateway.taken
    assert (taken["recipients"], taken["message"]) == ("255712345678", message().short)
    assert taken["datetime"] == "2026-09-21 17:13:20"
    assert gateway.complaints == []


def test_given_a_retry_then_its_message_id_is_the_same() -> None:
    with running("v2") as gateway:
        channel = sms(gateway)
        gateway.behave = "500"
        with pytest.raises(NotifyError):
            send(channel)
        gateway.behave = "accept"
        send(channel, tries=2)
        assert [one["messageId"] for one in gateway.taken] == [message().key]


@pytest.mark.parametrize(
    ("behave", "error"),
    [
        ("refuse", NotifyError),
        ("refuse400", Refused),
        ("500", NotifyError),
        ("302", NotifyError),
        ("garbage", Unsure),
        ("huge", Unsure),
        ("close", Unsure),
    ],
)
def test_given_a_gateway_that_fails_then_the_error_fits_and_holds_no_secret(
    gateway: Gateway, behave: str, error: type[NotifyError], caplog: pytest.LogCaptureFixture
) -> None:
    gateway.behave = behave
    caplog.set_level(logging.DEBUG)
    with pytest.raises(error) as raised:
        send(sms(gateway))
    assert type(raised.value) is error
    assert gateway.asked == 1, "a redirect is not followed and nothing is sent twice"
    assert KEY not in str(raised.value) + caplog.text
    assert "712345678" not in str(raised.value) + caplog.text


def test_given_a_gateway_that_hangs_then_it_is_in_doubt_when_the_time_is_up(gateway: Gateway) -> None:
    class Short(Post):
        async def __call__(self, *args: object, limit_s: float = 0.0, **more: object) -> Answer:  # type: ignore[override]
            assert limit_s == CRITICAL_LIMIT_S
            return await super().__call__(*args, limit_s=0.3, **more)  # type: ignore[arg-type]

    gateway.behave = "hang"
    with pytest.raises(Unsure):
        send(sms(gateway, post=Short()))


def test_given_the_severity_then_a_critical_message_waits_half_as_long() -> None:
    limits = []

    async def post(url: str, body: bytes, headers: object, *, limit_s: float) -> Answer:
        limits.append(limit_s)
        return Answer(200, b'{"success": true, "statusCode": 200}')

    for severity in ("critical", "major"):
        send(sms(Gateway("v2"), url="https://127.0.0.1/", post=post), severity=severity)
    assert limits == [CRITICAL_LIMIT_S, LIMIT_S] == [10.0, 20.0]


def test_given_no_gateway_at_all_then_it_surely_did_not_go_out() -> None:
    with pytest.raises(NotifyError) as raised:
        send(sms(Gateway("v2"), url="http://127.0.0.1:9/"))
    assert type(raised.value) is NotifyError


def test_given_tls_then_the_gateway_must_prove_who_it_is(tmp_path: Path) -> None:
    files = certificate(tmp_path)
    with running("v2", files) as gateway:
        with pytest.raises(NotifyError, match="certificate") as raised:
            send(sms(gateway, allow_http=False))
        assert type(raised.value) is NotifyError and gateway.asked == 0
        send(sms(gateway, allow_http=False, post=Post(str(files[0]))))
        assert len(gateway.taken) == 1


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/x", "ftp://127.0.0.1/x", "127.0.0.1"])
def test_given_an_address_without_tls_then_nothing_is_sent_unless_it_is_allowed(url: str) -> None:
    with pytest.raises(NotifyError, match="not https"):
        send(sms(Gateway("v2"), url=url, allow_http=False))


@pytest.mark.parametrize("address", ["", "0222 111 222", "+44 7700 900123", "712345678,255754000111", "abc"])
def test_given_no_mobile_number_of_the_country_then_it_is_refused_at_once(address: str) -> None:
    gateway = Gateway("v2", url="http://127.0.0.1:9/")
    with pytest.raises(Refused):
        send(sms(gateway), address)


def test_given_a_dry_run_then_the_log_has_it_with_the_number_masked(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    receipt = send(sms(Gateway("v2"), url="http://127.0.0.1:9/", dry_run=True), short="NOC 1 forged\r\n2026 CRITICAL")
    assert receipt and "NOC 1 forged 2026 CRITICAL" in caplog.text
    assert "12345678" not in caplog.text


ACCEPTED = {
    "v1": [{"statusCode": 200}, {"statusCode": "202", "data": {}}, {"statusCode": 200, "error": ""}],
    "v2": [{"success": True}, {"success": True, "statusCode": 200}, {"success": True, "statusCode": "201"}],
}
NOT_ACCEPTED = {
    "v1": [{}, {"success": True}, {"statusCode": 500}, {"statusCode": True}, {"statusCode": 200, "error": "bad"}],
    "v2": [{}, {"success": "true"}, {"success": 1}, {"success": False}, {"success": True, "statusCode": 500},
           {"success": True, "statusCode": "x"}, {"statusCode": 200}],
}  # fmt: skip


@pytest.mark.parametrize("version", VERSIONS)
def test_given_an_answer_then_only_a_clear_yes_is_accepted(version: str) -> None:
    known = "v1" if version == "v1" else "v2"
    for words in ACCEPTED[version]:
        judge(known, Answer(200, json.dumps(words).encode()), Secret(KEY))
    for words in NOT_ACCEPTED[version]:
        with pytest.raises(NotifyError):
            judge(known, Answer(200, json.dumps(words).encode()), Secret(KEY))
    with pytest.raises(NotifyError):
        judge(known, Answer(500, b'{"success": true, "statusCode": 200}'), Secret(KEY))


def test_given_a_known_message_then_its_signature_is_the_textbooks() -> None:
    signed = signature(Secret("key"), b"The quick brown fox jumps over the lazy dog")  # a vector known everywhere
    assert signed == "97yD9DBThCSxMpjmqm+xQ+9NWaFJRhdZl0edvC0aPNg="


@given(at=st.floats(min_value=0, max_value=4e9))
def test_given_any_instant_then_the_gateways_time_has_no_milliseconds(at: float) -> None:
    assert len(local_time(at)) == 19 and "." not in local_time(at)


HOSTILE = st.text(max_size=200) | st.text(alphabet='\r\n\t\0"\\{}<>&=;%\u2028\u202eéñ一€', max_size=80)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=HOSTILE, key=HOSTILE)
def test_rule_40_given_any_text_then_it_never_breaks_out_of_an_sms(gateway: Gateway, text: str, key: str) -> None:
    before = len(gateway.taken)
    send(sms(gateway), short=text, key=key)
    taken = gateway.taken[before:]
    assert len(taken) == 1 and gateway.complaints == []
    assert taken[0]["recipients"] == "255712345678"
