"""One request to InfluxDB: bounded in lines and octets, and halved where the server refuses some of it."""

from dataclasses import dataclass
from typing import Final

MOST_LINES: Final = 5_000
MOST_OCTETS: Final = 1_000_000
MOST_TRIES: Final = 400  # to find the bad lines of one that was refused; then what is left goes aside whole


@dataclass(slots=True)
class Request:
    """`parts` are what is still to be sent of it, the next one last; `values` how many fields they carry."""

    parts: list[list[bytes]]
    values: int
    last: bool = True  # of what belongs together
    tries: int = 0

    def divide(self, dropped: int = 0) -> list[bytes]:
        """The next part was refused: it is halved, or returned where it is to blame alone.

        So it is where the server counts as many `dropped` as there are: all are older than it keeps, say.
        """
        part = self.parts.pop()
        self.tries += 1
        if len(part) in (1, dropped) or self.tries > MOST_TRIES:
            return part
        middle = len(part) // 2
        self.parts += [part[middle:], part[:middle]]
        return []


def requests(lines: list[bytes], values: int) -> list[Request]:
    """As many as are needed, in order."""
    return [Request([part], 0 if number else values) for number, part in enumerate(reversed(cut(lines)))]


def cut(lines: list[bytes]) -> list[list[bytes]]:
    """In parts of bounded size, the first one last, as they are taken from the end."""
    parts: list[list[bytes]] = []
    size = MOST_OCTETS
    for line in lines:
        if size + len(line) > MOST_OCTETS or len(parts[-1]) >= MOST_LINES:
            parts.append([])
            size = 0
        parts[-1].append(line)
        size += len(line) + 1
    return parts[::-1]
