"""Notices: traps, informs and syslog that devices sent unasked, newest first, and one of them with all that was in it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from fastapi.responses import Response

from alerts.local_time import DAY_S
from alerts.subject import Subject
from dashboards.cases.seen import Heard
from dashboards.cases.trail import Trail
from dashboards.moments import MomentError, duration, moment
from dashboards.notices import SEVERITIES
from dashboards.notices import when as heard_at
from dashboards.web.frame import Crumb, Frame, Framed
from dashboards.web.pages.incidents import whole_number
from dashboards.web.pages.terms import levels
from dashboards.web.refusal import Unseen
from dashboards.web.route import Route
from dashboards.web.sources.notices import Listening
from dashboards.web.viewer import Right
from inventory.selector import SelectorError, parse_text
from inventory.sentence import Sentence, noted

PAGE: Final = 100
CLOCK: Final = re.compile(r"\d{1,2}:\d{2}(:\d{2})?")
DEAF_S: Final = 30.0  # marked so long ago, nobody listens any more
LONGEST: Final = 200
KINDS: Final = ("trap", "inform", "syslog")
LABELS: Final = ("name", "site", "region", "kind", "role", "address")
HIGHEST: Final = 2**63 - 1
MOST_CONTENT: Final = 500  # lines of one notice that are shown
FIELDS: Final = ("q", "kind", "name", "text", "since", "until", "severity", "before")


@dataclass(frozen=True, slots=True)
class Question:
    """`wanted` is None where `problems` says why."""

    typed: Mapping[str, str]
    wanted: Listening | None
    problems: Mapping[str, str]


def notices(frame: Framed) -> Response:
    """Filters that mean nothing are answered with the form and what is wrong: 422."""
    question = asked(frame)
    sight = frame.sight
    found: Sequence[Heard] = sight.records.heard(question.wanted, PAGE + 1) if question.wanted is not None else ()
    listened_at = sight.records.listened_at()
    deaf = listened_at is None or sight.now - listened_at > DEAF_S
    kept = [(name, value) for name, value in question.typed.items() if value and name != "before"]
    return frame.page(
        "cases/notices.html",
        title=frame.gettext("Notices"),
        crumbs=[Crumb(frame.gettext("Notices"))],
        status=422 if question.problems else 200,
        typed=question.typed,
        problems=question.problems,
        rows=found[:PAGE],
        older=f"/notices?{urlencode([*kept, ('before', str(found[PAGE - 1].number))])}" if len(found) > PAGE else "",
        newest=f"/notices?{urlencode(kept)}" if question.typed["before"] else "",
        kinds=KINDS,
        severities=SEVERITIES,
        levels=levels(frame.language),
        listened_at=listened_at,
        deaf=deaf,
        asked_for=any(question.typed.values()),
        heard_at=heard_at,
    )


def asked(frame: Frame) -> Question:
    given = frame.request.query_params
    typed = {name: given.get(name, "").strip() for name in FIELDS}
    long = Sentence("too-long", "at most {most} letters", most=LONGEST)
    problems: dict[str, str] = {name: long for name, value in typed.items() if len(value) > LONGEST}
    if problems:
        return Question({name: value[:LONGEST] for name, value in typed.items()}, None, problems)
    devices = _devices(frame, typed["q"], problems)
    since, until = (_instant(typed[name], name, frame.sight.now, problems) for name in ("since", "until"))
    before = _number(typed["before"], "before", HIGHEST, problems)
    severity = _number(typed["severity"], "severity", len(SEVERITIES) - 1, problems)
    if typed["kind"] not in ("", *KINDS):
        problems["kind"] = Sentence("kind-unknown", "one of {known}", known=", ".join(KINDS))
    if since is not None and until is not None and until < since:
        text = noted("{until} is before {since}")
        problems["until"] = Sentence("ends-first", text, until=typed["until"], since=typed["since"])
    kind, name, text = (typed[field] for field in ("kind", "name", "text"))
    wanted = Listening(devices, since, until, kind, name, text, severity, before)
    return Question(typed, None if problems else wanted, problems)


def _devices(frame: Frame, text: str, problems: dict[str, str]) -> Sequence[str] | None:
    """Keys of the devices that are meant; None for all."""
    if not text:
        return None
    try:
        selector = parse_text(text, LABELS)
    except SelectorError as error:
        problems["q"] = str(error)
        return None
    inventory = frame.sight.inventory
    found = [
        key
        for key, device in inventory.devices.items()
        if selector.matches(
            key,
            {
                "name": device.name,
                "site": device.site,
                "region": inventory.site_of(key).region,
                "kind": inventory.site_of(key).kind,
                "role": device.role,
                "address": device.address,
            },
        )
    ]
    if not found:
        problems["q"] = Sentence("device-unknown", "no device is meant by {text!r}", text=text)
    return found


def _instant(text: str, name: str, now: float, problems: dict[str, str]) -> float | None:
    """A length of time before now, or a moment that was: a bare clock is the last such time, not the next."""
    if not text:
        return None
    try:
        bare = text[:1].isdigit() and not any(sign in text for sign in ":-")
        at = now - duration(text) if bare else moment(text, now)
    except MomentError as error:
        problems[name] = str(error)
        return None
    return at - DAY_S if at > now and CLOCK.fullmatch(text) else at


def _number(text: str, name: str, most: int, problems: dict[str, str]) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 19 and int(text) <= most):
        problems[name] = Sentence("no-number", "{text!r} is no number up to {most}", text=text[:40], most=most)
        return None
    return int(text)


def notice(frame: Framed, number: str) -> Response:
    whole = whole_number(number)
    found = frame.sight.records.heard(Listening(number=whole), 1)
    if not found:
        raise Unseen(
            Sentence("notice-unknown", "there is no notice {number}: they are kept for a while only", number=whole)
        )
    one = found[0].notice
    return frame.page(
        "cases/notice.html",
        title=f"{one.name} · {one.device}",
        crumbs=[Crumb(frame.gettext("Notices"), "/notices"), Crumb(str(whole))],
        number=whole,
        one=one,
        severity=_level(frame, one.severity),
        content=list(flat(one.content))[:MOST_CONTENT],
        heard_at=heard_at(one.at, frame.sight.now),
        ways=_trail(frame).ways(Subject("device", one.device, one.device), one.at),
    )


def _trail(frame: Frame) -> Trail:
    return Trail(frame.sight.cases.names, frame.language.key, frame.sight.now, whole=True)


def _level(frame: Frame, severity: int) -> str:
    known = 0 <= severity < len(SEVERITIES)
    return levels(frame.language)[SEVERITIES[severity]] if known else str(severity)


def flat(content: Any, path: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """(name, value) of everything that was in it, however it was nested."""
    if isinstance(content, Mapping) and depth < 8:
        for name, value in content.items():
            yield from flat(value, f"{path}.{name}" if path else str(name), depth + 1)
    elif isinstance(content, list) and depth < 8:
        for place, value in enumerate(content):
            yield from flat(value, f"{path}[{place}]", depth + 1)
    else:
        yield path, str(content)


ROUTES: Final = (
    Route("/notices", notices, Right.WATCH),
    Route("/notices/{number}", notice, Right.WATCH),
)
