"""Alarms that are told together, and the cause that is made of them."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from alerts.alarm import Alarm
from alerts.cause import Role
from alerts.causes.draft import Draft
from alerts.subject import Subject


def by_subject(alarms: Sequence[Alarm]) -> Iterator[list[Alarm]]:
    """Alarms of one device together, oldest first; those of no device by subject."""

    def anchor(alarm: Alarm) -> tuple[str, str, str]:
        subject = alarm.subject
        return (subject.device, "", "") if subject.device else ("", subject.kind, subject.key)

    ordered = sorted(alarms, key=lambda each: (anchor(each), each.since, each.key))
    for _, group in groupby(ordered, anchor):
        yield list(group)


def in_time(alarms: Sequence[Alarm], within_s: float) -> Iterator[list[Alarm]]:
    """Alarms, oldest first, in groups that follow one another within so many seconds."""
    chunk: list[Alarm] = []
    for alarm in alarms:
        if chunk and alarm.since - chunk[-1].since > within_s:
            yield chunk
            chunk = []
        chunk.append(alarm)
    if chunk:
        yield chunk


def bundled(alarms: Sequence[Alarm], root: Subject) -> Draft:
    """A cause of which all these are roots."""
    draft = Draft(alarms[0].family, min(alarm.bad_since for alarm in alarms), [root])
    for alarm in alarms:
        draft.take(alarm, Role.ROOT)
    return draft
