"""Whatever a router prints: one of the named failures or an answer, never a crash, and in bounded time and memory."""

import json
import time
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.contract import BadAnswer, CollectError, NotParsed, TooSlow
from collectors.ssh.answer import read
from collectors.ssh.bounds import Bounds, Deadline
from collectors.ssh.conversation import Conversation
from collectors.ssh.platforms import PLATFORMS
from collectors.ssh.shell import Keyring
from collectors.ssh.templates import Templates
from collectors.ssh.values import count, dbm, interface, milliampere, name, number, peer, span, vrf

TEMPLATES = Templates()
WAYS = [(key, row, way) for key, row in PLATFORMS.items() for ways in row.ways.values() for way in ways]
WORDS = st.sampled_from(
    [
        "10.0.0.1",
        "4",
        "65000",
        "Idle",
        "Total",
        "r1#",
        "{",
        "}",
        "[",
        '"peers":',
        "--More--",
        "\x1b[K",
        "\x08",
        "\x00",
        "N/A",
        "\n",
        " ",
        "é",
        "-inf",
    ]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["vrfs", "peers", "default", "bgp-peer", "TABLE_vrf", "ROW_vrf", "data", "x"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


def heard(platform: str, place: int, output: str) -> None:
    _, row, way = WAYS[place % len(WAYS)]
    try:
        rows = read(row, way, output, TEMPLATES, platform)
    except CollectError:
        return
    assert all(value is None or isinstance(value, float | str) for each in rows.values() for value in each.values())


@settings(deadline=None, max_examples=200)
@given(st.integers(0, len(WAYS) - 1), st.text(max_size=300) | st.lists(WORDS, max_size=80).map(" ".join))
def test_given_any_words_then_it_is_an_answer_or_a_named_failure(place: int, output: str) -> None:
    heard(WAYS[place][0], place, output)


@settings(deadline=None, max_examples=200)
@given(st.integers(0, len(WAYS) - 1), JSON)
def test_given_any_structure_then_it_is_an_answer_or_a_named_failure(place: int, answer: object) -> None:
    heard(WAYS[place][0], place, json.dumps(answer))


@pytest.mark.parametrize("output", ['{"a":' * 100_000, "[" * 1_000_000, '{"vrfs": ' + "9" * 10_000 + "}"])
def test_given_json_that_breaks_parsers_then_it_is_not_parsed(output: str) -> None:
    row = PLATFORMS["arista_eos"]
    with pytest.raises(NotParsed):
        read(row, row.ways["bgp_prefixes"][0], output, TEMPLATES, "arista_eos")


def test_given_a_line_without_end_then_no_template_sees_it() -> None:
    row = PLATFORMS["cisco_ios"]
    with pytest.raises(NotParsed, match="characters"):
        read(row, row.ways["bgp_prefixes"][0], "1 " * 100_000, TEMPLATES, "cisco_ios")


@settings(deadline=None, max_examples=150)
@given(
    st.one_of(st.text(max_size=40), st.integers(), st.floats(), st.none(), st.lists(st.text(max_size=9), max_size=3))
)
def test_given_any_value_then_every_reader_reads_or_does_not_know(said: object) -> None:
    for reader in (count, dbm, interface, milliampere, name, number, peer, span, vrf):
        assert reader(said) is None or isinstance(reader(said), float | str)


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("2 years, 31 weeks, 6 days, 9 hours, 55 minutes", 82374900),
        ("6w5d11h55m45s", 4103745),
        ("123 day(s), 5 hour(s), 15 minute(s), 19 second(s)", 10646119),
        ("3 weeks, 0 days, 20 hours and 45 minutes", 1889100),
        ("4 days, 22:01", 424860),
        (3600.5, 3600.5),
        ("never", None),
    ],
)
def test_given_an_uptime_as_vendors_write_it_then_it_is_seconds(words: object, seconds: float | None) -> None:
    assert span(words) == seconds


class Script:
    """A line that says a piece, and the next one only when something was sent."""

    def __init__(self, pieces: Sequence[bytes], *, patient: bool = True) -> None:
        self.pieces = list(pieces)
        self.patient = patient
        self.free = 1
        self.sent: list[bytes] = []

    def send(self, said: bytes) -> None:
        self.sent.append(said)
        self.free += 1

    def receive(self, within_s: float) -> bytes | None:
        if not within_s or not self.pieces or (self.patient and not self.free):
            time.sleep(min(within_s, 0.005))
            return None
        self.free -= 1
        return self.pieces.pop(0) or None


def talk(pieces: Sequence[bytes], platform: str = "cisco_ios", *, patient: bool = True) -> tuple[Conversation, Script]:
    line, dialect = Script(pieces, patient=patient), PLATFORMS[platform].dialect
    bounds = Bounds(command_s=2.0 if patient else 0.02, output_octets=4096)
    return Conversation(line, dialect, bounds, Keyring().clean(dialect), 0.01), line


@settings(deadline=None, max_examples=100)
@given(
    st.lists(
        st.binary(min_size=1, max_size=80) | st.sampled_from([b"r1#", b"\r\nr1#", b"--More--", b"[Y/N]:"]), max_size=12
    )
)
def test_given_any_octets_then_a_login_ends_in_its_time(pieces: list[bytes]) -> None:
    for platform in ("cisco_ios", "huawei_vrp", "mikrotik_routeros"):
        conversation, _ = talk(pieces, platform, patient=False)
        try:
            conversation.begin(Deadline(0.02, "login"))
            conversation.ask("show version")
        except (TooSlow, BadAnswer):
            pass


def test_given_a_pager_then_it_is_answered_and_gone_from_the_answer() -> None:
    pieces = [b"\r\nr1#", b"terminal length 0\r\nr1#", b"terminal width 511\r\nr1#"]
    pieces += [
        b"show x\r\none\r\n --More-- ",
        b"\r          \rtwo\r\n<--- More --->",
        b"\r              \rthree\r\nr1#",
    ]
    conversation, line = talk(pieces)
    conversation.begin(Deadline(5, "login"))
    assert conversation.ask("show x").split() == ["one", "two", "three"]
    assert line.sent.count(b" ") == 2


@pytest.mark.parametrize(
    ("platform", "prompt"),
    [
        ("cisco_ios", "pynet-rtr1#"),
        ("cisco_ios", "pynet-rtr1>"),
        ("cisco_xr", "RP/0/RSP0/CPU0:dar-pe-1#"),
        ("cisco_nxos", "n9k-1# "),
        ("arista_eos", "Leaf1(s2)>"),
        ("juniper_junos", "{master:0}\r\nnoc@mx-dar> "),
        ("huawei_vrp", "<dar-pe-1>"),
        ("huawei_vrp", "HRP_M<fw-1>"),
        ("hp_comware", "<HPE-5130>"),
        ("mikrotik_routeros", "[admin@KLWNBC12RB01] > "),
        ("fortinet", "FGT60 (root) # "),
        ("fortinet", "fw1 $ "),
    ],
)
def test_given_a_real_prompt_then_the_platform_knows_it(platform: str, prompt: str) -> None:
    end = b"\r\n" + prompt.encode()
    echoes = [each.encode() + end for each in PLATFORMS[platform].dialect.prepare or ("",)]
    conversation, _ = talk([b"Welcome!\r\n########\r\n" + end, *echoes, b"show x\r\nyes" + end], platform)
    conversation.begin(Deadline(5, "login"))
    answer = conversation.ask("show x")
    assert answer.split()[0] == "yes"
    assert prompt.rsplit(maxsplit=1)[-1].strip() not in answer


def test_given_more_octets_than_allowed_then_it_is_a_bad_answer() -> None:
    conversation, _ = talk([b"x" * 3000, b"y" * 3000], patient=False)
    with pytest.raises(BadAnswer, match="4096"):
        conversation.begin(Deadline(5, "login"))
