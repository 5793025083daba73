"""SMS by a GSM modem through AT commands (3GPP TS 27.005): the way that needs no network of ours, and that hears replies."""

import asyncio
import logging
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from alerts.notification import Notification, NotifyError, Receipt, Refused, Unsure
from alerts.notify.line import Line, LineError, Silent, opened
from alerts.notify.pdu import Incoming, PduError, deliver, submit
from alerts.notify.plain import one_line, said
from alerts.oncall.telephones import TelephoneError, normal

log = logging.getLogger(__name__)

T = TypeVar("T")
PROMPT_S, SENDING_S, LISTING_S = 5.0, 30.0, 15.0
TURN_S = 60.0  # that one use may wait for another's end
MOST_READ = 50
NEVER = frozenset({1, 8, 21, 28, 29})  # +CMS ERROR (TS 24.011, E-2): unassigned, barred, rejected, unknown subscriber
REGISTERED = {1: "home", 5: "roaming"}  # +CREG


@dataclass(frozen=True, slots=True)
class Signal:
    """How the modem stands with the network. `level` in dBm, None where it does not know."""

    registered: bool
    level: int | None


@dataclass(frozen=True, slots=True)
class Kept:
    """A message in the modem's memory; `incoming` is None where it cannot be read."""

    index: int
    incoming: Incoming | None


class Modem:
    """Channel "modem". Every use opens the line, talks in a thread of its own, and closes it."""

    def __init__(self, device: str, speed: int, *, sending_s: float = SENDING_S) -> None:
        """`sending_s`: how long the network may take to accept a message."""
        self._sending_s = sending_s
        self._device = device
        self._speed = speed
        self._turn = threading.Lock()

    async def send(self, notification: Notification, address: str) -> Receipt:
        """`address`: a telephone in any usual writing."""
        return await self.text(address, notification.short)

    async def text(self, address: str, text: str) -> Receipt:
        """Send one message."""
        try:
            number = normal(address)
        except TelephoneError:
            raise Refused("the telephone number is no mobile number") from None
        return await asyncio.to_thread(self._with, lambda line: _send(line, number, one_line(text), self._sending_s))

    async def signal(self) -> Signal:
        return await asyncio.to_thread(self._with, _signal)

    async def kept(self) -> Sequence[Kept]:
        """What came in and was not removed yet, oldest first, at most 50 at a time."""
        return await asyncio.to_thread(self._with, _kept)

    async def remove(self, indexes: Sequence[int]) -> None:
        """These were handed over."""
        await asyncio.to_thread(self._with, lambda line: _remove(line, indexes))

    def _with(self, use: Callable[[Line], T]) -> T:
        with self._alone(), opened(self._device, self._speed) as line:
            _prepare(line)
            return use(line)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if not self._turn.acquire(timeout=TURN_S):
            raise LineError("the modem is busy")
        try:
            yield
        finally:
            self._turn.release()


def _prepare(line: Line) -> None:
    line.put(b"\x1b\r")  # out of a message that an earlier life left unfinished
    for attempt in range(3):
        try:
            line.ask("ATE0", 1.0)
            break
        except Silent:
            if attempt == 2:
                raise
    for command in ("AT+CMEE=1", "AT+CNMI=2,1,0,0,0"):
        line.ask(command)  # not every modem has these
    _must(line.ask("AT+CMGF=0"), "it knows no PDU mode")


def _must(answer: Sequence[str], what: str) -> Sequence[str]:
    if answer[-1] != "OK":
        raise LineError(f"{what}: {said(answer[-1])}")
    return answer


def _send(line: Line, number: str, text: str, sending_s: float) -> Receipt:
    signal = _signal(line)
    if not signal.registered:
        raise LineError("the modem is not registered in a network")
    pdu, length = submit(number, text)
    line.put(f"AT+CMGS={length}\r".encode("ascii"))
    line.prompt(PROMPT_S)
    line.put(pdu.encode("ascii") + b"\x1a")
    try:
        answer = line.answer(sending_s)
    except LineError as error:
        raise Unsure(f"after the message was given: {error}") from None
    return _taken(answer)


def _taken(answer: Sequence[str]) -> Receipt:
    if answer[-1] == "OK":
        reference = next((one.partition(":")[2].strip() for one in answer if one.startswith("+CMGS:")), "")
        return Receipt(reference)
    code = _number(answer[-1], r"\+CMS ERROR: *(\d{1,4})")
    raise (Refused if code in NEVER else NotifyError)(f"the network says {said(answer[-1])}")


def _signal(line: Line) -> Signal:
    registration = _number(" ".join(line.ask("AT+CREG?")), r"\+CREG: *\d+ *, *(\d)")
    strength = _number(" ".join(line.ask("AT+CSQ")), r"\+CSQ: *(\d{1,2})")
    level = None if strength is None or strength == 99 else -113 + 2 * strength
    return Signal(registration in REGISTERED, level)


def _number(text: str, pattern: str) -> int | None:
    found = re.search(pattern, text)
    return int(found[1]) if found else None


def _kept(line: Line) -> Sequence[Kept]:
    lines = _must(line.ask("AT+CMGL=4", LISTING_S), "its messages cannot be listed")
    found = []
    for head, pdu in pairwise(lines):
        index = _number(head, r"^\+CMGL: *(\d{1,5}) *,")
        if index is not None:
            found.append(Kept(index, _read(pdu)))
    return found[:MOST_READ]


def _read(pdu: str) -> Incoming | None:
    try:
        return deliver(pdu)
    except PduError as error:
        log.warning("a message in the modem cannot be read: %s", said(error))
        return None


def _remove(line: Line, indexes: Sequence[int]) -> None:
    for index in indexes:
        _must(line.ask(f"AT+CMGD={index}"), f"message {index} cannot be removed")
