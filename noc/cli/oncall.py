"""`noc oncall`: who is on call, who stands in, and does a message reach them; show and override need no daemon."""

import json
import time
from typing import TYPE_CHECKING, Any

import click

from noc.cli.data import Refused
from noc.cli.desk import acting, acts_refusing, as_person, configured, looking, one_line, plan_of
from noc.cli.moments import moment
from noc.cli.silence import end_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alerts.oncall.plan import Plan
    from alerts.roster import Override
    from inventory.model import Inventory
    from noc.config import Config

WIDTH = 80


@click.group()
def oncall() -> None:
    """Who is on call, who stands in, and whether messages reach them.

    \b
    Examples:
      noc oncall show --week
      noc oncall test
    """


@oncall.command("show")
@click.option("--at", "when", metavar="TIME", help='Not now but then: 22:00, "sat 02:00", 2026-12-25.')
@click.option("--week", is_flag=True, help="Turn by turn for seven days.")
@click.option("--json", "machine", is_flag=True, help="For machines: stable keys, UTC times.")
@click.pass_context
def show(context: click.Context, when: str | None, week: bool, machine: bool) -> None:
    """Who is on call now, until when, who takes over; overrides, gaps in 60 days, and who is told when nobody answers.

    \b
    Examples:
      noc oncall show
      noc oncall show --at "sat 02:00"
      noc oncall show --week --json
    """
    from dashboards.oncall import as_json, roster_lines
    from dashboards.roster import roster_at

    now = time.time()
    at = moment(when, now) if when else now
    config, inventory = configured(context)
    roster = roster_at(plan_of(config, inventory), inventory, _overrides(config), at, week=week)
    if machine:
        click.echo(json.dumps(as_json(roster, now), indent=1, ensure_ascii=False))
    else:
        click.echo("\n".join(roster_lines(roster, now, WIDTH)))


def _overrides(config: "Config") -> "Sequence[Override]":
    with looking(config) as books:
        return books.overrides() if books else ()


@oncall.command("override")
@click.argument("schedule", required=False)
@click.argument("contact", required=False)
@click.option("--from", "begins", metavar="TIME", help="From when on  [default: now]")
@click.option("--to", "until", metavar="TIME", help='Until when: 06:00, "mon 08:00".')
@click.option("--for", "length", metavar="LENGTH", help="Or how long: 4h, 2d.")
@click.option("--reason", default="", help="Why.")
@click.option("--end", "number", type=click.IntRange(min=1), help="End this override instead.")
@as_person
@click.pass_context
def override(context: click.Context, /, number: int | None, who: str, **options: Any) -> None:
    """CONTACT stands in on SCHEDULE; of several at a time the one made last counts.

    \b
    Examples:
      noc oncall override noc f-komba --from 18:00 --to 22:00 --reason "wedding"
      noc oncall override noc f-komba --for 4h
      noc oncall override --end 3
    """
    config, inventory = configured(context)
    if number is not None:
        if options["schedule"] or options["contact"]:
            raise Refused("--end takes a number and nothing else")
        _end(config, number, who)
        return
    made = _override(plan_of(config, inventory), inventory, who, options)
    from alerts.oncall import standing_in

    with acting(config) as books:
        kept = standing_in.keep(books, made)
    from dashboards.figures import clock

    name, now = inventory.contacts[kept.contact].name, made.created_at
    span = f"{clock(kept.from_at, now)} to {clock(kept.to_at, now)} EAT"
    click.echo(f"override {kept.number}: {name} stands in on {kept.schedule}, {span}")


def _override(plan: "Plan", inventory: "Inventory", who: str, options: dict[str, Any]) -> "Override":
    from alerts.oncall import standing_in
    from alerts.roster import Override

    schedule, contact = options["schedule"], options["contact"]
    if not schedule or not contact:
        raise Refused("say the schedule and who stands in: noc oncall override SCHEDULE CONTACT --for 4h")
    now = time.time()
    from_at = moment(options["begins"], now) if options["begins"] else now
    to_at = end_of(options["length"], options["until"], from_at)
    reason = one_line(options["reason"], "--reason") if options["reason"].strip() else ""
    made = Override(0, schedule, contact, from_at, to_at, who, reason, created_at=now)
    with acts_refusing():
        standing_in.look_over(made, plan, inventory, now)
    return made


def _end(config: "Config", number: int, who: str) -> None:
    from alerts.oncall import standing_in

    with acts_refusing(), acting(config) as books:
        found = standing_in.end(books, number, who, time.time())
    click.echo(f"override {number} is over; {found.schedule} goes on as planned")


@oncall.command("test")
@click.argument("whom", nargs=-1)
@click.option(
    "--by",
    "channels",
    multiple=True,
    type=click.Choice(["sms", "modem", "mail", "webhook", "apprise"]),
    help="Only by this channel; may be said again  [default: as a page goes, by telephone, else by mail]",
)
@click.option("--wait", "wait_s", type=click.FloatRange(min=0, max=600), default=30.0, show_default=True)
@click.option("--json", "machine", is_flag=True, help="For machines.")
@as_person
@click.pass_context
def test(context: click.Context, /, whom: tuple[str, ...], wait_s: float, machine: bool, **options: Any) -> None:
    """Send a test message to whoever is on call, or to WHOM (contacts, schedules), and see what becomes of it.

    It goes the way of every alert: queued in the ledger, sent by the daemon. Exit status 0 when every message was
    accepted, 1 when one was not.

    \b
    Examples:
      noc oncall test
      noc oncall test a-mushi --by mail
      noc oncall test noc --wait 60
    """
    from alerts.oncall.trial import meant
    from noc.cli import oncall_trial

    config, inventory = configured(context)
    with acts_refusing():
        keys = meant(plan_of(config, inventory), inventory, _overrides(config), whom, time.time())
    trial = oncall_trial.Trial(config, inventory, options["who"], time.time)
    good = trial.run(keys, options["channels"], wait_s, machine=machine)
    context.exit(0 if good else 1)
