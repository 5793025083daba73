"""What a poll does when its answers are not what the layout knows: learn them, or get the missing by lesser ways.

Every value is taken by the OBJECT IDENTIFIER that the device wrote beside it, never by its position alone.
"""

from collections.abc import Sequence
from dataclasses import replace

from collectors.contract import Matrix, ViewDenied
from collectors.snmp.call import NOTHING, Call, lateness
from collectors.snmp.exchange import Answers
from collectors.snmp.message import NO_ERROR, TOO_BIG, Answer, Content, number
from collectors.snmp.poll import Names, Poll, Slot
from collectors.snmp.speech import HIDDEN, UPTIME


async def mend(call: Call, poll: Poll, answers: Answers, *, since: float) -> Matrix:
    """The matrix of a poll whose answers `poll.read` did not know; raises a CollectError when there is none.

    `since` is the loop's time when the poll was sent.
    """
    names = Names(poll.plan).all()
    replies = [call.read(data) for data in answers]
    late = poll.slots_late(lateness(answers))
    if fits(poll, names, replies):
        matrix = poll.learn([reply for reply in replies if reply is not None])
        if matrix is not None:
            told = poll.late(late) if late else None
            measure(poll, replies)
            return replace(matrix, late=told, age_s=call.now - since - late.get(0, 0.0))
    places = {name: place for place, name in enumerate(names)}
    found: dict[int, Content] = {}
    for reply in replies:
        if reply is not None and reply.status == NO_ERROR:
            collect(reply, places, found)
    missing = [place for place in range(len(names)) if place not in found and place not in poll.refused]
    before = call.peer.pdus, call.peer.octets
    for place, content in zip(missing, await call.fetch([names[place] for place in missing]), strict=True):
        if content is not None:
            found[place] = content
    late |= {place: call.moments[at] - since for at, place in enumerate(missing) if place in found}
    told, age_s = poll.late(late), call.now - since - late.get(0, 0.0)
    if not found and call.speech.knows_views and UPTIME in poll.plan.scalars:
        raise ViewDenied(HIDDEN)
    adapt(call, poll, names, replies)
    read = {place: number(*content) for place, content in found.items()}
    matrix = poll.matrix({place: sure for place, sure in read.items() if sure is not None})
    pdus, octets = call.peer.pdus - before[0], call.peer.octets - before[1]
    heard = sum(len(data) for data in answers if data is not None)
    return replace(matrix, pdus=matrix.pdus + pdus, octets=matrix.octets + octets + heard, late=told, age_s=age_s)


def fits(poll: Poll, names: Sequence[bytes], replies: Sequence[Answer | None]) -> bool:
    """Every slot is answered wholly, by exactly the names it asked."""
    return all(
        reply is not None and reply.status == NO_ERROR and reply.names == [names[place] for place in slot.places]
        for slot, reply in zip(poll.slots, replies, strict=True)
    )


def collect(reply: Answer, places: dict[bytes, int], found: dict[int, Content]) -> None:
    for i, name in enumerate(reply.names):
        place = places.get(name)
        if place is not None and reply.tags[i] not in NOTHING:
            found[place] = reply.content(i)


def measure(poll: Poll, replies: Sequence[Answer | None]) -> None:
    """How large a row really is decides how many go into one answer."""
    sizes = [
        (reply.ends[-1] - reply.starts[0]) / slot.rows + 16
        for slot, reply in zip(poll.slots, replies, strict=True)
        if reply is not None and slot.rows and reply.ends
    ]
    if sizes and not poll.row_octets:
        poll.row_octets = int(max(sizes)) + 1
        poll.prepare()


def adapt(call: Call, poll: Poll, names: Sequence[bytes], replies: Sequence[Answer | None]) -> None:
    """Ask otherwise next time, by what failed this time."""
    poll.refused = {place for place, name in enumerate(names) if name in call.refused}
    height = max(1, len(poll.plan.indexes))
    first = len(poll.plan.scalars)
    poll.lone |= {~((place - first) // height) for place in poll.refused if place >= first}
    bulks = [(slot, reply) for slot, reply in zip(poll.slots, replies, strict=True) if slot.rows]
    silent = [reply is None for _, reply in bulks]
    if silent and all(silent):
        poll.way.bulk_unanswered()
    elif any(silent):
        poll.way.fewer_rows()
    else:
        poll.way.silent = 0
    for slot, reply in bulks:
        if reply is not None:
            adapt_slot(poll, names, slot, reply)
    poll.prepare()


def adapt_slot(poll: Poll, names: Sequence[bytes], slot: Slot, reply: Answer) -> None:
    """One GETBULK that was answered, but perhaps by less or by other than was asked."""
    way = poll.way
    if reply.status == TOO_BIG:
        way.fewer_rows()
    elif reply.status != NO_ERROR:
        way.bulk = way.bulk and bool(poll.refused)
    else:
        asked = [names[place] for place in slot.places]
        aligned = reply.names == asked[: len(reply.names)]
        whole = (len(reply.names) * slot.rows) // max(1, len(asked))
        if not aligned:
            poll.lone |= rows_of(poll, slot)
        elif len(reply.names) < len(asked):
            way.rows = max(1, min(way.rows, whole))
            way.bulk = way.bulk and whole > 1


def rows_of(poll: Poll, slot: Slot) -> set[int]:
    first, height = len(poll.plan.scalars), max(1, len(poll.plan.indexes))
    return {(place - first) % height for place in slot.places if place >= first}
