"""Which hot blobs a reader believes there are is what lies in the file, whatever sealing took away, cut or left."""

import sqlite3
from collections.abc import Mapping, Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from noc.store.file import SCHEMA
from noc.store.frames import SHARD_SHIFT
from noc.store.heads import Heads
from noc.store.hot import HEAD

SPAN = (1000, 2000)
batches = st.lists(st.tuples(st.integers(1, 5), st.integers(900, 2100)), min_size=1, max_size=4)  # frame, instant
acts = st.one_of(
    st.tuples(st.just("put"), st.integers(0, 1), batches),
    st.tuples(st.just("cut"), st.integers(0, 20), batches),
    st.tuples(st.just("gone"), st.integers(0, 20), batches),
    st.tuples(st.sampled_from(["ask", "ask few"]), st.integers(0, 1), batches),
)
Lying = dict[int, list[tuple[int, int]]]


def lie(db: sqlite3.Connection, number: int, content: Sequence[tuple[int, int]]) -> None:
    instants = [at for _, at in content]
    row = number, min(instants), max(instants), np.array(content, HEAD).tobytes(), b""
    db.execute("INSERT OR REPLACE INTO hot VALUES (?, ?, ?, ?, ?)", row)


def reaching(lying: Mapping[int, Sequence[tuple[int, int]]], shard: int, frames: set[int]) -> list[tuple[int, int]]:
    """What is to be found, looked for blob by blob."""
    found = []
    for number, content in sorted(lying.items()):
        instants = [at for _, at in content]
        held = number >> SHARD_SHIFT == shard and frames & {frame for frame, _ in content}
        if held and min(instants) < SPAN[1] and max(instants) >= SPAN[0]:
            found.append((number, min(instants)))
    return found


@settings(deadline=None, max_examples=60)
@given(done=st.lists(acts, max_size=40), counted=st.booleans())
def test_given_any_commits_and_seals_then_what_is_known_of_hot_blobs_is_what_lies_there(
    done: list[tuple[str, int, list[tuple[int, int]]]], counted: bool
) -> None:
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.executescript(SCHEMA)
    if not counted:
        db.execute("DELETE FROM meta")
    heads, lying = Heads(), Lying()
    for commit, (act, place, content) in enumerate([*done, ("ask", 0, []), ("ask few", 1, [(2, 0)])], 1):
        if act == "put":
            lying[place << SHARD_SHIFT | commit] = content
            lie(db, place << SHARD_SHIFT | commit, content)
        elif act.startswith("ask"):
            frames = {frame for frame, _ in content} if act == "ask few" else {*range(1, 6)}
            known = heads.holding(db, place, frames, SPAN) if act == "ask few" else heads.within(db, place, SPAN)
            assert known == reaching(lying, place, frames)
            mine = [number for number in lying if number >> SHARD_SHIFT == place]
            held = [number for number in mine if frames & {frame for frame, _ in lying[number]}]
            latest = [(number, max(at for _, at in lying[number])) for number in sorted(held, reverse=True)]
            assert heads.latest(db, place, frames) == latest
        elif place < len(lying):
            number = sorted(lying)[place]
            was = lying.pop(number)
            db.execute("DELETE FROM hot WHERE id = ?", (number,))
            later = [(frame, at) for frame, at in was if at > min(at for _, at in was)]
            if act == "cut" and later:
                lying[number] = later
                lie(db, number, later)
            db.execute("UPDATE meta SET content = content + 1 WHERE name = 'changes of hot'")
    db.close()
