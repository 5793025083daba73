"""`noc web`: pages, API and live wallboards, in a process of its own beside the daemon."""

import asyncio
import logging
import os
import sys
from typing import TYPE_CHECKING

import click

from noc.cli.data import Refused

if TYPE_CHECKING:
    from noc.config import Config


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
    from noc.service import Service
    from noc.web.early import read_early
    from noc.web.serving import bound, serve
    from noc.web.setup import setup_lines
    from noc.web.wiring import opened_house

    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr
    )
    config = load(find_config((context.find_root().obj or {}).get("config_path")))
    if listen:
        config = _listening(config, listen)
    service = Service(os.environ)
    try:
        door = bound(config.web.listen)
    except OSError as error:
        raise Refused(f"{config.web.listen}: {error.strerror or error}") from error
    first_visit = setup_lines(config.ledger_url, config.web_url)  # ends the links that another web gave out

    def ready() -> None:
        click.echo("\n".join([*first_visit, f"web ready: {config.web_url}/"]))
        service.ready(f"pages at {config.web_url}/")

    with door, opened_house(config) as house, read_early(house):
        asyncio.run(serve(build(house), door, ready=ready, for_s=for_s, proxies=config.web.proxies))


def _listening(config: "Config", place: str) -> "Config":
    """The same, listening elsewhere; held to what the file is held to."""
    from pydantic import ValidationError

    from noc.config import WebSection

    try:
        section = WebSection.model_validate({**config.web.model_dump(), "listen": place})
    except ValidationError as error:
        raise Refused(f"--listen: {error.errors()[0]['msg'].removeprefix('Value error, ')}") from None
    return config.model_copy(update={"web": section})
