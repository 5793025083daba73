"""Passwords: one way of them and once a login, so that no account is charged twice for one mistake."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from collectors.contract import BadAnswer, CredentialsRefused, NoAnswer, NoBanner, TooSlow
from collectors.ssh.bounds import Bounds, Deadline
from collectors.ssh.leash import Leash
from collectors.ssh.platforms import PLATFORMS
from collectors.ssh.shell import Keyring, Shell
from inventory.credentials import Login
from inventory.secret import Secret
from tests.collectors.ssh.password_server import Server, taking
from tests.collectors.ssh.sshd import make_key

RIGHT, WRONG = Login("nocro", password=Secret("right")), Login("nocro", password=Secret("wrong"))


@contextmanager
def shell(server: Server, platform: str = "cisco_ios") -> Iterator[Shell]:
    one = Shell(PLATFORMS[platform].dialect, Bounds(login_s=10), Keyring(), Leash())
    try:
        one.connect("127.0.0.1", server.port, lambda kind, key: None)
        yield one
    finally:
        one.close()


@pytest.mark.parametrize("ways", ["password", "keyboard-interactive", "password,keyboard-interactive"])
def test_given_a_right_password_then_it_is_taken_either_way(ways: str) -> None:
    with taking("right", ways) as server, shell(server) as one:
        one.log_in(RIGHT)
        assert len(server.tries) == 1


@pytest.mark.parametrize("ways", ["password", "keyboard-interactive", "password,keyboard-interactive"])
def test_given_a_wrong_password_then_it_is_tried_once(ways: str, caplog: pytest.LogCaptureFixture) -> None:
    with taking("right", ways) as server, shell(server) as one:
        with caplog.at_level(logging.DEBUG), pytest.raises(CredentialsRefused):
            one.log_in(WRONG)
        assert len(server.tries) == 1
        assert "wrong" not in caplog.text


def test_given_a_router_that_takes_keys_alone_then_it_says_so() -> None:
    with (
        taking("right", "publickey") as server,
        shell(server) as one,
        pytest.raises(CredentialsRefused, match="publickey"),
    ):
        one.log_in(RIGHT)


def test_given_a_router_that_wants_key_and_password_then_it_gets_both(tmp_path: Path) -> None:
    login = Login("nocro", password=Secret("right"), key=make_key(tmp_path / "key"))
    with taking("right", "publickey,password") as server, shell(server) as one:
        one.log_in(login)
        assert server.tries == ["password nocro"]


def test_given_a_key_that_is_refused_then_the_password_is_tried_once(tmp_path: Path) -> None:
    login = Login("nocro", password=Secret("right"), key=make_key(tmp_path / "key"))
    with taking("right", "password,publickey") as server, shell(server) as one:
        one.log_in(login)
        assert server.tries == ["password nocro"]


def test_given_routeros_then_the_user_carries_the_settings_of_the_terminal() -> None:
    with taking("right") as server, shell(server, "mikrotik_routeros") as one:
        one.log_in(RIGHT)
        assert server.tries == ["password nocro+ct511w4098h"]


def test_given_neither_key_nor_password_then_nothing_is_tried() -> None:
    with taking("right") as server, shell(server) as one:
        with pytest.raises(CredentialsRefused, match="neither"):
            one.log_in(Login("nocro"))
        assert server.tries == []


def test_given_something_else_than_ssh_then_it_is_a_bad_answer() -> None:
    import socket
    import threading

    listening = socket.create_server(("127.0.0.1", 0))

    def greet() -> None:
        carrier, _ = listening.accept()
        with carrier:
            carrier.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    threading.Thread(target=greet, daemon=True).start()
    one = Shell(PLATFORMS["cisco_ios"].dialect, Bounds(), Keyring(), Leash())
    with listening, pytest.raises((BadAnswer, NoBanner)):
        one.connect("127.0.0.1", listening.getsockname()[1], lambda kind, key: None)
    one.close()


def test_given_a_leash_that_was_cut_then_nothing_begins() -> None:
    leash = Leash()
    leash.cut()
    one = Shell(PLATFORMS["cisco_ios"].dialect, Bounds(), Keyring(), leash)
    with pytest.raises(NoAnswer):
        one.connect("127.0.0.1", 1, lambda kind, key: None)
    one.close()


def test_given_a_deadline_then_it_ends_when_its_time_is_over() -> None:
    now = [0.0]
    deadline = Deadline(2.0, "login", lambda: now[0])
    assert deadline.left() == 2.0
    now[0] = 2.0
    with pytest.raises(TooSlow, match="login"):
        deadline.left()
