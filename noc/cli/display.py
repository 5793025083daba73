"""`noc display`: wallboards that need no account."""

import time

import click

from noc.cli.access_acts import hand_of, listed, read_ledger
from noc.cli.desk import as_person


@click.group()
def display() -> None:
    """Displays on walls: add, list, revoke. They see the wallboard, and nothing else.

    \b
    Examples:
      noc display add "NOC, left"
      noc display list
    """


@display.command("add")
@click.argument("name")
@click.option("--language", type=click.Choice(["sw", "en"]), default="sw", show_default=True, help="Of the wall.")
@click.option(
    "--theme", type=click.Choice(["dark", "light", "auto"]), default="dark", show_default=True, help="Colours."
)
@as_person
@click.pass_context
def add(context: click.Context, name: str, language: str, theme: str, who: str) -> None:
    """Print, once, the address to open on the screen that hangs at NAME. It does not end by itself.

    \b
    Examples:
      noc display add "NOC, left"
      noc display add "Dodoma, corridor" --language en --theme light
    """
    from noc.accounts import acts

    with hand_of(context, who) as (config, hand):
        token = acts.add_display(hand, name, language=language, theme=theme)
    click.echo(f"open this on the screen, once; it is not shown again: {config.web_url.rstrip('/')}/wall?token={token}")


@display.command("list")
@click.option("--json", "machine", is_flag=True, help="For machines: stable keys, UTC times.")
@click.pass_context
def list_(context: click.Context, machine: bool) -> None:
    """Every display, with when it was last seen.

    \b
    Examples:
      noc display list
      noc display list --json
    """
    from dashboards.access_lines import display_json, display_lines
    from noc.cli.window_acts import room
    from noc.ledger import access

    now = time.time()
    with read_ledger(context) as books:
        found = access.displays(books) if books else []
    if machine:
        listed("displays", [display_json(one) for one in found], now)
    else:
        click.echo(
            "\n".join(display_lines(found, now, room()))
            if found
            else "no display yet: 'noc display add NAME' prints the address for one"
        )


@display.command("revoke")
@click.argument("number", type=click.IntRange(min=1))
@as_person
@click.pass_context
def revoke(context: click.Context, number: int, who: str) -> None:
    """Show display NUMBER nothing any more, on whichever screens it is open.

    \b
    Examples:
      noc display revoke 2
    """
    from noc.accounts import acts

    with hand_of(context, who) as (_, hand):
        acts.revoke_display(hand, number)
    click.echo(f"display {number} is revoked")
