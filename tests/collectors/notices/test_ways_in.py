"""Who is heard: addresses of the inventory, in measure; the loud and the unknown are counted, the quiet never lost."""

import socket
import subprocess
import sys
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.notices.admission import Admission
from collectors.notices.binding import split
from collectors.notices.sources import Sources, Strangers
from collectors.notices.streams import Frames
from collectors.notices.syslog import MOST_OCTETS
from inventory.model import Device

HOUSE = Path(__file__).resolve().parents[3]


def test_given_addresses_and_sources_then_each_tells_its_device_and_a_shared_one_nobody() -> None:
    sources = Sources()
    a = Device("a", "s", "10.0.0.1", sources=("10.9.9.1", "2001:db8::1"))
    b = Device("b", "s", "10.0.0.2", sources=("10.9.9.1",))
    sources.set_devices([a, b, Device("c", "s", "router.example.com")], {"c": ["10.0.0.3"]})
    told = {address: device.key for address, device in sources.devices.items()}
    assert told == {"10.0.0.1": "a", "2001:db8::1": "a", "10.0.0.2": "b", "10.0.0.3": "c"}
    assert sources.ambiguous == {"10.9.9.1"}


def test_given_invented_addresses_then_the_worst_stranger_is_still_known() -> None:
    strangers = Strangers(most=64)
    for number in range(20_000):
        strangers.note(f"10.{number >> 8 & 255}.{number & 255}.1", number)
        if number % 10 == 0:
            strangers.note("192.0.2.66", number)
    address, worst = strangers.worst(1)[0]
    assert (address, worst.count) == ("192.0.2.66", 2000)
    assert len(strangers.worst(1000)) <= 64


def test_given_a_flood_of_one_then_it_gets_its_measure_and_others_are_heard() -> None:
    admission = Admission(50)
    passed = sum(admission.admits("loud", n / 5000) for n in range(50_000))  # 10 s
    assert 600 <= passed <= 701
    assert admission.admits("quiet", 10.0)
    assert admission.refused() == [("loud", 50_000 - passed)]


def test_given_a_storm_of_lines_then_the_traps_of_the_same_device_are_heard() -> None:
    admission = Admission(50)
    lines = sum(admission.admits("a", n / 5000, "syslog") for n in range(5000))
    assert lines < 300
    assert all(admission.admits("a", 1.0 + n / 100, "traps") for n in range(10))
    assert admission.refused() == [("a", 5000 - lines)]
    admission.forget("a")
    assert not admission.refused()


def test_given_a_flood_of_all_others_then_a_quiet_device_is_still_heard_at_once() -> None:
    admission = Admission(50)
    heard = 0
    for n in range(100_000):  # 20 s, 5,000 a second from 120 devices: each within its own measure
        heard += admission.admits(f"d{n % 120}", n / 5000)
        if n % 2000 == 0:
            assert admission.admits(f"quiet-{n}", n / 5000)
    assert heard < 4000 + 1000 * 20 + 200
    assert admission.admits("first word", 20.0) and admission.admits("second", 26.0)


lines = st.binary(min_size=1, max_size=60).map(lambda body: b"<13>" + body.replace(b"\n", b"x"))


@settings(deadline=None, max_examples=200)
@given(st.lists(lines, max_size=6), st.booleans(), st.integers(1, 70))
def test_given_lines_cut_anywhere_then_all_arrive_in_either_framing(
    given_: list[bytes], counted: bool, step: int
) -> None:
    stream = b"".join(b"%d " % len(one) + one if counted else one + b"\n" for one in given_)
    frames = Frames()
    found = [line for at in range(0, len(stream), step) for line in frames.feed(stream[at : at + step])]
    assert found == given_ and frames.end() == b"" and frames.cut == 0


def test_given_a_line_without_end_then_its_beginning_is_kept_and_the_next_line_is_whole() -> None:
    for stream in (b"<13>" + b"a" * 100_000 + b"\n<13>next\n", b"100004 <13>" + b"a" * 100_000 + b"8 <13>next"):
        frames = Frames()
        found = [line for at in range(0, len(stream), 1000) for line in frames.feed(stream[at : at + 1000])]
        assert [len(line) for line in found] == [MOST_OCTETS, 8]
        assert frames.cut == 1


@settings(deadline=None, max_examples=200)
@given(st.lists(st.binary(max_size=50), max_size=20))
def test_given_any_stream_then_memory_is_bounded_and_no_line_is_too_long(parts: list[bytes]) -> None:
    frames = Frames()
    for part in parts * 40:
        assert all(len(line) <= MOST_OCTETS for line in frames.feed(part))
    assert len(frames.end()) <= MOST_OCTETS + 10


def test_given_places_then_they_are_split() -> None:
    assert split("0.0.0.0:162") == ("0.0.0.0", 162)
    assert split("[::]:1162") == ("::", 1162)


CHILD = """
import os, sys
for place, given in enumerate(sys.argv[1:], 3):
    os.dup2(int(given), place)
os.environ |= {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "2", "LISTEN_FDNAMES": "noc-traps:noc-syslog-tcp"}
from collectors.notices.binding import handed_over
for name, sockets in handed_over(os.environ, os.getpid()).items():
    print(name, *(sock.getsockname()[1] for sock in sockets))
print(handed_over(os.environ, 1), flush=True)
os._exit(0)
"""


def test_given_sockets_of_systemd_then_they_are_taken_by_name_and_nobody_elses() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one, socket.socket(socket.AF_INET) as two:
        one.bind(("127.0.0.1", 0))
        two.bind(("127.0.0.1", 0))
        given = (one.fileno(), two.fileno())
        words = [sys.executable, "-c", CHILD, *map(str, given)]
        done = subprocess.run(words, pass_fds=given, capture_output=True, text=True, check=True, cwd=HOUSE)
        wanted = [f"noc-traps {one.getsockname()[1]}", f"noc-syslog-tcp {two.getsockname()[1]}", "{}"]
    assert done.stdout.splitlines() == wanted
