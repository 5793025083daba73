"""What people do with an incident: take it, give it, note, wait for a provider, resolve, close; each in one transaction.

Every act returns the incident as it stands afterwards, or raises ActRefused and changes nothing. No act ever sends a
message (SEMANTICS 25); taking an incident cancels what of it still waits to be sent, on every channel (SEMANTICS 24).
They need the ledger alone, so they work while the daemon is down.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from alerts.books import Books
from alerts.desk.outbound import cancel
from alerts.incident import Entry, EntryKind, Incident, IncidentState
from alerts.local_time import DAY_S, spoken
from inventory.sentence import Sentence, noted

LONGEST_WAIT_S = 90 * DAY_S
LONGEST_TEXT = 2_000
LONGEST_WORD = 64  # of a ticket, of an owner's name

_S = IncidentState
_TAKEN = (_S.ACKNOWLEDGED, _S.IN_PROGRESS, _S.WAITING)
TAKEN_BY = {
    _S.ACKNOWLEDGED: noted("incident {number} is already acknowledged by {who} since {when}"),
    _S.IN_PROGRESS: noted("incident {number} is already in progress by {who} since {when}"),
    _S.WAITING: noted("incident {number} is already waiting by {who} since {when}"),
}
UNRESOLVED = {
    _S.OPEN: noted("incident {number} is open: only a resolved incident can be closed"),
    _S.ACKNOWLEDGED: noted("incident {number} is acknowledged: only a resolved incident can be closed"),
    _S.IN_PROGRESS: noted("incident {number} is in progress: only a resolved incident can be closed"),
    _S.WAITING: noted("incident {number} is waiting: only a resolved incident can be closed"),
}


class ActRefused(Exception):
    """It cannot be done as things stand; the text says why, and nothing has been changed."""


def acknowledge(books: Books, number: int, who: str, now: float, *, via: str = "cli") -> Incident:
    """`who` takes it: escalation and repeats end. Asked again by the same person it changes nothing."""
    incident = _unresolved(books, number)
    if incident.state in _TAKEN:
        if incident.acknowledged_by == who:
            return incident
        raise ActRefused(_taken_by(incident))
    taken = _taken(incident, who, now, _S.ACKNOWLEDGED)
    cancel(books, number, now)
    return _keep(books, taken, _line(taken, who, now, "acknowledged", {"via": via}))


def assign(books: Books, number: int, who: str, owner: str, now: float) -> Incident:
    """`owner` works on it from now on. Whoever gives it away has seen it: it counts as taken by them."""
    incident = _unresolved(books, number)
    owner = _word(owner, noted("the owner is needed, in at most {most} characters"))
    if incident.owner == owner and incident.state is _S.IN_PROGRESS:
        return incident
    given = replace(_taken(incident, who, now, _S.IN_PROGRESS), owner=owner)
    cancel(books, number, now)
    return _keep(books, given, _line(given, who, now, "assigned", {"owner": owner, "was": incident.owner}))


def note(books: Books, number: int, who: str, text: str, now: float) -> Incident:
    """One line for everybody who reads on; after a note an acknowledged incident is in progress. Closed ones take notes too."""
    incident = _known(books, number)
    text = _text(text)
    state = _S.IN_PROGRESS if incident.state is _S.ACKNOWLEDGED else incident.state
    noted = replace(incident, state=state, touched_at=now)
    return _keep(books, noted, _line(noted, who, now, "noted", {}, text=text, kind="note"))


def wait(books: Books, number: int, who: str, now: float, *, ticket: str, next_check_at: float) -> Incident:
    """The provider has it: `ticket` is theirs; at `next_check_at` (UTC seconds) it comes back unless it recovered."""
    incident = _unresolved(books, number)
    ticket = _word(ticket, noted("the ticket of the provider is needed, in at most {most} characters"))
    if not now < next_check_at <= now + LONGEST_WAIT_S:
        raise ActRefused(
            Sentence("check-not-ahead", "the next check must lie ahead, and not more than {most} days", most=90)
        )
    waiting = replace(_taken(incident, who, now, _S.WAITING), ticket=ticket, next_check_at=next_check_at)
    cancel(books, number, now)
    return _keep(
        books, waiting, _line(waiting, who, now, "waiting", {"ticket": ticket, "next_check_at": next_check_at})
    )


def resolve(books: Books, number: int, who: str, now: float, *, text: str = "") -> Incident:
    """It is over, says a person; refused while it fires. Those who were told hear of it as of any recovery."""
    incident = _unresolved(books, number)
    alarms = books.alarms()
    firing = sorted(key for key in incident.members if key in alarms and alarms[key].bad)
    if incident.bad or firing:
        fires = _spoken(str(firing[0] if firing else incident.root))
        raise ActRefused(
            Sentence(
                "incident-fires",
                "incident {number} still fires: {fires}; it resolves by recovery",
                number=number,
                fires=fires,
            )
        )
    good = [alarm.good_since for key in incident.members if (alarm := alarms.get(key)) and alarm.good_since is not None]
    resolved = replace(
        incident,
        state=_S.RESOLVED,
        resolved_at=now,
        recovered_at=incident.recovered_at or max(good, default=now),
        touched_at=now,
        next_check_at=None,
    )
    cancel(books, number, now)
    text = _text(text) if text.strip() else ""
    return _keep(books, resolved, _line(resolved, who, now, "resolved-by-hand", {}, text=text, kind="resolved"))


def close(books: Books, number: int, who: str, now: float, *, cause: str) -> Incident:
    """The end of it, with its cause in words; only of what is resolved, and it never opens again."""
    incident = _known(books, number)
    if incident.state is _S.CLOSED:
        when = _when(incident.closed_at)
        raise ActRefused(
            Sentence("incident-closed", "incident {number} is closed since {when}", number=number, when=when)
        )
    if incident.unresolved:
        raise ActRefused(Sentence("incident-unresolved", UNRESOLVED[incident.state], number=number))
    if not cause.strip():
        raise ActRefused(Sentence("cause-needed", "say what the cause was"))
    closed = replace(incident, state=_S.CLOSED, closed_at=now, closing=_text(cause), touched_at=now)
    return _keep(books, closed, _line(closed, who, now, "closed", {}, text=closed.closing, kind="closed"))


def _taken(incident: Incident, who: str, now: float, state: IncidentState) -> Incident:
    first = incident.acknowledged_at is None
    return replace(
        incident,
        state=state,
        owner=incident.owner or who,
        acknowledged_by=who if first else incident.acknowledged_by,
        acknowledged_at=now if first else incident.acknowledged_at,
        touched_at=now,
        next_check_at=None,
    )


def _known(books: Books, number: int) -> Incident:
    incident = books.incident(number)
    if incident is None:
        raise ActRefused(Sentence("incident-unknown", "there is no incident {number}", number=number))
    return incident


def _unresolved(books: Books, number: int) -> Incident:
    incident = _known(books, number)
    if incident.state is _S.CLOSED:
        raise ActRefused(
            Sentence(
                "incident-closed",
                "incident {number} is closed since {when}; a closed one never opens again",
                number=number,
                when=_when(incident.closed_at),
            )
        )
    if incident.state is _S.RESOLVED:
        when = _when(incident.resolved_at)
        raise ActRefused(
            Sentence("incident-resolved", "incident {number} is resolved since {when}", number=number, when=when)
        )
    return incident


def _keep(books: Books, incident: Incident, entry: Entry) -> Incident:
    kept = books.put(incident)
    books.tell(entry)
    books.audit(entry.at, entry.who, entry.code, {"incident": entry.incident, **entry.figures, "text": entry.text})
    return kept


def _line(
    incident: Incident,
    who: str,
    at: float,
    code: str,
    figures: Mapping[str, Any],
    *,
    text: str = "",
    kind: EntryKind = "act",
) -> Entry:
    return Entry(incident.number, at, kind, who, code, figures, text)


def _spoken(key: str) -> str:
    """Of an alarm or its subject, with the kind of what it is about in the reader's language."""
    *rule, kind, name = key.split(" ", 2)
    what = Sentence("subject", "{kind} {key}", kind=Sentence("kind", kind), key=name)
    return Sentence("alarm", "{rule} {what}", rule=rule[0], what=what) if rule else what


def _taken_by(incident: Incident) -> Sentence:
    who, when = incident.acknowledged_by or incident.owner, _when(incident.acknowledged_at)
    return Sentence("incident-taken", TAKEN_BY[incident.state], number=incident.number, who=who, when=when)


def _when(at: float | None) -> str:
    return spoken(at) if at is not None else Sentence("moment", "an unknown time")


def _text(text: str) -> str:
    """As people wrote it, without what could move a cursor; refused when empty or longer than is read."""
    clean = _printable(text.splitlines())
    if not clean:
        raise ActRefused(Sentence("text-needed", "there is no text in it"))
    if len(clean) > LONGEST_TEXT:
        count = len(clean)
        raise ActRefused(
            Sentence(
                "text-long",
                "the text has {count} characters, at most {most} are kept",
                count=count,
                most=LONGEST_TEXT,
            )
        )
    return clean


def _word(text: str, needed: str) -> str:
    clean = _printable(text.splitlines())
    if not clean or len(clean) > LONGEST_WORD:
        raise ActRefused(Sentence("word-needed", needed, most=LONGEST_WORD))
    return clean


def _printable(lines: Iterable[str]) -> str:
    kept = ("".join(letter for letter in line if letter.isprintable()).strip() for line in lines)
    return " ".join(line for line in kept if line)
