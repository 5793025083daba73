"""The lab's routers as SNMPv3 engines: they say who they are, refuse for a reason, and keep their own time."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.snmp import ber
from collectors.snmp.keys import localise
from collectors.snmp.usm import (
    AUTH,
    REPORTABLE,
    NotDecrypted,
    OutOfWindow,
    Refusal,
    UnknownContext,
    UnknownEngine,
    UnknownUser,
    UnsupportedLevel,
    WrongDigest,
    discovery,
    open_,
    parse_header,
    refusal,
    seal,
)
from inventory.credentials import AUTHS, PRIVS, SnmpUser
from inventory.model import Device, Inventory, SnmpVersion
from inventory.sample_credentials import USER
from inventory.secret import Secret
from noc.lab.agent import MOST_OCTETS
from noc.lab.truth import truth_of
from noc.lab.world import World
from tests.noc.lab.asker import IFX, UPTIME, act, message, read, value, walk, world
from tests.noc.lab.network import START, small_network

THREE: dict[str, SnmpVersion] = {"p3": "3"}
BOOTS, TIME = "1.3.6.1.6.3.10.2.1.2.0", "1.3.6.1.6.3.10.2.1.3.0"
STATS = "1.3.6.1.6.3.15.1.1.{}.0"


@pytest.fixture(scope="module")
def lab() -> World:
    return world(versions=THREE)


def pdu(kind: int, oids: list[str], numbers: tuple[int, int] = (0, 0)) -> bytes:
    """The PDU of a v2c message."""
    whole = message(kind, oids, numbers)
    _, pos, _ = ber.read(whole, 0)
    for _ in range(2):
        _, _, pos = ber.read(whole, pos)
    return whole[pos:]


def met(lab: World, t: float = 0.0, device: str = "p3") -> tuple[bytes, tuple[int, int]]:
    """engineID, and boots with time, as discovery tells them."""
    answer = lab.answer(device, discovery(7), START + t)
    assert answer is not None
    header = parse_header(answer)
    assert header.msg_id == 7 and refusal(open_(answer, header, localise(SnmpUser(""), b"")).pdu) is UnknownEngine
    return header.engine_id, (header.boots, header.time)


def asked(
    lab: World,
    body: bytes,
    t: float = 0.0,
    *,
    user: SnmpUser = USER,
    clock: tuple[int, int] | None = None,
    flags: int | None = None,
    context: bytes | None = None,
) -> bytes | None:
    """The datagram that comes back."""
    engine_id, now = met(lab, t)
    keys = localise(user, engine_id)
    flags = keys.flags | REPORTABLE if flags is None else flags
    data = seal(body, keys, msg_id=99, clock=clock or now, salt=int(t * 7) + 1, flags=flags, context=context)
    return lab.answer("p3", data, START + t)


def opened(answer: bytes | None, user: SnmpUser = USER, least: int | None = None) -> bytes:
    assert answer is not None and len(answer) <= MOST_OCTETS
    header = parse_header(answer)
    assert header.msg_id == 99 and not header.reportable
    return open_(answer, header, localise(user, header.engine_id), least=least).pdu


def reported(answer: bytes | None, user: SnmpUser = USER, least: int = 0) -> tuple[type[Refusal] | None, int]:
    """What a Report says, and its count."""
    body = opened(answer, user, least)
    kind = refusal(body)
    _, pos, _ = ber.read(body, 0)
    for _ in range(3):
        _, _, pos = ber.read(body, pos)
    for _ in range(2):
        _, pos, _ = ber.read(body, pos)
    _, _, pos = ber.read(body, pos)
    return kind, value(body, pos)


def said(body: bytes) -> list[tuple[str, object]]:
    """Bindings of a response PDU."""
    head = ber.integer(1) + ber.tlv(ber.OCTETS, b"")
    status, _, bindings = read(ber.tlv(ber.SEQUENCE, head + body))
    assert status == 0
    return bindings


def test_given_the_user_then_the_answer_is_what_version_2c_says(lab: World) -> None:
    plain = world()
    oids = [f"{IFX}.1", f"{IFX}.6"]
    bulk = said(opened(asked(lab, pdu(ber.GETBULK, oids, (0, 6)), 60.0)))
    answer = plain.answer("p3", message(ber.GETBULK, oids, (0, 6)), START + 60)
    assert answer is not None and bulk == read(answer)[2]


@pytest.mark.parametrize(("auth", "priv"), [(None, None), *product(AUTHS, (None, *PRIVS))])
def test_given_any_algorithms_then_the_engine_speaks_them(auth: str | None, priv: str | None) -> None:
    user = SnmpUser(
        "noc",
        auth,  # type: ignore[arg-type]
        Secret("hodi-hodi") if auth else None,
        priv,  # type: ignore[arg-type]
        Secret("karibu-karibu") if priv else None,
        "a context",
    )
    network = small_network(versions=THREE)
    lab = World(network, attached_to="c1", start=START, users={"routers": user})
    assert said(opened(asked(lab, pdu(ber.GET, ["1.3.6.1.2.1.1.5.0"]), user=user), user)) == [
        ("1.3.6.1.2.1.1.5.0", b"p3")
    ]


def test_given_a_getbulk_for_more_than_fits_then_the_whole_message_fits_a_frame(lab: World) -> None:
    found = said(opened(asked(lab, pdu(ber.GETBULK, [f"{IFX}.18", f"{IFX}.1"], (0, 200)))))
    assert 10 < len(found) < 200


def test_rule_46_given_wrong_credentials_then_reports_tell_what_and_a_wrong_privacy_key_is_silent(lab: World) -> None:
    get = pdu(ber.GET, [UPTIME])
    wrong = {
        UnknownUser: replace(USER, user="nobody"),
        WrongDigest: replace(USER, auth_password=Secret("not the password")),
    }
    for kind, user in wrong.items():
        counted = [reported(asked(lab, get, t, user=user), user) for t in (1.0, 2.0)]
        assert [one for one, _ in counted] == [kind, kind]
        assert counted[1][1] == counted[0][1] + 1
    assert asked(lab, get, user=replace(USER, priv_password=Secret("not the password"))) is None
    # nobody is told who does not ask to be told
    assert asked(lab, get, user=wrong[UnknownUser], flags=3) is None


def test_given_less_than_the_user_may_then_it_is_not_believed(lab: World) -> None:
    get = pdu(ber.GET, [UPTIME])
    plain = SnmpUser(USER.user)
    assert reported(asked(lab, get, user=plain), plain)[0] is UnsupportedLevel
    signed = replace(USER, priv=None, priv_password=None)
    assert reported(asked(lab, get, user=signed), signed)[0] is UnsupportedLevel


def test_given_a_context_that_is_not_there_then_that_is_reported(lab: World) -> None:
    assert reported(asked(lab, pdu(ber.GET, [UPTIME]), context=b"elsewhere"))[0] is UnknownContext


def test_rule_07_given_a_message_out_of_time_then_a_proven_report_tells_the_right_one(lab: World) -> None:
    _, (boots, time) = met(lab, 20.0)
    for clock in ((boots - 1, time), (boots, time - 151), (boots, time + 151), (0, 0)):
        answer = asked(lab, pdu(ber.GET, [UPTIME]), 20.0, clock=clock)
        assert reported(answer, least=AUTH)[0] is OutOfWindow
        assert answer is not None
        header = parse_header(answer)
        assert (header.level, header.boots, header.time) == (AUTH, boots, time)
    for clock in ((boots, time - 149), (boots, time + 149)):
        assert refusal(opened(asked(lab, pdu(ber.GET, [UPTIME]), 20.0, clock=clock))) is None


def test_given_a_reboot_then_boots_rise_time_is_uptime_and_the_engine_stays_the_same() -> None:
    lab = world(act(10, "reboot", device="p3", silence=8), versions=THREE)
    before, after = met(lab, 5.0), met(lab, 30.0)
    assert after == (before[0], (before[1][0] + 1, 12))
    found = dict(said(opened(asked(lab, pdu(ber.GET, [BOOTS, TIME, UPTIME]), 30.0))))
    assert (found[BOOTS], found[TIME]) == after[1]
    assert found[UPTIME] == 1200
    # who has not noticed is told
    assert reported(asked(lab, pdu(ber.GET, [UPTIME]), 31.0, clock=before[1]), least=AUTH)[0] is OutOfWindow


def test_given_refusals_then_usm_stats_count_them_since_the_boot() -> None:
    lab = world(act(10, "reboot", device="p3"), versions=THREE)
    nobody = replace(USER, user="nobody")
    for _ in range(3):
        asked(lab, pdu(ber.GET, [UPTIME]), 1.0, user=nobody)
    names = [STATS.format(number) for number in range(1, 7)]
    found = dict(said(opened(asked(lab, pdu(ber.GET, names), 2.0))))
    assert found[STATS.format(3)] == 3 and found[STATS.format(4)] == 4, "each question began with a discovery"
    assert dict(said(opened(asked(lab, pdu(ber.GET, names), 40.0))))[STATS.format(3)] == 0


@pytest.mark.parametrize(
    ("what", "kind"), [("auth", WrongDigest), ("", WrongDigest), ("user", UnknownUser), ("level", UnsupportedLevel)]
)
def test_given_changed_credentials_then_the_router_reports_until_they_are_restored(
    what: str, kind: type[Refusal]
) -> None:
    lab = world(act(10, "credentials_change", device="p3", what=what, lasts=20.0), versions=THREE)
    get = pdu(ber.GET, [UPTIME])
    assert refusal(opened(asked(lab, get, 5.0))) is None
    assert reported(asked(lab, get, 15.0))[0] is kind
    assert refusal(opened(asked(lab, get, 35.0))) is None


def test_given_a_changed_privacy_key_then_silence_or_a_report_where_routers_tell() -> None:
    get = pdu(ber.GET, [UPTIME])
    silent = world(act(10, "credentials_change", device="p3", what="privacy"), versions=THREE)
    assert asked(silent, get, 15.0) is None
    telling = world(act(10, "credentials_change", device="p3", what="privacy", told=True), versions=THREE)
    assert reported(asked(telling, get, 15.0))[0] is NotDecrypted


def test_given_changed_credentials_then_the_truth_says_since_when_and_which() -> None:
    lab = world(act(10, "credentials_change", device="p3", lasts=20.0), versions=THREE)
    told = truth_of(lab, START + 60)["agents"]["p3"]
    assert [(one["from_s"], one["changed"]) for one in told] == [(0.0, None), (10.0, "auth"), (30.0, None)]


def test_given_a_changed_community_then_silence() -> None:
    lab = world(act(10, "credentials_change", device="p1", lasts=5.0))
    answers = [lab.answer("p1", message(ber.GET, [UPTIME]), START + t) for t in (5, 12, 20)]
    assert [one is None for one in answers] == [False, True, False]


def test_given_a_change_that_the_version_does_not_have_then_it_is_refused() -> None:
    for device, what in (("p1", "auth"), ("p3", "community"), ("p3", "pirvacy")):
        with pytest.raises(AssertionError, match="speaks version"):
            act(1, "credentials_change", device=device, what=what)


def test_given_any_names_then_engines_are_told_apart_and_within_the_rfc() -> None:
    keys = ["r", "r1", "x" * 27, "x" * 28, "x" * 100, "x" * 99 + "y"]
    network = replace(Inventory(), devices={key: Device(key, "core", f"127.77.1.{n}") for n, key in enumerate(keys)})
    base = small_network()
    lab = World(replace(base, devices={**base.devices, **network.devices}), attached_to="c1", start=START)
    ids = {lab.routers[key].engine_id for key in keys}
    assert len(ids) == len(keys) and all(5 <= len(one) <= 32 and one[0] & 0x80 for one in ids)


def test_given_the_mib_then_its_engine_is_the_one_that_speaks() -> None:
    plain = walk(world(), "p3", "1.3.6.1.6.3.10")
    assert plain["1.3.6.1.6.3.10.2.1.1.0"] == met(world(versions=THREE))[0]


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_given_any_bytes_then_nothing_but_a_report_or_silence_comes_back(data: st.DataObject) -> None:
    lab = world(versions=THREE)
    engine_id, clock = met(lab)
    good = seal(pdu(ber.GET, [UPTIME]), localise(USER, engine_id), msg_id=99, clock=clock, salt=1, flags=7)
    raw = bytearray(data.draw(st.just(good) | st.binary(max_size=80)))
    for _ in range(data.draw(st.integers(1, 4))):
        if raw:
            raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    answer = lab.answer("p3", bytes(raw[: data.draw(st.integers(0, len(raw)))]), START)
    if answer is not None and bytes(raw) != good:
        header = parse_header(answer)
        assert refusal(open_(answer, header, localise(USER, engine_id), least=0).pdu) is not None
