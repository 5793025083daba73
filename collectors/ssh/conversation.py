"""Talking with a router's shell: a command goes in, and what comes until the next prompt is its answer.

A prompt counts only at the very end of what came, after a moment of silence, and once the command's own echo was seen:
so a prompt inside an output, or one that was late, ends nothing.
"""

import re
from collections.abc import Callable
from typing import Protocol

from collectors.contract import BadAnswer, CredentialsRefused
from collectors.ssh.bounds import Bounds, Deadline
from collectors.ssh.question import Dialect

TAIL = 2048  # octets at the end of what came in which a prompt, a pager or a question may stand
ECHO_S = 1.0  # a prompt without the command's echo counts only after such a silence
_MORE = r"<?-+ ?\(?more\b[^\n\r\x08]*?(?:-{2,}>?|\)|\Z)"
PAGER = re.compile(rf"(?:^|[\n\r])[ \t]*(?:{_MORE}|-- \[Q quit[^\n]*|Press any key to continue[^\n]*) *\Z", re.I)
_PAGERS = re.compile(rf"^[ \t]*(?:{_MORE}|-- \[Q quit[^\]\n]*\])[ \t]*(?:[\r\x08 ]+|\n(?=\n))?", re.I | re.M)


class Line(Protocol):
    """What carries the talk."""

    def send(self, said: bytes) -> None: ...

    def receive(self, within_s: float) -> bytes | None:
        """What came; None when nothing did in that time; b"" when the other side closed."""


class Conversation:
    """One shell, from its first prompt on."""

    def __init__(
        self, line: Line, dialect: Dialect, bounds: Bounds, clean: Callable[[str], str], quiet_s: float
    ) -> None:
        """`clean`: raw text -> text without terminal codes, lines ended by newlines."""
        self._line = line
        self._dialect = dialect
        self._bounds = bounds
        self._clean = clean
        self._quiet_s = quiet_s
        self._prompt = re.compile(rf"(?:^|\n)[ \t]*({dialect.prompt})[ \t]*\Z")

    def begin(self, deadline: Deadline) -> None:
        """To the first prompt, past what is asked at login, without paging; the prompt is learnt from an answer."""
        self._until_prompt(deadline, asked=True)
        for command in self._dialect.prepare or ("",):
            heard = self._say(command, deadline)
        found = self._prompt.search(heard)
        assert found  # that is what ended the reading
        self._learn(found[1])

    def _learn(self, prompt: str) -> None:
        last = re.escape(prompt.strip().rpartition("\n")[2])
        # Junos says above its prompt which of its routing engines speaks: {master:0}
        self._prompt = re.compile(rf"(?:^|\n)(?:\{{[\w:.-]+\}}[ \t]*\n)?[ \t]*({last})[ \t]*\Z")

    def elevate(self, secret: str, deadline: Deadline) -> None:
        """Higher rights by the platform's command; CredentialsRefused when the secret is not taken."""
        self._send(self._dialect.enable)
        general = re.compile(rf"(?:^|\n)[ \t]*({self._dialect.prompt})[ \t]*\Z")
        heard = self._read(deadline, lambda tail: re.search(r"assword: *\Z", tail) or general.search(tail))
        if re.search(r"assword: *\Z", heard):
            self._send(secret)
            heard = self._read(deadline, lambda tail: re.search(r"assword: *\Z", tail) or general.search(tail))
        found = general.search(heard)
        if not found or not found[1].endswith("#"):
            raise CredentialsRefused("the enable secret is refused")
        self._learn(found[1])

    def ask(self, command: str) -> str:
        """The answer alone: no echo, no prompt, no pager. TooSlow, BadAnswer."""
        heard = self._say(command, Deadline(self._bounds.command_s, repr(command)))
        answer = self._prompt.sub("", _PAGERS.sub("", heard))
        return _without_echo(command, answer)

    def _say(self, command: str, deadline: Deadline) -> str:
        while self._line.receive(0.0):
            pass  # what came late belongs to what was before
        self._send(command)
        return self._until_prompt(deadline, echo=command)

    def _send(self, words: str) -> None:
        self._line.send((words + self._dialect.enter).encode())

    def _until_prompt(self, deadline: Deadline, *, echo: str = "", asked: bool = False) -> str:
        questions = self._dialect.questions if asked else ()
        return self._read(deadline, self._prompt.search, echo=echo, questions=questions)

    def _read(
        self,
        deadline: Deadline,
        ended: Callable[[str], object],
        *,
        echo: str = "",
        questions: tuple[tuple[str, str], ...] = (),
    ) -> str:
        """All that comes until `ended` is true of its end, and nothing follows."""
        heard = bytearray()
        echoed = not echo
        answered = 0
        while True:
            came = self._line.receive(min(deadline.left(), 1.0))
            if came is None:
                continue
            self._add(heard, came)
            while True:
                tail = self._text(heard[-TAIL:])
                echoed = echoed or echo[:40] in self._text(heard[: TAIL + len(echo)])
                if not ended(tail):
                    break
                came = self._line.receive(min(deadline.left(), self._quiet_s if echoed else ECHO_S))
                if came is None:
                    return self._text(heard)
                self._add(heard, came)
            answer = next((word for pattern, word in questions if re.search(pattern, tail, re.I)), None)
            if answer is not None and answered < 2 * len(questions):
                answered += 1
                heard += b"\n"
                self._line.send(
                    answer.encode() if len(answer) == 1 and answer < " " else (answer + self._dialect.enter).encode()
                )
            elif PAGER.search(tail):
                self._line.send(b" ")

    def _add(self, heard: bytearray, came: bytes) -> None:
        if not came:
            raise BadAnswer("the router closed the session")
        heard += came
        if len(heard) > self._bounds.output_octets:
            raise BadAnswer(f"more than {self._bounds.output_octets} octets of output")

    def _text(self, heard: bytes | bytearray) -> str:
        return self._clean(heard.decode("utf-8", "backslashreplace"))


def _without_echo(command: str, answer: str) -> str:
    """What stands behind the line that repeats the command; shells repaint it now and then."""
    lines = answer.split("\n")
    last = max((place for place, line in enumerate(lines[:5]) if line.rstrip().endswith(command)), default=-1)
    return "\n".join(lines[last + 1 :])
