"""The NOC itself: is the daemon well, are polls on time, does the store keep, do messages leave, what is counted."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from fastapi import Request
from fastapi.responses import Response

from dashboards.charts.panel import Panel, Subject
from dashboards.own import Trouble, grouped, troubles
from dashboards.web.entrance.counted import Tally
from dashboards.web.frame import Crumb, Frame, Framed
from dashboards.web.live import hub_of
from dashboards.web.pages.boards import board_of
from dashboards.web.pages.terms import polls
from dashboards.web.route import Route
from dashboards.web.sources.own import Health, Poll
from dashboards.web.viewer import Right

WELL: Final = "fine"


def noc(frame: Framed, request: Request) -> Response:
    own, _ = frame.sight.own, frame.gettext
    health, counts = own.health, own.counts
    tally: Tally = request.app.state.tally
    return frame.page(
        "noc/own.html",
        title=_("The NOC itself"),
        crumbs=[Crumb(_("NOC"))],
        health=health,
        troubles=list(_said(troubles(health, frame.sight.now, frame.words.spans), frame)),
        findings=[one for one in own.findings or () if one[1] != WELL],
        store=own.store,
        counts=counts,
        groups=grouped(counts.rows),
        tally=tally,
        listeners=hub_of(request).listeners,
        parts_of=_parts(frame, health),
        layers=layer_words(frame),
        polls=polls(frame.language),
        drawn=board_of(frame, request, _panels(frame, health.polls.slowest)),
    )


def _panels(frame: Frame, slowest: Sequence[Poll]) -> list[Panel]:
    """How the polls went of those devices that are slowest now; each poll leaves its duration and lateness."""
    text, words = frame.gettext("Polls of {device}, {collector}"), polls(frame.language)
    return [
        Panel(
            text.format(device=one.device, collector=words.get(one.collector, one.collector)),
            Subject("poll", one.device, one.collector, ("duration_ms", "late_ms")),
        )
        for one in slowest[:2]
    ]


def _parts(frame: Frame, health: Health) -> Sequence[tuple[str, bool]]:
    words, channel = part_words(frame), frame.gettext("channel")
    found = []
    for part, failing in health.parts.items():
        kind, _, name = part.partition(" ")
        found.append((f"{channel} {name}" if kind == "channel" else words.get(part, part), failing))
    return found


def part_words(frame: Frame) -> Mapping[str, str]:
    """What the daemon watches of itself; channels keep their names."""
    _ = frame.gettext
    return {
        "clock": _("clock of the machine"),
        "disk": _("room on the disk"),
        "ledger": _("ledger takes writes"),
        "queue": _("messages leave in time"),
        "store": _("store takes writes"),
        "influxdb": "InfluxDB",
    }


def layer_words(frame: Frame) -> Mapping[str, str]:
    _ = frame.gettext
    return {
        "hours at full resolution": _("hours at full resolution"),
        "days at full resolution": _("days at full resolution"),
        "five-minute": _("five-minute"),
        "hourly": _("hourly"),
        "daily": _("daily"),
        "monthly": _("monthly"),
    }


def _said(found: Sequence[Trouble], frame: Frame) -> Any:
    words = trouble_words(frame)
    for one in found:
        yield one.grave, words[one.text].format(**one.figures)


def trouble_words(frame: Frame) -> Mapping[str, str]:
    _ = frame.gettext
    return {
        "never": _("The daemon has never run here."),
        "stopped": _("The daemon was stopped {age} ago."),
        "silent": _("The daemon wrote last {age} ago; it does not run any more."),
        "stuck": _("The daemon runs and wrote last {age} ago: see its log before restarting it."),
        "late": _("Polls start late: p99 {late}."),
        "part": _("Something of it fails: {part}."),
        "influx": _("InfluxDB: {error}"),
        "behind": _("InfluxDB is {age} behind."),
        "refused": _("InfluxDB refused {lines} lines; they are in influx-refused.lp."),
        "channel": _("Channel {name} fails for {age}: {error}"),
        "queue": _("{count} messages wait, the oldest for {age}."),
        "disk": _("Only {free} are free on the disk."),
        "wrong": "{text}",
    }


ROUTES: Final = (Route("/noc", noc, Right.WATCH),)
