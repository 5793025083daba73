"""What the commands of people's acts share: configuration, inventory, plan, ledger, and who is acting."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

from noc.cli.data import Refused

if TYPE_CHECKING:
    from alerts.oncall.plan import Plan
    from inventory.model import Inventory
    from noc.config import Config
    from noc.ledger.books import SqlBooks

Command = TypeVar("Command", bound=Callable[..., Any])
LONGEST_NAME = 64


def as_person(command: Command) -> Command:
    """`--as NAME`: whoever acts is in the ledger with every act."""
    option = click.option("--as", "who", metavar="NAME", callback=_person, help="Who acts  [default: your login]")
    return option(command)


def _person(context: click.Context, parameter: click.Parameter, value: str | None) -> str:
    name = (value or os.environ.get("SUDO_USER") or _login()).strip()
    if not name:
        raise Refused("who acts? say --as NAME")
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise Refused(f"--as: a name of at most {LONGEST_NAME} letters on one line")
    return name


def _login() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as in containers
        return ""


def one_line(text: str, what: str, longest: int = 200) -> str:
    """What people write into the ledger: not empty, one line; Refused otherwise."""
    from alerts.desk import planned

    with acts_refusing(line=what):
        return planned.one_line(text, "line", longest=longest)


@contextmanager
def acts_refusing(**options: str) -> Iterator[None]:
    """An act that cannot be done is bad input here; `options`: what a field of it is called on the command line."""
    from alerts.desk.acts import ActRefused

    try:
        yield
    except ActRefused as error:
        option = options.get(getattr(error, "field", ""), "")
        raise Refused(f"{option}: {error}" if option else str(error)) from error


def configured(context: click.Context) -> "tuple[Config, Inventory]":
    from inventory.reading import load as load_inventory
    from noc.config import load
    from noc.config_path import find_config

    config = load(find_config((context.find_root().obj or {}).get("config_path")))
    return config, load_inventory(config.inventory.path)


def plan_of(config: "Config", inventory: "Inventory") -> "Plan":
    from alerts.oncall.reading import read_oncall

    return read_oncall(config.alerts.oncall, inventory)


@contextmanager
def acting(config: "Config") -> "Iterator[SqlBooks]":
    """One transaction of the ledger, which is made where there is none yet; Refused when it takes nothing."""
    from alerts.books import LedgerError, LedgerMissing
    from noc.ledger.ledger import open_ledger

    with _refusing(LedgerError), ExitStack() as stack:
        try:
            ledger = stack.enter_context(open_ledger(config.ledger_url, clock=time.time))
        except LedgerMissing:
            with open_ledger(config.ledger_url, migrate=True, clock=time.time):
                pass
            ledger = stack.enter_context(open_ledger(config.ledger_url, clock=time.time))
        yield stack.enter_context(ledger.transaction())


@contextmanager
def looking(config: "Config") -> "Iterator[SqlBooks | None]":
    """The ledger as it stands; None where there is none yet."""
    from alerts.books import LedgerError, LedgerMissing
    from noc.ledger.ledger import open_ledger

    with _refusing(LedgerError), ExitStack() as stack:
        try:
            ledger = stack.enter_context(open_ledger(config.ledger_url, clock=time.time))
        except LedgerMissing:
            yield None
            return
        yield stack.enter_context(ledger.reading())


@contextmanager
def _refusing(kind: type[Exception]) -> Iterator[None]:
    try:
        yield
    except kind as error:
        raise Refused(str(error)) from error
