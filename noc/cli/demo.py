"""`noc demo` (what `make run` calls): the simulated GovNet, the daemon and the web together, with a live summary."""

import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from dashboards.summary import Summary
    from noc.config import Config
    from noc.demo import Child

HOME = Path("demo")


@click.command()
@click.option("--for", "for_s", type=click.FloatRange(min=1), help="End by itself after so many seconds.")
@click.option(
    "--sites", type=click.IntRange(1, 10_000), default=149, show_default=True, help="Member sites to simulate."
)
@click.option("--one-address", is_flag=True, help="One address and many ports, where 127/8 is not there (macOS).")
@click.option(
    "--history", "days", type=click.IntRange(1, 3650), help="A new ./demo begins with an invented past of so many days."
)
@click.option("--fresh", is_flag=True, help="Throw away what an earlier run left in ./demo and begin anew.")
def demo(for_s: float | None, sites: int, one_address: bool, days: int | None, fresh: bool) -> None:
    """Run the lab, the daemon and the web on embedded defaults; Ctrl-C ends all three.

    Everything is kept in ./demo: configuration, inventory, secrets, data, logs. The wallboard and the pages are at the
    address that is printed; the first visit, by the link beside it, creates the administrator.

    \b
    Examples, in a second terminal:
      noc link status
      noc lab do link_down dod-pe-1 ge-0/0/1
      noc link status region=Dodoma --down
      noc incident list
      noc iru ledger

    Messages are written in full, and to the log only: nothing is sent.
    """
    from noc.demo import DemoError, ended_like_interrupt

    try:
        with ended_like_interrupt():
            if _prepare(sites, one_address=one_address, fresh=fresh, days=days) and days:
                _give_past(days)
            _run(for_s)
    except DemoError as error:
        raise click.ClickException(str(error)) from None
    except KeyboardInterrupt:
        pass
    # the terminal may be closed
    with suppress(OSError):
        click.echo("ended; nothing is left running.")


def _prepare(sites: int, *, one_address: bool, fresh: bool, days: int | None) -> bool:
    """Write ./demo when it is not there, and say whether it is new; another number of sites needs --fresh."""
    import shutil

    from inventory.skeleton import write_sample

    _refuse_second()
    size = HOME / "sites"
    wanted = f"{sites}{' one-address' if one_address else ''}"
    if fresh and HOME.exists():
        shutil.rmtree(HOME)
    if HOME.exists():
        there = size.read_text().strip() if size.exists() else "something else"
        if there != wanted:
            raise click.UsageError(f"./{HOME} holds {there} sites, {wanted} are asked for; --fresh throws it away")
        if days:
            raise click.UsageError(
                f"./{HOME} is there already, and a past is given to a new one: --fresh throws it away"
            )
        return False
    write_sample(HOME, sites=sites, one_address=one_address)
    _enter_requests()
    size.write_text(wanted + "\n")
    return True


def _refuse_second() -> None:
    """Nothing is thrown away under a demo that runs."""
    from noc.store.file import written_now

    if written_now(HOME / "data" / "metrics.db"):
        log = HOME / "data" / "web.log"
        lines = log.read_text(errors="replace").splitlines() if log.exists() else []
        ready = next((f" ({line})" for line in reversed(lines) if line.startswith("web ready")), "")
        raise click.UsageError(f"the demo in ./{HOME} is running already{ready}; Ctrl-C where it was started ends it")


def _enter_requests() -> None:
    """The sample's requests for capacity, so that its ledger says who holds what from the first minute."""
    from inventory.accounts.importing import import_requests
    from inventory.reading import load as load_inventory
    from inventory.skeleton import REQUESTS
    from noc.cli.desk import acting
    from noc.config import load
    from noc.ledger.capacity import begin_acts, keep

    config = load(HOME / "noc.toml")
    with acting(config) as books:
        acts = begin_acts(books, load_inventory(config.inventory.path), "sample", time.time())
        import_requests(HOME / REQUESTS, acts)
        keep(books, acts)


def _give_past(days: int) -> None:
    from noc.demo import once

    click.echo(f"writing a past of {days} days ...")
    once("the past", HOME / "noc.toml", ["lab", "history", "--days", str(days)])


def _run(for_s: float | None) -> None:
    from dashboards.summary import Summary
    from noc.config import load
    from noc.demo import child, place_for, wait_for_line

    path = HOME / "noc.toml"
    config = load(path)
    config.data.dir.mkdir(parents=True, exist_ok=True)
    logs = config.data.dir
    with Summary() as summary, ExitStack() as children:
        summary.step("starting the lab")
        lab = children.enter_context(child("the lab", path, ["lab"], logs / "lab.log"))
        summary.say(wait_for_line(lab, r"^lab ready", 60 + len(list(config.inventory.path.glob("*")))))
        summary.step("starting the daemon")
        daemon = children.enter_context(child("the daemon", path, ["run"], logs / "daemon.log"))
        summary.step("starting the web")
        words = ["web", "--listen", place_for(config.web.listen)]
        web = children.enter_context(child("the web", path, words, logs / "web.log"))
        wait_for_line(web, r"^web ready", 60)
        for line in web.log.read_text(errors="replace").splitlines():
            summary.say(line)
        _watch(config, summary, (lab, daemon, web), for_s)
        summary.step("ending")


def _watch(config: "Config", summary: "Summary", children: "Sequence[Child]", for_s: float | None) -> None:
    from noc.demo import Rate, rows
    from noc.demo_cases import Cases

    rate = Rate(f"http://{config.http.listen}/metrics")
    cases = Cases(config)
    began = time.monotonic()
    while for_s is None or time.monotonic() - began < for_s:
        for one in children:
            one.check()
        summary.show(*rows(config.metrics_file), per_s=rate.per_s(), cases=cases.lines())
        time.sleep(1)
