"""What people do to a running lab comes through a socket in its data directory."""

import threading
from pathlib import Path

import pytest

from noc.lab.control import ask, attend, event_of, listen
from noc.lab.doors import LabError
from noc.lab.world import World
from tests.noc.lab.asker import alive, world
from tests.noc.lab.network import START


def told(path: Path, lab: World, *events: dict[str, object], now: float = START + 10) -> list[dict[str, object]]:
    """The answers of a lab that attends to one event after the other."""
    with listen(path) as ear:

        def attending_all() -> None:
            for _ in events:
                attend(ear, lab, lambda: now)

        attending = threading.Thread(target=attending_all)
        attending.start()
        answers = [dict(ask(path, event)) for event in events]
        attending.join()
    return answers


@pytest.mark.parametrize("depth", [1, 12])
def test_given_an_act_then_it_takes_hold_however_long_the_path(tmp_path: Path, depth: int) -> None:
    path = tmp_path.joinpath(*["a-directory-name"] * depth, "lab.sock")
    lab = world()
    assert told(path, lab, event_of(["device_down", "p1", "for=20s"]))[0]["done"] == "device_down"
    assert [("p1" in alive(lab, t)) for t in (5, 15, 40)] == [True, False, True]


def test_given_plain_words_then_they_are_placed_by_what_is_known(tmp_path: Path) -> None:
    answers = told(
        tmp_path / "lab.sock",
        world(),
        event_of(["power_cut", "s1"]),
        event_of(["power_cut", "Tanga"]),
        event_of(["power_cut", "nowhere"]),
        event_of(["link_down", "ring-1"]),
        event_of(["link_down", "p1", "ge-0/0/0", "surplus"]),
        event_of([]),
        {"do": ["no", "word"]},
        now=START,
    )
    assert [answer.get("on") for answer in answers[:4]] == [
        {"site": "s1"},
        {"region": "Tanga"},
        None,
        {"link": "ring-1"},
    ]
    assert all(answer["wrong"] for answer in (answers[2], *answers[4:]))


def test_given_a_clock_that_stepped_back_then_an_act_comes_after_what_was_asked_already(tmp_path: Path) -> None:
    lab = world()
    assert "p1" in alive(lab, 100)
    told(tmp_path / "lab.sock", lab, event_of(["device_down", "p1"]), now=START + 50)
    assert ["p1" in alive(lab, t) for t in (99, 101)] == [True, False]


def test_given_a_socket_in_use_or_left_over_then_only_the_first_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "lab.sock"
    with listen(path), pytest.raises(LabError, match="running already"):
        listen(path)
    with listen(path):
        assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(LabError, match="no lab answers"):
        ask(path, {"do": "link_down"})


def test_given_no_sense_then_the_lab_says_so_and_lives(tmp_path: Path) -> None:
    import socket

    path = tmp_path / "lab.sock"
    for words in (b"garbage\n", b"[1]\n", b'{"do": 7, "words": [[]]}\n', b""):
        with listen(path) as ear, socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
            client.connect(str(path))
            client.sendall(words)
            client.shutdown(socket.SHUT_WR)
            attend(ear, world(), lambda: START)
            assert b"wrong" in client.recv(4096)
