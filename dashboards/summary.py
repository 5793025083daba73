"""The live summary of `make run`: member sites by state, polls a second, age of the data, busiest links."""

import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from dashboards.figures import clock, duration, percent, rate
from dashboards.status import use
from inventory.states import WORST_FIRST
from inventory.status import StatusRow

PLAIN_EVERY_S = 5.0
BUSIEST = 8
FRESH_S = 15.0
MEMBERS = frozenset({"mda", "lga"})
COLOURS = {"up": "green", "degraded": "yellow", "unknown": "dim", "unreachable": "magenta", "down": "bold red"}


def headline(sites: Sequence[StatusRow], now: float) -> str:
    """ "149 sites: 147 up · 1 unreachable · 1 down · data 3 s old"."""
    counts = Counter(site.state for site in sites)
    states = [f"{counts[state]} {state}" for state in reversed(WORST_FIRST) if counts[state]]
    answered = [site.at for site in sites if site.at is not None]
    old = f" · data {duration(now - max(answered))} old" if answered else ""
    return f"{len(sites)} sites: {' · '.join(states)}{old}"


class Summary:
    """A progress bar while it starts, then the summary; plain lines where there is no terminal."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(file=sys.stdout, highlight=False)
        self._open = ExitStack()
        self._live: Live | None = None
        self._step = ""
        self._plain_at = 0.0
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._progress = Progress(*columns, console=self._console)
        self._task = self._progress.add_task("sites with fresh data", total=None)
        self._was_complete = False
        self._said: frozenset[str] = frozenset()

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._live = self._open.enter_context(Live(console=self._console, refresh_per_second=4))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._open.close()

    def step(self, words: str) -> None:
        """What is being done now."""
        self._step = words
        self.say(f"{words} ...")

    def say(self, line: str) -> None:
        self._console.print(line, markup=False, soft_wrap=True)

    def show(
        self,
        sites: Sequence[StatusRow],
        links: Sequence[StatusRow],
        *,
        per_s: float | None,
        cases: Sequence[str] = (),
    ) -> None:
        """The rows as they stand; called once a second. `cases`: lines about incidents and messages."""
        now = time.time()
        members = [site for site in sites if site.labels.get("kind") in MEMBERS]
        fresh = sum(site.at is not None and now - site.at <= FRESH_S for site in members)
        self._progress.update(self._task, completed=fresh, total=len(members) or None)
        line = headline(members, now) + (f" · {per_s:.0f} polls/s" if per_s is not None else "")
        complete = bool(members) and fresh == len(members)
        if self._live:
            self._live.update(self._picture(line, links, cases, complete=complete, now=now))
        elif now - self._plain_at >= PLAIN_EVERY_S or complete != self._was_complete:
            self._plain_at = now
            self.say(f"{clock(now, now)} EAT  {fresh} of {len(members)} fresh  {line}")
            self._say_news(cases)
        self._was_complete = complete

    def _say_news(self, cases: Sequence[str]) -> None:
        """Where lines only scroll by, each of them once."""
        for line in cases:
            if line and line not in self._said:
                self.say(f"  {line}")
        self._said = frozenset(cases)

    def _picture(
        self, line: str, links: Sequence[StatusRow], cases: Sequence[str], *, complete: bool, now: float
    ) -> RenderableType:
        parts: list[RenderableType] = [Text(f"GovNet NOC · {clock(now, now)} EAT", style="bold"), Text(line)]
        if not complete:
            parts.append(self._progress.get_renderable())
        wrong = [link for link in links if link.state not in ("up", "unknown")]
        if wrong:
            parts.append(_worst(wrong, now))
        parts += [Text(case) for case in cases]
        parts += [
            _busiest(links),
            Text("Ctrl-C ends it; in a second terminal: noc link status, noc incident list", style="dim"),
        ]
        return Group(*parts)


def _worst(links: Sequence[StatusRow], now: float) -> Table:
    table = Table(title=f"{len(links)} links not up", title_justify="left", box=None, pad_edge=False)
    for heading in ("state", "link", "since"):
        table.add_column(heading, no_wrap=True)
    for link in sorted(links, key=lambda one: (one.state, one.key))[:BUSIEST]:
        since = clock(link.since, now) if link.since else ""
        table.add_row(Text(link.state, style=COLOURS.get(link.state, "")), link.key, since)
    return table


def _busiest(links: Sequence[StatusRow]) -> Table:
    table = Table(title="busiest links", title_justify="left", box=None, pad_edge=False)
    table.add_column("link", no_wrap=True, max_width=34)
    for heading in ("in", "out", "of contract"):
        table.add_column(heading, justify="right", no_wrap=True)
    for link in sorted((one for one in links if "in_bps" in one.figures), key=use, reverse=True)[:BUSIEST]:
        rates = (rate(float(link.figures["in_bps"])), rate(float(link.figures.get("out_bps", 0.0))))
        table.add_row(link.key, *rates, percent(use(link)))
    return table
