"""What happened around one incident: lines of its timeline with what devices said, and what became of each message."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from alerts.words.lines import line as said_of
from dashboards.cases.seen import Heard
from dashboards.incident_story import Address, Story
from dashboards.incidents import IncidentsView
from dashboards.text import one_line
from inventory.notice import Notice

MOST_ENTRIES: Final = 200
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


def timeline(story: Story, heard: Iterable[Heard], view: IncidentsView) -> tuple[list[Moment], int]:
    """(the newest happenings, oldest first; how many before them are left out)."""
    found = [
        Moment(each.at, SORTS.get(each.kind, "change"), one_line(said_of(each, view.language, view.names)))
        for each in story.entries
    ]
    found += [Moment(one.notice.at, "notice", heard_text(one.notice), f"/notices/{one.number}") for one in heard]
    found.sort(key=lambda one: one.at)
    return found[-MOST_ENTRIES:], max(0, len(found) - MOST_ENTRIES)


def heard_text(one: Notice) -> str:
    return one_line(f"{one.device} {one.name} {one.subject} {one.text}")
