"""`noc run`: the daemon."""

import sys

import click

# When garbage is looked for (gc.set_threshold). What the daemon holds are millions of objects that stay, and little of what
# it drops hangs in circles: with Python's own numbers a third of the processor went into looking at the same things again.
COLLECT = (20_000, 20, 50)


@click.command()
@click.option("--for", "for_s", type=click.FloatRange(min=0), help="End by itself after so many seconds.")
@click.option("-v", "--verbose", is_flag=True, help="Log what is ordinary, too.")
@click.pass_context
def run(ctx: click.Context, for_s: float | None, verbose: bool) -> None:
    """Poll, judge, keep: the daemon, in the foreground, with its log on standard error.

    \b
    SIGHUP   read inventory and secrets again (what is broken is refused whole)
    SIGTERM  stop cleanly

    \b
    Examples:
      noc run
      noc -c /etc/govnet-noc/noc.toml run --for 60
    """
    import asyncio
    import gc
    import logging
    import time

    from alerts.books import LedgerError
    from noc.alerting import read_orders
    from noc.checking import check
    from noc.chronometer import Chronometer
    from noc.config_path import find_config
    from noc.daemon import Daemon
    from noc.store.file import StoreError
    from noc.wiring import build_network

    logging.basicConfig(
        level=logging.INFO if verbose else logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        stream=sys.stderr,
    )
    for name in ("noc.daemon", "noc.heart", "alerts.desk"):
        logging.getLogger(name).setLevel(logging.INFO)
    checked = check(find_config(ctx.obj["config_path"]))
    if checked.mistakes or not (checked.config and checked.inventory and checked.secrets):
        for mistake in checked.mistakes:
            click.echo(str(mistake), err=True)
        ctx.exit(2)
    for warning in checked.warnings:
        logging.getLogger("noc").warning("%s", warning)
    network = build_network(checked.config, checked.inventory)
    gc.set_threshold(*COLLECT)
    orders = read_orders(checked.config, checked.inventory)
    daemon = Daemon(checked.config, network, checked.secrets, orders, clock=Chronometer(time.time, time.monotonic))
    try:
        checked.config.data.dir.mkdir(parents=True, exist_ok=True)
        asyncio.run(daemon.run(for_s))
    except (StoreError, LedgerError, OSError) as error:
        raise click.ClickException(str(error)) from None
