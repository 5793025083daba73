"""`noc notice list`: what devices said unasked, newest first, whether the daemon runs or not."""

import re
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from inventory.selector import SelectorError, parse_selector
from noc.cli.data import Refused, metrics_path
from noc.notices.file import NAME
from noc.notices.reader import Kept, NoticeReader, Question

LABELS = ("name", "site", "region", "kind", "role", "address")
WIDTH = 80
FOLLOW_S = 0.5
DEAF_S = 30.0  # marked so long ago, nobody listens any more
EVERYTHING = 10_000_000
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}


@click.group()
def notice() -> None:
    """Notices: traps, informs and syslog that devices sent.

    \b
    Examples:
      noc notice list --since 1h
    """


def _since(context: click.Context, parameter: click.Parameter, value: str | None) -> float | None:
    """A length of time before now, or a time of day in East Africa: UTC seconds."""
    if value is None:
        return None
    found = re.fullmatch(r"(\d+(?:\.\d+)?) *(s|m|min|h|d|w)", value)
    if found:
        return time.time() - float(found[1]) * _UNITS[found[2][0]]
    from datetime import datetime, timedelta, timezone

    try:
        then = datetime.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f"{value!r} is neither a length (30m, 2h, 3d) nor a time (2026-11-21T14:00)") from None
    return then.replace(tzinfo=then.tzinfo or timezone(timedelta(hours=3))).timestamp()


@notice.command("list")
@click.argument("selector", nargs=-1)
@click.option(
    "--since",
    metavar="TIME",
    callback=_since,
    help="Only what is newer: 30m, 2h, 3d, or 2026-11-21T14:00 (local time).",
)
@click.option("--kind", type=click.Choice(["trap", "inform", "syslog"]), help="Only these.")
@click.option("--name", help="Only what is called so: linkDown, '%LINK-*', '*bgp*' (* stands for anything).")
@click.option("--text", help="Only what has these words in its line or its subject.")
@click.option(
    "--severity", type=click.IntRange(0, 7), help="Only syslog of this severity or worse: 0 emergency, 7 debug."
)
@click.option("--limit", type=click.IntRange(min=0), default=50, show_default=True, help="Lines at most; 0 shows all.")
@click.option("--follow", is_flag=True, help="Go on with what comes, oldest first; Ctrl-C ends it.")
@click.option(
    "--for", "for_s", type=click.FloatRange(min=0), help="With --follow: end by itself after so many seconds."
)
@click.option("--json", "machine", is_flag=True, help="For machines; with --follow one object a line.")
@click.pass_context
def list_(context: click.Context, /, selector: tuple[str, ...], **options: Any) -> None:
    """What devices said unasked, newest first.

    SELECTOR names devices: label=value, label!=value, label~part, or a part of a key or name. Labels: key, name, site,
    region, kind, role, address.

    \b
    Examples:
      noc notice list
      noc notice list region=Dodoma --since 2h --name linkDown
      noc notice list dod-pe-1 --kind syslog --text bgp
      noc notice list --follow
    """
    machine, follow, for_s, limit = (options.pop(word) for word in ("machine", "follow", "for_s", "limit"))
    path = metrics_path(context)
    kind, name, text = (options[word] or "" for word in ("kind", "name", "text"))
    question = Question(_devices(path, selector), options["since"], kind, name, text, severity=options["severity"])
    with NoticeReader(path.with_name(NAME)) as reader:
        newest = reader.find(question, limit or EVERYTHING)
        if follow:
            _follow(reader, question, newest, machine=machine, for_s=for_s)
        elif machine:
            _as_json(reader, newest)
        else:
            _table(reader, newest, reader.count(question) if len(newest) == limit else len(newest))


def _devices(path: Path, selector: Sequence[str]) -> list[str] | None:
    """Keys of the devices that are meant; None for all."""
    if not selector:
        return None
    from noc.store.status import read_status

    try:
        meant = parse_selector(selector, LABELS)
    except SelectorError as error:
        raise Refused(str(error)) from error
    rows = read_status(path, "device")
    found = [row.key for row in rows if meant.matches(row.key, row.labels)]
    if not found:
        from inventory.mistakes import did_you_mean

        hint = did_you_mean(selector[0], [row.key for row in rows])
        raise Refused(f"{' '.join(selector)}: no device is meant by that" + (f" ({hint})" if hint else ""))
    return found


def _deaf(reader: NoticeReader) -> str:
    """Whether somebody still listens, in a sentence where nobody does."""
    from dashboards.figures import duration

    mark = reader.mark("ears")
    if mark is None:
        return "no daemon has listened yet"
    age_s = time.time() - mark[0]
    return f"nobody has listened for {duration(age_s)}: the daemon does not run" if age_s > DEAF_S else ""


def _room() -> int:
    import shutil
    import sys

    return max(WIDTH, shutil.get_terminal_size((WIDTH, 24)).columns) if sys.stdout.isatty() else WIDTH


def _table(reader: NoticeReader, newest: list[Kept], total: int) -> None:
    from dashboards.notices import notice_lines

    if deaf := _deaf(reader):
        click.echo(deaf, err=True)
    if not newest:
        click.echo("no notices")
        return
    click.echo("\n".join(notice_lines((one.notice for one in newest), time.time(), _room())))
    if total > len(newest):
        click.echo(f"and {total - len(newest)} more; --limit 0 shows all")


def _as_json(reader: NoticeReader, newest: list[Kept]) -> None:
    import json

    from dashboards.figures import iso
    from dashboards.notices import as_json

    mark = reader.mark("ears")
    answer = {
        "at": iso(time.time()),
        "listening": not _deaf(reader),
        "listened_at": iso(mark[0]) if mark else None,
        "notices": [as_json(one.number, one.notice) for one in newest],
    }
    click.echo(json.dumps(answer, indent=1, ensure_ascii=False))


def _follow(
    reader: NoticeReader, question: Question, newest: list[Kept], *, machine: bool, for_s: float | None
) -> None:
    import json

    from dashboards.notices import as_json, running_line

    end = None if for_s is None else time.monotonic() + for_s
    try:
        for one in _coming(reader, question, newest, end):
            said = as_json(one.number, one.notice)
            click.echo(json.dumps(said, ensure_ascii=False) if machine else running_line(one.notice, _room()))
    except KeyboardInterrupt:
        pass


def _coming(reader: NoticeReader, question: Question, newest: list[Kept], end: float | None) -> Iterator[Kept]:
    """What is there, oldest first, and then what comes."""
    from dataclasses import replace

    from noc.store.file import StoreBusy

    last = newest[0].number if newest else reader.last_number()
    yield from reversed(newest)
    while end is None or time.monotonic() < end:
        time.sleep(FOLLOW_S)
        with suppress(StoreBusy):
            fresh = reader.find(replace(question, after=last), EVERYTHING)
            last = fresh[0].number if fresh else last
            yield from reversed(fresh)
