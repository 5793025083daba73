"""A modem behind a pseudo terminal: it answers AT commands byte by byte, and fails as modems do."""

import os
import pty
import re
import select
import threading
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class FakeModem:
    """`behave`: well, silent, mute-after-pdu, cms N, unregistered, chatty, no-prompt; `sent` holds (length, PDU)."""

    behave: str = "well"
    path: str = ""
    sent: list[tuple[int, str]] = field(default_factory=list)
    memory: dict[int, str] = field(default_factory=dict)
    commands: list[str] = field(default_factory=list)
    echo: bool = True

    def answer(self, command: str) -> str:
        """What it says to one command."""
        self.commands.append(command)
        if self.behave == "silent":
            return ""
        if command == "ATE0":
            self.echo = False
        if self.behave == "unregistered" and command == "AT+CREG?":
            return self.said("+CREG: 0,2", "OK")
        rows = {
            "AT+CREG?": ("+CREG: 0,1", "OK"),
            "AT+CSQ": ("+CSQ: 18,99", "OK"),
            "AT+CMGF=0": ("OK",),
            "AT+CMEE=1": ("OK",),
            "ATE0": ("OK",),
            "AT+CMGL=4": (*self.listed(), "OK"),
        }
        if found := re.fullmatch(r"AT\+CMGD=(\d+)", command):
            gone = self.memory.pop(int(found[1]), None)
            return self.said("OK" if gone else "+CMS ERROR: 321")
        return self.said(*rows.get(command, ("ERROR",)))

    def listed(self) -> list[str]:
        return [line for index, pdu in self.memory.items() for line in (f"+CMGL: {index},1,,{len(pdu) // 2}", pdu)]

    def said(self, *lines: str) -> str:
        chatter = ["RING", "^RSSI:17"] if self.behave == "chatty" else []
        return "".join(f"\r\n{line}\r\n" for line in (*chatter, *lines))

    def taken(self, length: int, pdu: str) -> str:
        if self.behave == "mute-after-pdu":
            return ""
        if self.behave.startswith("cms"):
            return self.said(f"+CMS ERROR: {self.behave.split()[1]}")
        self.sent.append((length, pdu))
        return self.said(f"+CMGS: {len(self.sent)}", "OK")


def _talk(modem: FakeModem, end: int, stop: threading.Event) -> None:
    held, wanted = b"", 0
    while not stop.is_set():
        if not select.select([end], [], [], 0.02)[0]:
            continue
        try:
            held += os.read(end, 4096)
        except OSError:  # nobody has the other end open
            stop.wait(0.02)
            continue
        while (found := re.search(rb"[\r\x1a]", held)) is not None:
            words, held = held[: found.start()].replace(b"\x1b", b"").decode("latin-1"), held[found.end() :]
            if found[0] == b"\x1a":
                os.write(end, modem.taken(wanted, words).encode())
            elif (asked := re.fullmatch(r"AT\+CMGS=(\d+)", words)) is not None:
                wanted = int(asked[1])
                refused = modem.behave == "no-prompt"
                os.write(end, b"\r\n+CMS ERROR: 500\r\n" if refused else b"\r\n> ")
            elif words:
                echo = f"{words}\r" if modem.echo else ""
                os.write(end, (echo + modem.answer(words)).encode())


@contextmanager
def plugged_in(behave: str = "well") -> Iterator[FakeModem]:
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    modem, stop = FakeModem(behave, os.ttyname(theirs)), threading.Event()
    thread = threading.Thread(target=_talk, args=(modem, ours, stop), daemon=True)
    thread.start()
    try:
        yield modem
    finally:
        stop.set()
        thread.join()
        os.close(ours)
        os.close(theirs)
