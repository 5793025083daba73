"""Usual v3 messages cut and joined: the compiled steps and the Python ones are the same to the octet, on hostile input too."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.snmp import ber, frame
from collectors.snmp.frame import Steps, apart, scoped, shown, steps, unsealed
from collectors.snmp.message import request
from collectors.snmp.usm import open_, parse_header, seal
from tests.collectors.snmp.agent import needs_fast
from tests.collectors.snmp.sealed_agent import ENGINE_ID, RING, USER

FRESH = b"\x41\x02\x03\x04"
SCOPE = ber.tlv(ber.OCTETS, ENGINE_ID) + ber.tlv(ber.OCTETS, b"")
ZEROS = bytes(12)


def sealed(pdu: bytes, salt: int = 1) -> tuple[bytes, bytes]:
    """A message, and what is expected between its outer length and its signature."""
    data = seal(pdu, RING(USER, ENGINE_ID), msg_id=int.from_bytes(FRESH), clock=(7, 1000), salt=salt)
    return data, data[4 : parse_header(data).signature_at]


def response(size: int, source: random.Random) -> bytes:
    return ber.tlv(ber.RESPONSE, b"\x02\x04" + FRESH + source.randbytes(size))


def spoilt(source: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(source.randrange(4)):
        at = source.randrange(max(1, len(changed)))
        match source.randrange(3):
            case 0:
                changed[at : at + 1] = source.randbytes(1)
            case 1:
                changed[at:at] = source.randbytes(source.randrange(1, 4))
            case 2:
                del changed[at : at + source.randrange(1, 40)]
    return bytes(changed)


@settings(deadline=None, max_examples=100)
@given(size=st.integers(250, 3000), seed=st.integers(0, 2**32))
def test_given_a_usual_message_then_apart_and_shown_say_what_usm_says(size: int, seed: int) -> None:
    source, keys = random.Random(seed), RING(USER, ENGINE_ID)
    pdu = response(size, source)
    data, expected = sealed(pdu, seed)
    parts = apart(data, expected, ZEROS)
    assert parts is not None and keys.auth is not None and keys.priv is not None
    assert keys.auth.fits(parts[0], parts[1])
    plain = keys.priv.show(parts[3], parts[2], (7, 1000))
    assert shown(plain, SCOPE, FRESH) == unsealed(open_(data, parse_header(data), keys).pdu)


@given(names=st.lists(st.integers(0, 2**32 - 1), max_size=60))
def test_given_a_request_then_scoped_is_its_pdu_in_the_scope(names: list[int]) -> None:
    head, tail = request(ber.GETBULK, b"", [ber.oid_body([1, 3, arc]) for arc in names], second=9)
    whole = head + FRESH + tail
    pdu = whole[ber.read(whole, 0)[1] + 5 :]
    assert scoped(SCOPE, head, FRESH, tail) == ber.tlv(ber.SEQUENCE, SCOPE + pdu)


def test_given_no_compiled_parts_wanted_then_the_steps_are_pythons() -> None:
    assert steps(fast=False) == Steps(apart, shown, scoped)


@needs_fast
def test_given_mutated_input_then_compiled_and_python_steps_say_the_same() -> None:
    """Seeded: 30,000 inputs, most of them spoilt somewhere."""
    source, fast = random.Random(31), steps(fast=True)
    assert fast.apart is not frame.apart
    accepted = [0, 0]
    for _ in range(300):
        pdu = response(source.choice([0, 40, 200, 300, 1200, 2000]), source)
        data, expected = sealed(pdu)
        plain = ber.tlv(ber.SEQUENCE, SCOPE + pdu) + bytes(source.randrange(10))
        for _ in range(50):
            one, two = spoilt(source, data), spoilt(source, plain)
            wanted = expected if source.randrange(9) else spoilt(source, expected)
            zeros, fresh = bytes(source.choice([12, 12, 24, 0])), source.choice([FRESH, FRESH, FRESH, b"abcd", b""])
            assert fast.apart(one, wanted, zeros) == apart(one, wanted, zeros)
            assert fast.shown(two, SCOPE, fresh) == shown(two, SCOPE, fresh)
            accepted[0] += apart(one, wanted, zeros) is not None
            accepted[1] += shown(two, SCOPE, fresh) is not None
    assert min(accepted) > 500


@needs_fast
@given(names=st.lists(st.integers(0, 2**32 - 1), max_size=300), scope=st.binary(max_size=300))
def test_given_any_request_then_compiled_and_python_scopes_are_the_same(names: list[int], scope: bytes) -> None:
    head, tail = request(ber.GET, b"", [ber.oid_body([1, 3, arc]) for arc in names])
    assert steps(fast=True).scoped(scope, head, FRESH, tail) == scoped(scope, head, FRESH, tail)


@needs_fast
def test_given_wrong_arguments_then_they_are_named() -> None:
    fast = steps(fast=True)
    for step in fast:
        for wrong in ((), (b"",), (b"", b"", "x"), (b"", b"", None, b"")):
            with pytest.raises(TypeError):
                step(*wrong)
    with pytest.raises(ValueError, match="no head"):
        fast.scoped(b"", b"\x30", b"", b"")
    assert fast.apart(b"", b"", b"") is None and fast.shown(b"", b"", b"") is None
