"""The strict walk and the learned layout: hostile until proven, and never of two minds."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.snmp import ber
from collectors.snmp.ber import BerError
from collectors.snmp.exchange import identities, identity
from collectors.snmp.layout import Layout, Shelf
from collectors.snmp.message import number, request, suffix, value, walk
from tests.collectors.snmp.agent import COMMUNITY, message

ID = b"\x41\x02\x03\x04"
VALUES = st.one_of(
    st.integers(-(2**31), 2**31 - 1).map(ber.integer),
    st.integers(0, 2**32 - 1).map(lambda n: ber.unsigned(n, ber.GAUGE32)),
    st.integers(0, 2**64 - 1).map(lambda n: ber.unsigned(n, ber.COUNTER64)),
    st.binary(max_size=20).map(lambda text: ber.tlv(ber.OCTETS, text)),
    st.sampled_from([b"\x80\x00", b"\x81\x00", b"\x05\x00", b"\x41\x00", b"\x41\x06abcdef", b"\x46\x09\x00abcdefgh"]),
    st.binary(min_size=1, max_size=5).map(lambda octets: ber.tlv(ber.COUNTER32, octets)),
)


def answer(values: list[bytes], fresh: bytes = ID) -> bytes:
    names = [ber.oid_body((1, 3, 6, 1, 2, 1, 2, 2, 1, 10, 7 * i + 1)) for i in range(len(values))]
    pairs = zip(names, values, strict=True)
    bindings = [ber.tlv(ber.SEQUENCE, ber.tlv(ber.OID, name) + content) for name, content in pairs]
    return message(b"\x01", fresh, 0, 0, bindings)


def numbers(data: bytes) -> list[int | None]:
    """What the walk, the oracle, says."""
    taken = walk(data, COMMUNITY)
    return [number(*taken.content(i)) for i in range(len(taken.names))]


def learned(datagrams: list[bytes], few: int = 1) -> Layout:
    answers = [walk(data, COMMUNITY) for data in datagrams]
    count = sum(len(taken.names) for taken in answers)
    places = iter(range(count))
    return Layout(answers, [[next(places) for _ in taken.names] for taken in answers], Shelf(few), count=count, first=0)


def told(layout: Layout, datagrams: list[bytes]) -> list[int | None] | None:
    read = layout.read(datagrams)
    if read is None:
        return None
    known = np.ones(len(read), bool) if layout.known is None else layout.known
    return [n if sure else None for n, sure in zip(read.tolist(), known.tolist(), strict=True)]


def wrapped(said: list[int | None]) -> list[int | None]:
    return [None if n is None else n & 0xFFFFFFFFFFFFFFFF for n in said]


@settings(deadline=None, max_examples=150)
@given(st.lists(st.lists(VALUES, min_size=1, max_size=30), min_size=1, max_size=4))
def test_given_any_answers_then_layout_and_walk_agree(values: list[list[bytes]]) -> None:
    datagrams = [answer(some) for some in values]
    expected = wrapped([n for data in datagrams for n in numbers(data)])
    for few in (1, 0):  # unfolded, folded
        assert told(learned(datagrams, few), datagrams) == expected


@settings(deadline=None, max_examples=150)
@given(st.lists(VALUES, min_size=1, max_size=20), st.data())
def test_given_other_values_then_a_layout_reads_them_right_or_not_at_all(
    values: list[bytes], data: st.DataObject
) -> None:
    layout = learned([answer(values)])
    again = [
        content[:2] + data.draw(st.binary(min_size=len(content) - 2, max_size=len(content) - 2)) for content in values
    ]
    other = answer(again, b"\x42\x00\x00\x01")
    said = told(layout, [other])
    assert said is None or [n for n in said if n is not None] == [
        n for n, sure in zip(wrapped(numbers(other)), said, strict=True) if sure is not None
    ]


def test_given_one_octet_of_frame_or_name_changed_then_the_layout_refuses() -> None:
    data = answer([ber.unsigned(n, ber.COUNTER32) for n in (1, 70000, 2**31)])
    layout, taken = learned([data]), walk(data, COMMUNITY)
    free = set(range(taken.identity, taken.identity + 4))
    for start, end in zip(taken.starts, taken.ends, strict=True):
        free.update(range(start, end))
    for at in set(range(len(data))) - free:
        spoilt = bytearray(data)
        spoilt[at] ^= 1
        assert layout.read([bytes(spoilt)]) is None, at


def test_given_datagrams_cut_elsewhere_then_the_layout_refuses() -> None:
    one, two = answer([ber.integer(1)]), answer([ber.integer(2)])
    assert learned([one, two]).read([one + two[:1], two[1:]]) is None


@pytest.mark.parametrize("count", [400, 4000])
def test_given_a_large_table_then_the_layout_reads_it(count: int) -> None:
    datagrams = [answer([ber.unsigned(n * 977, ber.COUNTER64) for n in range(k, k + 40)]) for k in range(0, count, 40)]
    assert told(learned(datagrams), datagrams) == [n * 977 for n in range(count)]


def test_given_mutated_datagrams_then_the_walk_says_nothing_wrong() -> None:
    """Seeded: cut, flipped, stretched and shuffled answers are refused, or are still well formed."""
    source = random.Random(20)
    good = [
        answer([ber.integer(-5), ber.unsigned(2**40, ber.COUNTER64), ber.tlv(ber.OCTETS, b"x" * n)]) for n in (0, 200)
    ]
    for _ in range(4000):
        data = bytearray(source.choice(good))
        for _ in range(source.randint(1, 3)):
            kind, at = source.randrange(4), source.randrange(len(data))
            if kind == 0:
                data[at] = source.randrange(256)
            elif kind == 1:
                del data[at:]
            elif kind == 2:
                data[at:at] = source.randbytes(source.randrange(1, 5))
            else:
                data[at : at + 3] = b""
            if not data:
                break
        identity(bytes(data))
        try:
            taken = walk(bytes(data), COMMUNITY)
        except BerError:
            continue
        assert sum(len(name) for name in taken.names) < len(data)
        for i, tag in enumerate(taken.tags):
            value(tag, taken.content(i)[1])


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data.replace(COMMUNITY, b"publik"),
        lambda data: data.replace(b"\x02\x01\x01", b"\x02\x01\x00", 1),
        lambda data: data.replace(b"\xa2", b"\xa0", 1),
        lambda data: data + b"\x00",
        lambda data: data[:-1],
        lambda data: b"",
    ],
)
def test_given_an_answer_not_ours_then_the_walk_refuses(spoil) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(BerError):
        walk(spoil(answer([ber.integer(1)])), COMMUNITY)


def test_given_index_arcs_of_any_size_then_suffix_reads_them_unsigned() -> None:
    prefix = ber.oid_body((1, 3, 6, 1))
    assert suffix(prefix + ber.arc(4194316032) + ber.arc(0), prefix) == (4194316032, 0)
    for bad in (ber.arc(2**32), b"\x80\x01", b"\x81"):
        with pytest.raises(BerError):
            suffix(prefix + bad, prefix)


def test_given_contents_beyond_their_type_then_they_are_no_number() -> None:
    assert number(ber.COUNTER32, b"\x00\xff\xff\xff\xff") == 2**32 - 1
    assert number(ber.COUNTER32, b"\xff\xff\xff\xff") == 2**32 - 1  # some agents leave the zero out
    assert number(ber.COUNTER32, b"\x01\x00\x00\x00\x00") is None
    assert number(ber.COUNTER64, b"\x00" + b"\xff" * 8) == 2**64 - 1
    assert number(ber.INTEGER, b"\xff") == -1
    assert number(ber.INTEGER, b"") is None
    assert number(ber.OCTETS, b"7") is None


def test_given_drawn_ids_then_each_is_four_octets_positive_and_where_templates_put_it() -> None:
    drawn = identities(500)
    assert len(set(drawn)) > 490
    assert all(len(fresh) == 4 and 0x40 <= fresh[0] < 0x80 for fresh in drawn)
    head, tail = request(ber.GETBULK, b"x" * 130, [ber.oid_body((1, 3, 6, 1, 9))] * 20, first=1, second=9)
    assert identity(head + drawn[0] + tail) == drawn[0]
