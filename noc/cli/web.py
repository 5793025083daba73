"""`noc web`: pages, API and live wallboards, in a process of its own beside the daemon."""

import asyncio

import click

from noc.cli.data import Refused


@click.command()
@click.option("--listen", metavar="ADDRESS:PORT", help="Where to listen  [default: listen of [web]]")
@click.option("--for", "for_s", type=click.FloatRange(min=1), help="End by itself after so many seconds.")
@click.pass_context
def web(context: click.Context, listen: str | None, for_s: float | None) -> None:
    """Serve the wallboard, the pages and the API; may be restarted at will, the daemon goes on.

    \b
    Examples:
      noc web
      noc web --listen 0.0.0.0:8080
    """
    from dashboards.web.app import build
    from noc.config import load
    from noc.config_path import find_config
    from noc.web.serving import serve
    from noc.web.wiring import opened_house

    config = load(find_config((context.find_root().obj or {}).get("config_path")))
    place = listen or config.web.listen
    try:
        with opened_house(config) as house:
            asyncio.run(
                serve(build(house), place, ready=lambda: click.echo(f"web ready: http://{place}/"), for_s=for_s)
            )
    except OSError as error:
        raise Refused(f"{place}: {error.strerror or error}") from error
