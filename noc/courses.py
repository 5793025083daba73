"""How links and circuits went, and when anybody watched: states as the store kept them, made into spans of seconds."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from alerts.board import STATE_CODES
from dashboards.capacity.course import Course, course, together
from dashboards.reports.spans import UNWATCHED, UP, Event, Span, Stretch, spans
from inventory.calendar import DAY_S
from inventory.states import REASON_CODES
from inventory.status import DaemonMark
from noc.store.reader import MetricReader
from noc.store.series import Series
from noc.watching import MEASUREMENT as WATCH
from noc.watching import POLLER, QUANTITIES

LOOK_BACK_S: Final = 2 * DAY_S  # everything is restated once a day
JUDGED_S: Final = 240  # so long after it began a change may be judged, and no report is made of what is younger
_STATES: Final = {code: state.value for state, code in STATE_CODES.items()}
_REASONS: Final = {code: reason.value for reason, code in REASON_CODES.items()}
Links = Mapping[str, Sequence[str]]  # circuit -> links that carry it


def said(reader: MetricReader, subject: tuple[str, str, str], start: int, end: int) -> list[Event]:
    """`subject`: measurement, scope, row; with what was judged late of the time before `end`."""
    [series] = reader.read_many([subject], QUANTITIES, start=start - LOOK_BACK_S, end=end + JUDGED_S)
    return list(events(series))


def events(series: Series) -> Iterator[Event]:
    """As they were kept; instants at which the subject is not named are left out."""
    for at, (state, held_s, reason) in zip(series.at.tolist(), series.values.T.tolist(), strict=True):
        if not np.isnan(state):
            since = None if np.isnan(held_s) else int(at - held_s)
            yield Event(int(at), _STATES[int(state)], since, _REASONS.get(int(np.nan_to_num(reason)), ""))


def unwatched(reader: MetricReader, mark: DaemonMark | None, start: int, end: int) -> list[Span]:
    """When the poller did not run, or was blind. `mark` is the daemon's last line: after it nobody watched."""
    found = said(reader, (WATCH, "", POLLER[0]), start, end)
    ended = reader.stats().last_at if mark is None else int(mark.stopped or mark.at)
    if ended is not None and ended < end:
        found.append(Event(ended, "unknown", None, "stale"))
    parts = spans(found, start, end)
    return [Span(part.start, part.end, UNWATCHED, part.reason) for part in parts if part.state != UP]


def courses(
    reader: MetricReader,
    links: Links,
    gaps: Sequence[Span],
    span: Stretch,
    planned: Mapping[str, Sequence[Stretch]] | None = None,
) -> Mapping[str, Course]:
    """Of circuits over `span`, by all links that carry them; `gaps`: when nobody watched; `planned`: work, by link."""
    found = {}
    for circuit, carriers in links.items():
        if carriers:
            work = planned or {}
            every = [course(_of_link(reader, key, span), gaps, *span, planned=work.get(key, ())) for key in carriers]
            found[circuit] = together(every)
    return found


def _of_link(reader: MetricReader, key: str, span: Stretch) -> list[Event]:
    return [event for scope in ("", key) for event in said(reader, ("link_state", scope, key), *span)]
