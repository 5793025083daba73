"""Numbers survive coding, with and without the fast codecs, and a reader that lacks one says which."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.batch import Facts
from noc.store.chunk import Chunk, Content, encode
from noc.store.codec import Codec
from noc.store.reader import MetricReader
from noc.store.steps import NULL
from noc.store.writer import MetricStore
from tests.noc.store.polls import START, batch, python

int64 = st.integers(-(2**63), 2**63 - 1)
steps = st.one_of(int64, st.integers(-300, 300), st.just(NULL))
LACKING = """
import sys
sys.modules["pcodec"] = sys.modules["zstandard"] = None
from noc.store.file import StoreError
from noc.store.reader import MetricReader
try:
    with MetricReader(sys.argv[1]) as reader:
        print(reader.read("interface", "dar-edge-1", "lo0", ("in_bps",), start=0, end=1 << 32).at.size)
except StoreError as error:
    print(type(error).__name__, error)
"""


@settings(deadline=None, max_examples=100)
@given(numbers=st.lists(steps, max_size=200), fast=st.booleans())
def test_any_integers_come_back(numbers: list[int], fast: bool) -> None:
    packed = Codec(fast).pack_numbers(np.array(numbers, np.int64))
    assert Codec().unpack_numbers(packed).tolist() == numbers


@settings(deadline=None, max_examples=50)
@given(data=st.binary(max_size=300), fast=st.booleans())
def test_any_bytes_come_back(data: bytes, fast: bool) -> None:
    assert Codec().unpack(Codec(fast).pack(data)) == data


@settings(deadline=None, max_examples=60)
@given(data=st.data(), fast=st.booleans(), block=st.sampled_from([1, 7, 1000]))
def test_any_chunk_comes_back_whole_and_row_by_row(data: st.DataObject, fast: bool, block: int) -> None:
    lines, rows, count = (data.draw(st.integers(1, most)) for most in (3, 5, 12))
    size = lines * rows * count
    flat = data.draw(st.lists(st.integers(-5, 5) | st.just(NULL) | int64, min_size=size, max_size=size))
    content = Content(np.arange(count, dtype=np.int64) * 30, np.array(flat, np.int64).reshape(lines, rows, count))
    chunk = Chunk(encode(content, Codec(fast), block), Codec())
    assert chunk.at.tolist() == content.at.tolist()
    assert np.array_equal(chunk.all(), content.steps)
    for row in range(rows):
        assert np.array_equal(chunk.read([lines - 1, 0], row), content.steps[[lines - 1, 0], row])


def test_a_constant_line_takes_a_few_bytes() -> None:
    assert len(Codec().pack_numbers(np.full(100_000, 10**12))) == 13


@pytest.mark.parametrize(("fast", "answer"), [(True, "CodecMissing"), (False, "3000")])
def test_a_reader_without_the_fast_codecs_reads_zlib_and_names_what_it_lacks(
    tmp_path: Path, fast: bool, answer: str
) -> None:
    if fast:
        pytest.importorskip("pcodec", reason="the extra 'fast' is not installed")
    with MetricStore(tmp_path / "metrics.db", fast=fast) as store:
        store.append(batch(START + 30 * k) for k in range(3000))
        store.commit()
        store.seal(START + 3 * 86400)
    found = python(LACKING, str(tmp_path / "metrics.db"))
    assert found.stdout.startswith(answer), found.stderr
    assert ("govnet-noc[fast]" in found.stdout) is fast


def test_rule_32_a_renamed_alias_makes_no_new_series(tmp_path: Path) -> None:
    with MetricStore(tmp_path / "metrics.db") as store, MetricReader(tmp_path / "metrics.db") as reader:
        for k in range(100):
            store.append([batch(START + 30 * k)])
            store.put_facts(Facts("dar-edge-1", "interfaces", START + 30 * k, {"lo0": {"alias": f"name {k}"}}))
            store.commit()
        assert (reader.stats().streams, reader.stats().frames) == (1, 1)
