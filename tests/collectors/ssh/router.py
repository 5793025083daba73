"""A router's shell for a real sshd: prompts, echoes, pages and answers as its JSON file says. Run by ForceCommand."""

import json
import os
import sys
import termios
import time
import tty
from pathlib import Path

FLOOD = b"x" * 999 + b"\r\n"


class Router:
    def __init__(self, setting: dict[str, object]) -> None:
        self.setting = setting
        self.prompt = str(setting.get("prompt", "r1#"))
        self.outputs: dict[str, str] = setting.get("outputs", {})  # type: ignore[assignment]
        self.paged = bool(setting.get("paged"))

    def write(self, text: str) -> None:
        os.write(1, text.replace("\n", "\r\n").encode())

    def key(self) -> str:
        got = os.read(0, 1).decode(errors="replace")
        if not got:
            sys.exit(0)
        return got

    def line(self, shown: bool = True) -> str:
        typed = ""
        while (key := self.key()) not in "\r\n":
            typed += key
            if shown:
                self.write(key)
        self.write("\n")
        return typed

    def live(self) -> None:
        time.sleep(float(self.setting.get("login_s", 0)))  # type: ignore[arg-type]
        self.write(str(self.setting.get("motd", "")))
        for question in self.setting.get("questions", ()):  # type: ignore[attr-defined]
            self.write(question)
            self.note("answered " + self.key())
        while True:
            self.write(self.prompt)
            command = self.line().strip()
            self.note(command)
            if command in ("exit", "quit"):
                return
            self.answer(command)

    def answer(self, command: str) -> None:
        if command.startswith(("terminal length", "screen-length", "set cli screen-length")):
            self.paged = False
        elif command == "enable" and "enable" in self.setting:
            self.write("Password: ")
            if self.line(shown=False) == self.setting["enable"]:
                self.prompt = self.prompt.rstrip(">") + "#"
            else:
                self.write("% Access denied\n")
        elif command == "show flood":
            while True:
                os.write(1, FLOOD)
        elif command == "show forever":
            while True:
                self.write("...\n")
                time.sleep(0.1)
        elif command in self.outputs:
            self.show(self.outputs[command])
        elif command:
            self.write(str(self.setting.get("unknown", "% Invalid input detected at '^' marker.\n")))

    def show(self, text: str) -> None:
        for number, line in enumerate(text.splitlines(), 1):
            if line == "<pause>":
                time.sleep(0.02)
                continue
            self.write(line + "\n")
            if self.paged and number % 20 == 0:
                self.write(" --More-- ")
                self.key()
                self.write("\r          \r")

    def note(self, command: str) -> None:
        """What was typed, for the test to read."""
        with Path(str(self.setting["typed"])).open("a") as opened:
            opened.write(command + "\n")


def main() -> None:
    setting = json.loads(Path(sys.argv[1]).read_text())
    router = Router(setting)
    asked = os.environ.get("SSH_ORIGINAL_COMMAND")
    if asked is not None:
        router.note(asked)
        status = setting.get("status", {}).get(asked, 0)
        os.write(1, router.outputs.get(asked, f"sh: {asked.split()[0]}: not found\n").encode())
        sys.exit(status if asked in router.outputs else 127)
    if os.isatty(0):
        tty.setraw(0, termios.TCSANOW)
    router.live()


if __name__ == "__main__":
    main()
