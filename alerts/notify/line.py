"""The serial line of a modem: commands out, answers in, each with a time limit. The only place that knows pyserial."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import serial

from alerts.notification import NotifyError
from alerts.notify.plain import said

MOST_OCTETS = 65_536  # of one answer
FINAL = ("OK", "ERROR", "+CMS ERROR", "+CME ERROR", "NO CARRIER")
READ_S = 0.1


class LineError(NotifyError):
    """The device is not there, is used by somebody else, or does not answer."""


class Silent(LineError):
    """It took the command and said nothing in time."""


class Line:
    """An open line; everything blocks, at most as long as it says."""

    def __init__(self, port: serial.Serial) -> None:
        self._port = port
        self._held = b""

    def ask(self, command: str, limit_s: float = 3.0) -> list[str]:
        """The lines of the answer; the last is the result code."""
        self.put(command.encode("ascii") + b"\r")
        return self.answer(limit_s)

    def put(self, octets: bytes) -> None:
        try:
            self._port.write(octets)
        except (serial.SerialException, OSError) as error:
            raise LineError(f"the modem cannot be written to: {said(error)}") from None

    def answer(self, limit_s: float) -> list[str]:
        """Lines up to a result code; Silent when none comes in time."""
        found: list[str] = []
        deadline, taken = time.monotonic() + limit_s, 0
        while taken < MOST_OCTETS:
            line, ending, rest = self._held.partition(b"\n")
            if ending:
                taken += len(line)
                self._held = rest
                text = line.decode("ascii", "replace").strip()
                found += [text] if text else []
                if text.startswith(FINAL):
                    return found
            else:
                self._more(deadline)
        raise LineError("the modem talks without end")

    def prompt(self, limit_s: float) -> None:
        """Wait for "> "; LineError where something else comes."""
        deadline = time.monotonic() + limit_s
        while b">" not in self._held:
            if any(line.strip().startswith(b"+CM") or line.strip() == b"ERROR" for line in self._held.split(b"\n")):
                answer = said(self._held.decode("ascii", "replace"))
                self._held = b""
                raise LineError(f"the modem takes no message: {answer}")
            self._more(deadline)
        self._held = self._held.partition(b">")[2].lstrip(b" ")

    def _more(self, deadline: float) -> None:
        if time.monotonic() >= deadline or len(self._held) > MOST_OCTETS:
            raise Silent("the modem does not answer")
        try:
            self._held += self._port.read(max(1, min(self._port.in_waiting, 4096)))
        except (serial.SerialException, OSError) as error:
            raise LineError(f"the modem cannot be read: {said(error)}") from None


@contextmanager
def opened(device: str, speed: int) -> Iterator[Line]:
    """The line for us alone; LineError when it cannot be had."""
    try:
        port = serial.Serial(device, speed, timeout=READ_S, write_timeout=3.0, exclusive=True)
    except (serial.SerialException, OSError, ValueError) as error:
        raise LineError(f"{device} cannot be opened: {said(error)}") from None
    try:
        yield Line(port)
    finally:
        port.close()
