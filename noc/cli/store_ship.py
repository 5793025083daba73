"""`noc store ship`: what InfluxDB does not have yet, sent by the daemon, or by this command while there is none."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from noc.cli.data import Refused
from noc.cli.desk import acting, looking
from noc.cli.moments import moment

if TYPE_CHECKING:
    from pathlib import Path

    from noc.config import Config
    from noc.influx.figures import Figures
    from noc.influx.resend import Range
    from noc.influx.sending import Order

TAKEN_S = 15.0  # the daemon looks every other second, and its store commits every second
COMMIT_S = 1.0

Told = Callable[[int], None]  # how many intervals are still owed


@click.command()
@click.option("--since", metavar="TIME", help="Send again what is newer: 2025-11-01, '30d ago'.")
@click.option("--until", metavar="TIME", help="With --since: only what is older than this.")
@click.option("--wait", is_flag=True, help="Stay until InfluxDB has everything, however long it does not answer.")
@click.option("--json", "machine", is_flag=True, help="For machines: stable keys instead of sentences.")
@click.pass_context
def ship(context: click.Context, since: str | None, until: str | None, wait: bool, machine: bool) -> None:
    """Send to InfluxDB what it does not have; with --since also what it had before.

    While the daemon runs it does the sending, and this command shows how far it is. Without a daemon the command sends by
    itself. Ctrl-C loses nothing: what was not sent stays owed. Sending twice changes nothing in InfluxDB.

    \b
    Examples:
      noc store ship                     what is still owed; sent, where no daemon runs
      noc store ship --since 2025-11-01  all since then once more, as for a new InfluxDB
      noc store ship --wait

    Exit status: 0 asked for, or all is there; 1 something is still owed that cannot be sent now; 2 bad input.
    """
    from inventory.secrets import read_secrets
    from noc.checking import environment
    from noc.config import load
    from noc.config_path import find_config
    from noc.influx.sending import Order
    from noc.store.file import written_now

    config = load(find_config((context.find_root().obj or {}).get("config_path")))
    order = Order.of(config, read_secrets(config.secrets.file, environment()))
    if order is None:
        raise Refused("nothing is sent anywhere: set [influxdb] url in noc.toml")
    wanted = _range(since, until)
    if written_now(order.path):
        answer = _by_daemon(config, order.path, wanted, wait=wait)
    else:
        answer = _by_ourselves(order, wanted, wait=wait)
    _say(answer, machine=machine)
    context.exit(answer["exit"])


def _range(since: str | None, until: str | None) -> "Range | None":
    from noc.influx.resend import Range

    if since is None:
        if until is not None:
            raise Refused("--until: says nothing without --since")
        return None
    now = time.time()
    first, last = moment(since, now), moment(until, now) if until else None
    if first > now:
        raise Refused(f"--since {since}: that is still to come")
    if last is not None and last <= first:
        raise Refused("--until is not after --since")
    return Range(int(first)) if last is None else Range(int(first), int(last))


def _by_daemon(config: "Config", path: "Path", wanted: "Range | None", *, wait: bool) -> dict[str, Any]:
    from noc.influx.resend import ask
    from noc.influx.standing import standing

    if wanted is not None:
        with acting(config) as books:
            ask(books, wanted)
        _until_taken(config)
    if wait:
        with _bar() as told:
            while (sent := standing(path)) and sent.owed:
                told(sent.owed)
                time.sleep(COMMIT_S)
    sent = standing(path)
    if sent is None:
        raise Refused("the daemon sends nothing: it was started without [influxdb] url; restart it")
    return _answer("daemon", sent.owed, sent.figures, stuck=False)


def _until_taken(config: "Config") -> None:
    from noc.influx.resend import asked

    deadline = time.monotonic() + TAKEN_S
    while time.monotonic() < deadline:
        time.sleep(0.3)
        with looking(config) as books:
            if books is None or not asked(books):
                time.sleep(2 * config.store.commit_s)  # it is in the store with the next commit
                return
    raise click.ClickException(
        "the daemon has not taken the request, and will when it can; was it started with [influxdb] url?"
    )


def _by_ourselves(order: "Order", wanted: "Range | None", *, wait: bool) -> dict[str, Any]:
    from noc.influx.owed import Receipt
    from noc.influx.resend import intervals
    from noc.influx.sending import sender
    from noc.influx.standing import standing
    from noc.store.file import StoreMissing
    from noc.store.writer import MetricStore

    if not order.path.exists():
        raise StoreMissing(f"no metric store at {order.path}; it is made by the first `noc run`")
    with MetricStore(order.path) as store, sender(order, store.acknowledge) as shipper, _bar() as told:
        store.ship_to(order.server)
        if wanted is not None:
            store.acknowledge(Receipt(owed=intervals(order.path, wanted)))
            store.commit()
        stuck, committed = False, 0.0
        try:
            while not stuck:
                rest = shipper.step()
                if rest or time.monotonic() - committed > COMMIT_S:
                    store.commit()
                    committed = time.monotonic()
                    sent = standing(order.path)
                    told(sent.owed if sent else 0)
                    if shipper.idle:
                        break
                stuck = not wait and shipper.figures.state in ("unreachable", "denied")
                time.sleep(0 if stuck else rest)
        except KeyboardInterrupt:
            stuck = True
        figures = shipper.figures
    sent = standing(order.path)
    return _answer("command", sent.owed if sent else 0, figures, stuck=stuck)


@contextmanager
def _bar() -> Iterator[Told]:
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("hours and rollups sent", total=None)
        most = 0

        def told(owed: int) -> None:
            nonlocal most
            most = max(most, owed)
            progress.update(task, total=most, completed=most - owed)

        yield told


def _answer(by: str, owed: int, figures: "Figures", *, stuck: bool) -> dict[str, Any]:
    return {
        "by": by,
        "owed": owed,
        "state": figures.state,
        "error": figures.error if stuck or figures.state in ("unreachable", "denied") else "",
        "lines": figures.lines,
        "refused_lines": figures.refused_lines,
        "exit": int(stuck or figures.state in ("unreachable", "denied")),
    }


def _say(answer: dict[str, Any], *, machine: bool) -> None:
    import json

    if machine:
        from dashboards.figures import iso

        said = {name: value for name, value in answer.items() if name != "exit"}
        click.echo(json.dumps({"at": iso(time.time()), **said}, indent=1))
        return
    owed = answer["owed"]
    if answer["error"]:
        click.echo(f"InfluxDB: {answer['error']}", err=True)
    what = (
        f"{owed} hours and rollups are still owed" if owed else "InfluxDB has everything that was measured and sealed"
    )
    click.echo(f"{what}; the daemon sends them" if owed and answer["by"] == "daemon" else what)
    if answer["refused_lines"]:
        click.echo(f"{answer['refused_lines']} lines were refused; they are in influx-refused.lp beside the store")
