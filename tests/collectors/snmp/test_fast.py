"""The compiled parts accept and say exactly what the strict walk does, and send and hear what the plain wire does."""

import asyncio
import random
import socket
import struct
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.snmp import ber
from collectors.snmp.ber import BerError
from collectors.snmp.engine import Engine
from collectors.snmp.fast import FastWire, Form, available
from collectors.snmp.layout import Shelf
from collectors.snmp.message import NO_ERROR, walk
from collectors.snmp.wire import BURST, Wire
from tests.collectors.snmp.agent import COMMUNITY, message, needs_fast
from tests.collectors.snmp.test_message import VALUES, answer, numbers, wrapped

Said = list[int | None] | None
WIRES = [pytest.param(Wire, id="python"), pytest.param(FastWire, id="compiled", marks=needs_fast)]


def formed(datagrams: list[bytes], first: int = 0) -> Form:
    """The form of these answers: every value has a place, in the order met."""
    answers = [walk(data, COMMUNITY) for data in datagrams]
    places = iter(range(sum(len(taken.names) for taken in answers)))
    asked = [(taken.names, [next(places) for _ in taken.names]) for taken in answers]
    rest = sum(len(taken.names) for taken in answers) - first
    return Form(COMMUNITY, asked, first=first, shape=(1, rest), sent=0, shelf=Shelf())


def told(form: Form, datagrams: list[bytes]) -> Said:
    matrix = form.read(datagrams)
    if matrix is None:
        return None
    known = np.ones(matrix.values.shape, bool) if matrix.known is None else matrix.known
    pairs = zip(matrix.values[0].tolist(), known[0].tolist(), strict=True)
    return [n if sure else None for n, sure in pairs]


def oracle(data: bytes, names: list[bytes]) -> Said:
    """What the strict walk says of one answer to a request for `names`."""
    try:
        taken = walk(data, COMMUNITY)
    except BerError:
        return None
    return wrapped(numbers(data)) if taken.status == NO_ERROR and taken.names == names else None


@needs_fast
@settings(deadline=None, max_examples=150)
@given(st.lists(st.lists(VALUES, min_size=1, max_size=30), min_size=1, max_size=4))
def test_given_any_answers_then_form_and_walk_agree(values: list[list[bytes]]) -> None:
    datagrams = [answer(some) for some in values]
    assert told(formed(datagrams), datagrams) == wrapped([n for data in datagrams for n in numbers(data)])


@needs_fast
@settings(deadline=None, max_examples=150)
@given(st.lists(VALUES, min_size=1, max_size=20), st.data())
def test_given_other_values_then_a_form_says_what_the_walk_says(values: list[bytes], data: st.DataObject) -> None:
    others = [data.draw(VALUES) for _ in values]
    form, other = formed([answer(values)]), answer(others, b"\x42\x00\x00\x01")
    assert told(form, [other]) == wrapped(numbers(other))


@needs_fast
def test_given_scalars_then_they_are_signed_and_unknown_ones_are_none() -> None:
    values = [ber.integer(-7), b"\x80\x00", ber.unsigned(2**64 - 1, ber.COUNTER64), ber.tlv(ber.OCTETS, b"x")]
    matrix = formed([answer(values)], first=3).read([answer(values)])
    assert matrix is not None and matrix.known is not None
    assert (matrix.scalars, matrix.known.tolist(), matrix.values.tolist()) == ((-7, None, 2**64 - 1), [[False]], [[0]])
    assert matrix.octets == len(answer(values))


@needs_fast
def test_given_one_octet_changed_then_form_and_walk_agree_on_what_is_left() -> None:
    data = answer([ber.unsigned(n, ber.COUNTER32) for n in (1, 70000, 2**31)] + [ber.integer(-5)])
    form, names = formed([data]), walk(data, COMMUNITY).names
    for at in range(len(data)):
        for flip in (1, 0x80, 0xFF):
            spoilt = data[:at] + bytes((data[at] ^ flip,)) + data[at + 1 :]
            assert told(form, [spoilt]) == oracle(spoilt, names), (at, flip)


@needs_fast
def test_given_answers_cut_elsewhere_more_or_fewer_then_the_form_refuses() -> None:
    one, two = answer([ber.integer(1)]), answer([ber.integer(2)])
    form = formed([one, two])
    for others in ([one + two[:1], two[1:]], [one], [one, two, two], [], [two[:0], one + two]):
        assert form.read(others) is None
    assert told(form, [two, one]) == [2, 1]


def stretched(source: random.Random, tag: int, body: bytes) -> bytes:
    """An element whose length is spelled longer than it need be, now and then."""
    octets = source.choice((0, 0, 0, 1, 2, 3, 4, 5))
    if not octets or len(body) >= 1 << 8 * octets:
        return ber.tlv(tag, body)
    return bytes((tag, 0x80 | octets)) + len(body).to_bytes(octets) + body


def drawn(source: random.Random, values: list[bytes]) -> bytes:
    """A message like `answer`, with lengths spelled in all ways."""
    bindings = b""
    for i, content in enumerate(values):
        name = ber.oid_body((1, 3, 6, 1, 2, 1, 2, 2, 1, 10, 7 * i + 1))
        bindings += stretched(source, ber.SEQUENCE, stretched(source, ber.OID, name) + content)
    status = source.choice((b"\x02\x01\x00",) * 8 + (b"\x02\x02\x00\x00", b"\x02\x01\x05", b"\x02\x05" + bytes(5)))
    body = ber.tlv(ber.INTEGER, b"abcd") + status + b"\x02\x01\x00" + stretched(source, ber.SEQUENCE, bindings)
    opening = ber.integer(1) + stretched(source, ber.OCTETS, COMMUNITY)
    return stretched(source, ber.SEQUENCE, opening + stretched(source, ber.RESPONSE, body))


def spoil(source: random.Random, data: bytearray) -> None:
    kind, at = source.randrange(5), source.randrange(len(data))
    if kind == 0:
        data[at] = source.randrange(256)
    elif kind == 1:
        data[at] ^= 1 << source.randrange(8)
    elif kind == 2:
        del data[at:]
    elif kind == 3:
        data[at:at] = source.randbytes(source.randrange(1, 5))
    else:
        data[at : at + 3] = b""


@needs_fast
def test_given_mutated_datagrams_then_form_and_walk_accept_and_say_the_same() -> None:
    """Seeded: of 20,000 answers both accept the same, with the same values."""
    source = random.Random(21)
    values = [ber.integer(-5), ber.unsigned(2**40, ber.COUNTER64), ber.tlv(ber.OCTETS, b"x" * 150), b"\x41\x00"]
    form, names = formed([answer(values)]), walk(answer(values), COMMUNITY).names
    accepted = 0
    for _ in range(20_000):
        data = bytearray(drawn(source, values))
        for _ in range(source.randrange(3)):
            if data:
                spoil(source, data)
        said = told(form, [bytes(data)])
        assert said == oracle(bytes(data), names), data.hex()
        accepted += said is not None
    assert 1000 < accepted < 19_000


@needs_fast
def test_given_mutated_forms_then_nothing_is_read_beyond_them() -> None:
    """Seeded: a form that is none is a ValueError, or nothing fits it, or it is a form still."""
    from collectors.snmp import _fast

    source = random.Random(22)
    data = answer([ber.integer(n) for n in range(8)])
    names = walk(data, COMMUNITY).names
    parts = [struct.pack("=H6sIII", 6, COMMUNITY, 8, 1, 8)]
    parts += [struct.pack("=IH", i, len(name)) + name for i, name in enumerate(names)]
    good = b"".join(parts)
    assert _fast.read([data], good, b"") is not None
    for size in range(16):
        with pytest.raises(ValueError, match="no form"):
            _fast.read([data], good[:size], b"")
    assert all(_fast.read([data], good[:size], b"") is None for size in range(16, len(good)))
    for _ in range(5000):
        form = bytearray(good)
        spoil(source, form)
        try:
            _fast.read([data, data], bytes(form), b"")
            _fast.read([data], bytes(form), b"")
        except ValueError:
            continue


@needs_fast
def test_given_wrong_arguments_then_they_are_named() -> None:
    from collectors.snmp import _fast

    for wrong in ((), ([], b""), ((), b"", b""), ([], "form", b""), ([], b"", None)):
        with pytest.raises(TypeError):
            _fast.read(*wrong)  # type: ignore[arg-type]
    for pairs in ([(b"x",)], [b"x"], [("x", b"y")], [(b"x", "y")]):
        with pytest.raises(TypeError):
            _fast.send(-1, pairs)  # type: ignore[arg-type]
    assert _fast.read(["x"], struct.pack("=H6sII", 6, COMMUNITY, 0, 0), b"") is None  # type: ignore[list-item]
    assert _fast.receive(-1, bytearray(6400)) == []


def test_given_a_switch_then_the_engine_leaves_the_compiled_parts_aside() -> None:
    assert not Engine(fast=False).fast
    assert Engine().fast is available()


@pytest.mark.parametrize("kind", WIRES)
@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6])
def test_given_a_wire_then_runs_go_out_and_in_whole_and_refused_ones_are_named(kind: type[Wire], family: int) -> None:
    host = "127.0.0.1" if family == socket.AF_INET else "::1"
    try:
        other = socket.socket(family, socket.SOCK_DGRAM)
        other.bind((host, 0))
    except OSError:
        pytest.skip("no IPv6 here")
    with other:
        wire = kind(family, 1 << 20)
        place = wire.place(other.getsockname())
        sent = [(b"%d" % n * 50, place) for n in range(150)]
        huge = bytes(70_000), place
        assert wire.send([huge, *sent[:100], huge, *sent[100:]]) == (152, [huge, huge])
        heard = [other.recvfrom(8192) for _ in sent]
        assert [data for data, _ in heard] == [data for data, _ in sent]
        for data, _ in heard:
            other.sendto(data, heard[0][1])
        time.sleep(0.05)
        runs = [wire.read() for _ in range(4)]
        assert [len(run) for run in runs] == [BURST, BURST, 150 - 2 * BURST, 0]
        assert [pair for run in runs for pair in run] == sent
        wire.close()


@pytest.mark.parametrize("kind", WIRES)
def test_given_a_run_of_answers_then_each_goes_to_who_waits_for_it(kind: type[Wire]) -> None:
    """A datagram that fits nobody, by id or by place, is a stray and leaves everything as it was."""

    class Waits:
        def __init__(self, place: object) -> None:
            self.place, self.left, self.unsent = place, 2, 0
            self.answers: dict[bytes, bytes | None] = {}

    long = ber.tlv(ber.OCTETS, b"x" * 300)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as device:
        device.bind(("127.0.0.1", 0))
        wire = kind(socket.AF_INET, 1 << 20)
        there, elsewhere = Waits(wire.place(device.getsockname())), Waits(wire.place(("127.0.0.9", 9)))
        pending = {b"aaaa": there, b"bbbb": there, b"cccc": elsewhere}
        wire.send([(b"hello", there.place)])  # type: ignore[list-item]
        source = device.recvfrom(99)[1]
        for fresh in (b"aaaa", b"aaaa", b"cccc", b"bbbb"):
            device.sendto(message(b"\x01", fresh, 0, 0, [long]), source)
        time.sleep(0.05)
        ready, strays, count, octets, last = wire.receive(pending)
        assert (ready, count, list(pending), list(there.answers)) == ([there], 4, [b"cccc"], [b"aaaa", b"bbbb"])
        assert len(strays) == 2 and octets == 4 * len(strays[0][0]) and last is there
        wire.close()


@needs_fast
def test_given_a_full_socket_then_the_rest_is_left_to_the_caller() -> None:
    from collectors.snmp import _fast

    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with here, there:
        done, refused = _fast.send(here.fileno(), [(b"%d" % n, b"") for n in range(5000)])
        assert 0 < done < 5000 and not refused
        assert [int(there.recv(9)) for _ in range(done)] == list(range(done))


@needs_fast
def test_given_an_engine_with_compiled_parts_then_its_wires_are_fast() -> None:
    async def go() -> None:
        async with Engine() as engine:
            assert isinstance(engine.peer(("127.0.0.1", 9)).wire, FastWire)

    asyncio.run(go())
