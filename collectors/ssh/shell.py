"""The only door to netmiko and paramiko: one login to one router, its commands, and its words made clean.

paramiko carries (key exchange, authentication, channels); netmiko knows what each platform's output must be cleaned of.
Logging in, bounds and prompts are ours: netmiko's own session preparation would change the configuration of some
platforms (paging of FortiOS) and sleeps where one may wait. Everything blocks: a shell lives in a thread of the pool.
"""

import logging
import re
import socket
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import netmiko
import paramiko  # type: ignore[import-untyped]

from collectors.contract import (
    BadAnswer,
    ConnectRefused,
    CredentialsRefused,
    NameUnresolved,
    NoAnswer,
    NoBanner,
    TooSlow,
    Unsupported,
)
from collectors.ssh.bounds import Bounds, Deadline
from collectors.ssh.conversation import Conversation
from collectors.ssh.leash import Leash
from collectors.ssh.question import Dialect
from inventory.credentials import Login

WIDTH, HEIGHT = 511, 1000  # of the terminal that is asked for
QUIET_S = 0.05  # silence behind a prompt; more on long lines
SILENT = "collectors.ssh.carrier"  # paramiko logs tracebacks of ordinary refusals; they are told as CollectErrors here
_NO_COMMAND = re.compile(r"not found|not allowed|permission denied|password is required", re.I)
_SWIFT = ("aes128-gcm@openssh.com", "aes256-gcm@openssh.com")  # one call a packet, where others need two and an HMAC
_RSA = ("rsa-sha2-512", "rsa-sha2-256")  # how a host key of type ssh-rsa is agreed on
Verify = Callable[[str, bytes], None]  # type and key of the host; raises HostKeyChanged


class _Carrier(paramiko.Transport):  # type: ignore[misc]
    """paramiko's thread wakes ten times a second to see whether it should end; ours is told so by its socket."""

    _active_check_timeout = 2.0


class Keyring:
    """Private keys and cleaners, each made once."""

    def __init__(self) -> None:
        self._keys: dict[tuple[str, int], paramiko.PKey] = {}
        self._drivers: dict[str, Any] = {}
        logging.getLogger(SILENT).disabled = True

    def key(self, login: Login) -> paramiko.PKey:
        """CredentialsRefused when the file is not there, not a key, or its passphrase is wrong."""
        assert login.key
        try:
            known = str(login.key), login.key.stat().st_mtime_ns
            if known not in self._keys:
                passphrase = login.passphrase.reveal() if login.passphrase else None
                self._keys[known] = paramiko.PKey.from_path(login.key, passphrase)
        except (OSError, ValueError, TypeError, paramiko.SSHException, paramiko.pkey.UnknownKeyType) as error:
            raise CredentialsRefused(f"key {login.key}: {error}") from None
        return self._keys[known]

    def clean(self, dialect: Dialect) -> Callable[[str], str]:
        """What netmiko's driver of the platform makes of raw terminal output."""
        if dialect.driver not in self._drivers:
            driver = netmiko.ssh_dispatcher(dialect.driver)
            self._drivers[dialect.driver] = driver(host="-", device_type=dialect.driver, auto_connect=False)
        return partial(_clean, self._drivers[dialect.driver])


def _clean(driver: Any, raw: str) -> str:
    if "\x1b" in raw:
        raw = driver.strip_ansi_escape_codes(raw)
    if "\r" in raw:
        raw = driver.normalize_linefeeds(raw)
    return str(driver.strip_backspaces(raw)) if "\x08" in raw else raw


class Shell:
    """One session. Used in this order: connect, log_in, begin, ask ..., close; all but close raise CollectErrors."""

    def __init__(self, dialect: Dialect, bounds: Bounds, keyring: Keyring, leash: Leash) -> None:
        self._dialect = dialect
        self._bounds = bounds
        self._keyring = keyring
        self._leash = leash
        self._deadline = Deadline(bounds.login_s, "login")
        self._transport: paramiko.Transport | None = None
        self._socket: socket.socket | None = None
        self._talk: Conversation | None = None
        self._wrap: str | None = None
        self._quiet_s = QUIET_S

    def connect(self, address: str, port: int, verify: Verify, known: Sequence[str] = ()) -> None:
        """TCP, version, key exchange, host key; `known`: types of the trusted host keys, which are asked for first."""
        carrier = self._socket = _reach(address, port, self._bounds.connect_s, self._leash)
        began = time.monotonic()
        _greeted(carrier, self._bounds.banner_s)
        self._quiet_s = min(1.0, max(QUIET_S, 2 * (time.monotonic() - began)))
        self._deadline = Deadline(self._bounds.login_s, "login")
        transport = self._transport = _Carrier(carrier)
        transport.set_log_channel(SILENT)
        transport.daemon = True
        options = transport.get_security_options()
        options.ciphers = (*_SWIFT, *(name for name in options.ciphers if name not in _SWIFT))
        if known:
            transport.get_security_options().key_types = _ordered(known, transport)
        self._exchange_keys(transport)
        host_key = transport.get_remote_server_key()
        verify(host_key.get_name(), host_key.asbytes())

    def _exchange_keys(self, transport: paramiko.Transport) -> None:
        try:
            transport.start_client(timeout=self._deadline.left())
        except paramiko.IncompatiblePeer as error:
            raise Unsupported(f"no way to encrypt in common: {error}") from None
        except (paramiko.SSHException, EOFError, OSError) as error:
            self._called_off()
            raise BadAnswer(f"key exchange: {_words(error)}") from None
        self._deadline.left()
        if not transport.initial_kex_done:
            raise TooSlow("key exchange")

    def log_in(self, login: Login) -> None:
        """By key where there is one, else or then by password: one way of passwords, once (no account is locked out)."""
        transport = self._transport
        assert transport
        self._deadline = Deadline(self._bounds.login_s, "login")  # the turn to authenticate may have been waited for
        transport.auth_timeout = self._deadline.left()
        user = login.user + self._dialect.suffix
        refused = "there is neither a key nor a password"
        for attempt in self._attempts(transport, user, login):
            try:
                if not attempt():
                    return
                refused = "more is asked for"  # a key, and a password besides
            except paramiko.BadAuthenticationType as error:
                refused = f"the router takes {', '.join(error.allowed_types) or 'nothing'}"
            except paramiko.AuthenticationException as error:
                if "timeout" in str(error).lower():
                    raise TooSlow("authentication") from None
                refused = _words(error)
            except (paramiko.SSHException, EOFError, OSError) as error:
                self._called_off()
                raise CredentialsRefused(f"closed during authentication: {_words(error)}") from None
        self._called_off()
        raise CredentialsRefused(refused)

    def _attempts(self, transport: paramiko.Transport, user: str, login: Login) -> Sequence[Callable[[], list[str]]]:
        ways: list[Callable[[], list[str]]] = []
        if login.key:
            ways.append(partial(transport.auth_publickey, user, self._keyring.key(login)))
        if login.password:
            ways.append(partial(transport.auth_password, user, login.password.reveal()))
        return ways

    def begin(self, enable: str = "") -> None:
        """To the first prompt, without paging; with higher rights where a secret for them is given."""
        if self._dialect.wraps:
            return
        channel = self._channel()
        channel.get_pty("vt100", WIDTH, HEIGHT)
        channel.invoke_shell()
        clean = self._keyring.clean(self._dialect)
        self._talk = Conversation(_ChannelLine(channel, self._leash), self._dialect, self._bounds, clean, self._quiet_s)
        self._talk.begin(self._deadline)
        if enable and self._dialect.enable:
            self._talk.elevate(enable, self._deadline)

    def _channel(self) -> paramiko.Channel:
        assert self._transport
        try:
            return self._transport.open_session(timeout=self._bounds.command_s)
        except (paramiko.SSHException, EOFError, OSError) as error:
            self._called_off()
            raise BadAnswer(f"no session: {_words(error)}") from None

    def ask(self, command: str) -> str:
        """What the router answers to one command, without echo and prompt."""
        if self._talk is not None:
            return self._talk.ask(command)
        if self._wrap is None:
            return self._find_wrap(command)
        return self._run(self._wrap.format(command))[1]

    def _find_wrap(self, command: str) -> str:
        """Which form of a command the login shell takes (a router's own, or a Linux one beside it) is found with the first."""
        status, answer = 0, ""
        for wrap in self._dialect.wraps:
            status, answer = self._run(wrap.format(command))
            if status not in (126, 127) and not _NO_COMMAND.search(answer[:300]):
                self._wrap = wrap
                return answer
        raise Unsupported(f"{command!r}: exit status {status}: {answer[:80]!r}")

    def _run(self, command: str) -> tuple[int, str]:
        """One exec request: exit status, and all that was written."""
        deadline = Deadline(self._bounds.command_s, repr(command))
        channel = self._channel()
        channel.set_combine_stderr(True)
        line = _ChannelLine(channel, self._leash)
        heard = bytearray()
        try:
            channel.exec_command(command)
            while (came := line.receive(deadline.left())) != b"":
                heard += came or b""
                if len(heard) > self._bounds.output_octets:
                    raise BadAnswer(f"more than {self._bounds.output_octets} octets of output")
            while not channel.exit_status_ready() and self._transport and self._transport.is_active():
                channel.status_event.wait(min(deadline.left(), 0.2))
            status = channel.recv_exit_status() if channel.exit_status_ready() else -1
        except paramiko.SSHException as error:
            raise BadAnswer(f"{command!r}: {_words(error)}") from None
        finally:
            channel.close()
        return status, heard.decode("utf-8", "backslashreplace").replace("\r\n", "\n")

    def _called_off(self) -> None:
        if self._leash.is_cut:
            raise NoAnswer("called off")

    def close(self) -> None:
        """End it; from the thread that works, or from any other by the leash."""
        transport, carrier = self._transport, self._socket
        if carrier is not None:
            _shut(carrier)
        if transport is not None:
            transport.close()
        if carrier is not None:
            carrier.close()


class _ChannelLine:
    """A paramiko channel as a Line."""

    def __init__(self, channel: paramiko.Channel, leash: Leash) -> None:
        self._channel = channel
        self._leash = leash

    def send(self, said: bytes) -> None:
        self._channel.settimeout(5.0)
        try:
            self._channel.sendall(said)
        except OSError as error:
            self._called_off()
            raise BadAnswer(f"the router closed the session: {_words(error)}") from None

    def receive(self, within_s: float) -> bytes | None:
        if not within_s and not self._channel.recv_ready():
            return None
        self._channel.settimeout(within_s)
        try:
            came: bytes = self._channel.recv(65536)
        except TimeoutError:
            return None
        if not came:
            self._called_off()
        return came

    def _called_off(self) -> None:
        if self._leash.is_cut:
            raise NoAnswer("called off")


def _reach(address: str, port: int, within_s: float, leash: Leash) -> socket.socket:
    """A TCP connection. NameUnresolved, ConnectRefused, NoAnswer."""
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror as error:
        raise NameUnresolved(f"{address}: {error.strerror}") from None
    carrier = socket.socket(family, kind, protocol)
    carrier.settimeout(within_s)
    try:
        leash.hold(partial(_shut, carrier))
        carrier.connect(where)
    except ConnectionRefusedError:
        carrier.close()
        raise ConnectRefused(f"port {port} is closed") from None
    except OSError as error:
        carrier.close()
        raise NoAnswer(f"port {port}: {_words(error)}") from None
    except NoAnswer:
        carrier.close()
        raise
    carrier.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return carrier


def _shut(carrier: socket.socket) -> None:
    """Wakes whoever waits on it."""
    try:
        carrier.shutdown(socket.SHUT_RDWR)
    except OSError:
        carrier.close()


def _greeted(carrier: socket.socket, within_s: float) -> None:
    """Wait for the first octets without taking them; NoBanner when none come: TCP opens, and nobody is behind it."""
    carrier.settimeout(within_s)
    try:
        first = carrier.recv(4, socket.MSG_PEEK)
    except TimeoutError:
        raise NoBanner(f"TCP opens, and sshd says nothing for {within_s:g} s") from None
    except OSError as error:
        raise NoBanner(f"closed before its version: {_words(error)}") from None
    if not first:
        raise NoBanner("closed before its version")


def _ordered(known: Sequence[str], transport: paramiko.Transport) -> tuple[str, ...]:
    """Host key types, those already trusted first: another type of the same host is no change of its key."""
    options = transport.get_security_options().key_types
    first = [name for one in known for name in (_RSA if one == "ssh-rsa" else (one,)) if name in options]
    return (*first, *(name for name in options if name not in first))


def _words(error: BaseException) -> str:
    """One short line of a library's words."""
    return (str(error) or type(error).__name__).strip().partition("\n")[0][:160]
