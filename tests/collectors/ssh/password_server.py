"""A server that takes passwords without accounts of this machine: paramiko's, one login at a time, no shell behind it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import paramiko


class Door(paramiko.ServerInterface):
    """Takes a password in the ways it was told to; notes every try."""

    def __init__(self, password: str, ways: str, tries: list[str]) -> None:
        self.password = password
        self.ways = ways
        self.tries = tries

    def get_allowed_auths(self, username: str) -> str:
        return self.ways

    def check_auth_password(self, username: str, password: str) -> int:
        if "password" not in self.ways.split(","):
            return int(paramiko.AUTH_FAILED)
        self.tries.append(f"password {username}")
        return int(paramiko.AUTH_SUCCESSFUL if password == self.password else paramiko.AUTH_FAILED)

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        """Where both are wanted, a key alone opens half of the door."""
        both = self.ways == "publickey,password"
        return int(paramiko.AUTH_PARTIALLY_SUCCESSFUL if both else paramiko.AUTH_FAILED)

    def check_auth_interactive(self, username: str, submethods: str) -> object:
        if "keyboard-interactive" not in self.ways:
            return paramiko.AUTH_FAILED
        return paramiko.InteractiveQuery("login", "", ("Password: ", False))

    def check_auth_interactive_response(self, responses: list[str]) -> int:
        self.tries.append("interactive")
        return int(paramiko.AUTH_SUCCESSFUL if responses == [self.password] else paramiko.AUTH_FAILED)


class Server:
    def __init__(self, password: str, ways: str) -> None:
        self.tries: list[str] = []
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.listening.getsockname()[1])
        self._key = paramiko.ECDSAKey.generate()
        self._transports: list[paramiko.Transport] = []
        self._door = Door(password, ways, self.tries)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                carrier, _ = self.listening.accept()
                transport = paramiko.Transport(carrier)
                transport.add_server_key(self._key)
                self._transports.append(transport)
                with suppress(paramiko.SSHException, EOFError):
                    transport.start_server(event=threading.Event(), server=self._door)

    def close(self) -> None:
        self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()
        self._thread.join()
        for transport in self._transports:
            transport.close()


@contextmanager
def taking(password: str, ways: str = "password") -> Iterator[Server]:
    server = Server(password, ways)
    try:
        yield server
    finally:
        server.close()
