"""What happened around one incident: lines of its timeline with what devices said, and what became of each message."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from alerts.incident import Incident
from alerts.words.lines import line as said_of
from dashboards.cases.seen import Heard
from dashboards.incident_story import AROUND_S, Address, Story
from dashboards.incidents import IncidentsView
from dashboards.notices import when
from dashboards.text import one_line
from inventory.notice import Notice

LEAF: Final = 200  # lines of a timeline on one page
MOST_WORDS: Final = 3  # notices that stand with the evidence
Happening = Literal["act", "note", "told", "alarm", "notice", "change"]
SORTS: Final[Mapping[str, Happening]] = {
    "act": "act",
    "note": "note",
    "told": "told",
    "alarm": "alarm",
    "closed": "act",
    "resolved": "act",
}


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one person; `to` is masked."""

    at: float
    contact: str
    occasion: str
    channel: str
    to: str
    fate: str
    ended_at: float | None
    page: bool
    tries: int
    error: str


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the timeline; `address` where it leads to."""

    at: float
    sort: Happening
    text: str
    address: str = ""


def messages(story: Story, view: IncidentsView, address: Address) -> list[Message]:
    found = []
    for one in story.notifications:
        channel = one.channel or one.channels[min(one.place, len(one.channels) - 1)]
        found.append(
            Message(
                at=one.queued_at,
                contact=one_line(view.names.contact(one.contact)),
                occasion=view.words[f"told {one.occasion}"],
                channel=channel,
                to=address(one.contact, channel),
                fate=str(one.fate),
                ended_at=one.ended_at,
                page=one.page,
                tries=one.tries,
                error=one_line(one.error),
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of a timeline of `total` lines. Pages count from its beginning and once they are full never change.

    The last one takes what comes, and is the whole timeline of most incidents. `asked`: its number, 0 for the last.
    """

    incident: int
    total: int
    asked: int = 0

    @property
    def last(self) -> int:
        return max(1, self.total // LEAF)

    @property
    def number(self) -> int:
        return self.asked or self.last

    @property
    def start(self) -> int:
        return (self.number - 1) * LEAF

    @property
    def most(self) -> int:
        return self.total - self.start if self.number == self.last else LEAF

    def address(self, number: int) -> str:
        page = "" if number == self.last else f"?page={number}"
        return f"/incidents/{self.incident}{page}#happened"


def timeline(story: Story, heard: Iterable[Heard], view: IncidentsView, leaf: Leaf) -> list[Moment]:
    """What happened, oldest first: the lines of that page, and what was heard between them."""
    begins = story.entries[0].at if leaf.number > 1 and story.entries else -math.inf
    ends = story.entries[-1].at if leaf.number < leaf.last and story.entries else math.inf
    found = [
        Moment(each.at, SORTS.get(each.kind, "change"), one_line(said_of(each, view.language, view.names)))
        for each in story.entries
    ]
    between = (one for one in heard if begins <= one.notice.at <= ends)
    found += [Moment(one.notice.at, "notice", heard_text(one.notice), f"/notices/{one.number}") for one in between]
    return sorted(found, key=lambda one: one.at)


def heard_text(one: Notice) -> str:
    return one_line(f"{one.device} {one.name} {one.subject} {one.text}")


@dataclass(frozen=True, slots=True)
class Word:
    """One notice as it stands with the evidence; `at` is a clock to the second."""

    number: int
    at: str
    text: str


@dataclass(frozen=True, slots=True)
class Beginning:
    """What devices said as it began: the first of it, and how many notices there are beside."""

    first: Sequence[Word]
    more: int


def beginning(heard: Sequence[Heard], incident: Incident, now: float) -> Beginning | None:
    """Nearest to the first sign before others; None where nothing was heard then."""
    near = sorted(heard, key=lambda one: abs(one.notice.at - incident.since))[:MOST_WORDS]
    first = [one for one in near if abs(one.notice.at - incident.since) <= AROUND_S]
    if not first:
        return None
    words = [
        Word(
            one.number, when(one.notice.at, now), one_line(f"{one.notice.device} {one.notice.name or one.notice.kind}")
        )
        for one in sorted(first, key=lambda one: one.notice.at)
    ]
    return Beginning(words, len(heard) - len(words))
