"""v3 messages sealed and opened: what one side seals the other opens, and nothing that was touched is believed."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.snmp import ber
from collectors.snmp.authority import Authority
from collectors.snmp.ber import BerError
from collectors.snmp.frame import unsealed
from collectors.snmp.keys import KeyRing, Keys
from collectors.snmp.message import request
from collectors.snmp.stamp import Stamp
from collectors.snmp.usm import (
    MOST,
    REPORTABLE,
    NotDecrypted,
    OutOfWindow,
    Refusal,
    UnknownEngine,
    UnknownUser,
    UnsupportedLevel,
    WrongDigest,
    discovery,
    open_,
    parse_header,
    refusal,
    report,
    seal,
)
from inventory.credentials import AUTHS, PRIVS, SnmpUser
from inventory.secret import Secret

ENGINE = b"\x80\x00\x1f\x88\x80engine"
CLOCK = (3, 1000)
RING = KeyRing()
PDU = ber.tlv(ber.GET, ber.integer(9) + ber.integer(0) * 2 + ber.tlv(ber.SEQUENCE, b""))

users = st.builds(
    lambda auth, priv, context: SnmpUser(
        "noc",
        auth,
        Secret("authentication") if auth else None,
        priv if auth else None,
        Secret("privacy!") if auth and priv else None,
        context,
    ),
    st.none() | st.sampled_from(AUTHS),
    st.none() | st.sampled_from(PRIVS),
    st.sampled_from(["", "vrf-1"]),
)
numbers = st.integers(0, MOST)


def user(priv: bool = True, auth: str = "authentication", hidden: str = "privacy!") -> SnmpUser:
    return SnmpUser("noc", "SHA-1", Secret(auth), "AES-128" if priv else None, Secret(hidden) if priv else None)


def sealed(keys: Keys, flags: int | None = None) -> bytes:
    return seal(PDU, keys, msg_id=77, clock=CLOCK, salt=5, flags=flags)


@settings(deadline=None, max_examples=150)
@given(user=users, content=st.binary(max_size=1500), msg_id=numbers, clock=st.tuples(numbers, numbers), salt=numbers)
def test_given_any_message_then_it_opens_to_what_was_sealed(
    user: SnmpUser, content: bytes, msg_id: int, clock: tuple[int, int], salt: int
) -> None:
    keys, pdu = RING(user, ENGINE), ber.tlv(ber.GETBULK, content)
    data = seal(pdu, keys, msg_id=msg_id, clock=clock, salt=salt, flags=keys.flags | REPORTABLE)
    header = parse_header(data)
    assert (header.msg_id, header.engine_id, header.user) == (msg_id, ENGINE, b"noc")
    assert (header.boots, header.time, header.level, header.reportable) == (*clock, keys.flags, True)
    said = open_(data, header, keys)
    assert (said.engine_id, said.context, said.pdu) == (ENGINE, keys.context, pdu)
    assert keys.flags < 3 or not content[8:] or content not in data


@settings(deadline=None, max_examples=300)
@given(user=users.filter(lambda user: user.auth), seed=st.integers(0, 2**32))
def test_given_a_message_that_was_touched_then_it_is_not_believed(user: SnmpUser, seed: int) -> None:
    source, keys = random.Random(seed), RING(user, ENGINE)
    good = sealed(keys)
    data = bytearray(good)
    for _ in range(source.randrange(1, 4)):
        at = source.randrange(len(data))
        match source.randrange(4):
            case 0:
                data[at] = source.randrange(256)
            case 1:
                data[at] ^= 1 << source.randrange(8)
            case 2:
                data[at:at] = source.randbytes(source.randrange(1, 4))
            case 3:
                del data[at : at + source.randrange(1, 4)]
    try:
        said = open_(bytes(data), parse_header(bytes(data)), keys)
    except (BerError, Refusal):
        return
    assert bytes(data) == good and said.pdu == PDU


@given(data=st.binary(max_size=200))
def test_given_noise_then_it_is_no_message(data: bytes) -> None:
    with pytest.raises(BerError):
        parse_header(data)


def test_given_other_keys_then_what_is_wrong_is_named() -> None:
    keys = RING(user(), ENGINE)
    data = sealed(keys)
    for wrong, kind in (
        (user(auth="another one"), WrongDigest),
        (user(hidden="another one"), NotDecrypted),
        (user(priv=False), UnsupportedLevel),
    ):
        with pytest.raises(kind):
            open_(data, parse_header(data), RING(wrong, ENGINE))


@pytest.mark.parametrize("flags", [0, 1])
def test_given_a_lower_level_than_the_users_then_it_is_not_believed(flags: int) -> None:
    keys = RING(user(), ENGINE)
    data = sealed(keys, flags)
    with pytest.raises(UnsupportedLevel):
        open_(data, parse_header(data), keys)
    assert open_(data, parse_header(data), keys, least=flags).pdu == PDU


def test_given_an_agents_clock_then_only_its_window_is_fresh() -> None:
    keys = RING(user(), ENGINE)
    data = sealed(keys)
    header = parse_header(data)
    for clock in (CLOCK, (3, 850), (3, 1150)):
        assert open_(data, header, keys, clock=clock).pdu == PDU
    for clock in ((2, 1000), (4, 1000), (3, 849), (3, 1151)):
        with pytest.raises(OutOfWindow):
            open_(data, header, keys, clock=clock)


def test_given_a_discovery_then_a_report_says_who_is_there() -> None:
    asked = discovery(4711)
    header = parse_header(asked)
    assert (header.engine_id, header.user, header.flags) == (b"", b"", REPORTABLE)
    told = report(UnknownEngine, 1, asked, header, own=Keys(b"", ENGINE), clock=CLOCK)
    header = parse_header(told)
    assert (header.msg_id, header.engine_id, header.boots, header.time) == (4711, ENGINE, *CLOCK)
    pdu = open_(told, header, Keys(b"", ENGINE)).pdu
    assert refusal(pdu) is UnknownEngine
    assert ber.integer(4711) in pdu, "the request id is told where it stood in the clear"


def test_given_a_report_of_the_time_then_it_is_proven_and_others_are_not() -> None:
    keys = RING(user(), ENGINE)
    asked = sealed(keys)
    header = parse_header(asked)
    late = report(OutOfWindow, 1, asked, header, own=keys, clock=(4, 1))
    assert parse_header(late).level == 1
    assert refusal(open_(late, parse_header(late), keys, least=1).pdu) is OutOfWindow
    other = report(UnknownUser, 1, asked, header, own=Keys(b"noc", ENGINE), clock=(4, 1))
    assert parse_header(other).level == 0
    with pytest.raises(UnsupportedLevel):
        open_(other, parse_header(other), keys, least=1)


def test_given_a_pdu_then_refusal_knows_reports_from_others() -> None:
    assert refusal(PDU) is None and refusal(b"") is None
    assert refusal(ber.tlv(ber.REPORT, b"")) is Refusal


def test_given_an_authority_then_its_time_moves_and_old_messages_are_not_fresh() -> None:
    one = Authority(ENGINE)
    one.learn(9, 9999, 0.0, proven=False)
    assert one.accepts(3, 1000, 10.0), "what is proven stands above what anybody may have said"
    assert one.clock(70.5) == (3, 1060)
    assert one.accepts(3, 911, 70.0) and not one.accepts(3, 909, 70.0)
    assert not one.accepts(2, 5000, 70.0)
    assert one.accepts(3, 2000, 80.0) and one.clock(80.0) == (3, 2000)
    assert one.accepts(4, 0, 90.0) and one.clock(91.0) == (4, 1)
    assert not Authority(ENGINE).accepts(MOST, 1, 0.0), "boots that are stuck are in no window"


@settings(deadline=None, max_examples=150)
@given(
    user=users,
    arcs=st.lists(st.integers(0, 2**32 - 1), max_size=200),
    clocks=st.lists(st.tuples(numbers, numbers), min_size=1, max_size=3),
    salt=numbers,
)
def test_given_any_request_then_a_stamp_seals_it_as_usm_does(
    user: SnmpUser, arcs: list[int], clocks: list[tuple[int, int]], salt: int
) -> None:
    keys, fresh = RING(user, ENGINE), b"\x41\x02\x03\x04"
    stamp = Stamp(keys)
    head, tail = request(ber.GET, b"", [ber.oid_body([1, 3, *arcs])])
    whole = head + fresh + tail
    pdu = whole[ber.read(whole, 0)[1] + 5 :]
    for clock in clocks:
        once = stamp.seal(head, fresh, tail, clock, salt)
        flags = keys.flags | REPORTABLE
        assert once == seal(pdu, keys, msg_id=int.from_bytes(fresh), clock=clock, salt=salt, flags=flags)


@settings(deadline=None, max_examples=300)
@given(user=users.filter(lambda user: user.priv), size=st.integers(0, 1400), seed=st.integers(0, 2**32))
def test_given_any_answer_then_a_stamp_opens_what_usm_opens_and_nothing_else(
    user: SnmpUser, size: int, seed: int
) -> None:
    source, keys, fresh = random.Random(seed), RING(user, ENGINE), b"\x41\x02\x03\x04"
    pdu = ber.tlv(ber.RESPONSE, b"\x02\x04" + fresh + source.randbytes(size))
    data = seal(pdu, keys, msg_id=int.from_bytes(fresh), clock=CLOCK, salt=seed)
    stamp = Stamp(keys)
    assert stamp.open(fresh, data) is None
    stamp.learn(data, parse_header(data))
    opened = stamp.open(fresh, data)
    assert opened == unsealed(pdu) if size > 256 else opened in (None, unsealed(pdu))
    assert opened is None or stamp.heard_clock == CLOCK
    assert stamp.open(b"\x41\x02\x03\x05", data) is None
    spoilt = bytearray(data)
    for _ in range(source.randrange(1, 3)):
        spoilt[source.randrange(len(spoilt))] ^= 1 << source.randrange(8)
    assert stamp.open(fresh, bytes(spoilt)) in (None, unsealed(pdu) if spoilt == data else None)
    other = seal(pdu, keys, msg_id=int.from_bytes(fresh), clock=CLOCK, salt=seed, context=b"elsewhere")
    assert stamp.open(fresh, other) is None


def test_given_an_answer_whose_seal_holds_another_request_then_it_is_not_opened() -> None:
    keys, fresh = RING(user(), ENGINE), b"\x41\x02\x03\x04"
    stamp = Stamp(keys)
    for inner, tag in ((b"\x41\x02\x03\x05", ber.RESPONSE), (fresh, ber.GET)):
        pdu = ber.tlv(tag, b"\x02\x04" + inner + bytes(400))
        data = seal(pdu, keys, msg_id=int.from_bytes(fresh), clock=CLOCK, salt=1)
        stamp.learn(data, parse_header(data))
        assert stamp.open(fresh, data) is None
