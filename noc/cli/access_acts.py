"""What `noc account`, `noc display` and `noc api token` share: the ledger, the hand that acts, and problems in words."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from noc.cli.data import Refused
from noc.cli.desk import acting, configured, looking

if TYPE_CHECKING:
    from noc.accounts.acts import Hand
    from noc.config import Config
    from noc.ledger.books import SqlBooks

ROLES = ("viewer", "operator", "admin", "institution")


@contextmanager
def hand_of(
    context: click.Context, who: str, tried: Mapping[str, Sequence[str]] | None = None
) -> "Iterator[tuple[Config, Hand]]":
    """One transaction; what was declined ends in one line for each problem, and nothing is done.

    `tried`: what was given for a field, for a hint at what was meant.
    """
    from dashboards.web.sources.accounts import SCOPES, Declined
    from noc.accounts.acts import Hand

    config, inventory = configured(context)
    try:
        with acting(config) as books:
            yield config, Hand(books, who, time.time(), inventory.institutions)
    except Declined as error:
        known = {"role": ROLES, "institutions": tuple(inventory.institutions), "scopes": tuple(SCOPES)}
        raise Refused("\n".join(_said(error.problems, tried or {}, known))) from error


def _said(
    problems: Mapping[str, str], tried: Mapping[str, Sequence[str]], known: Mapping[str, Sequence[str]]
) -> Iterator[str]:
    from dashboards.access_words import problem_words
    from inventory.mistakes import did_you_mean

    words = problem_words(lambda text: text)
    for name, word in problems.items():
        wrong = [one for one in tried.get(name, ()) if one not in known[name]]
        few = f"there are {', '.join(known[name])}" if wrong and 0 < len(known[name]) <= len(ROLES) else ""
        hint = did_you_mean(wrong[0], known[name]) or few if wrong else ""
        said = f": {', '.join(map(repr, wrong))}" if wrong else ""
        yield f"{name}{said}: {words.get(word, word)}" + (f" ({hint})" if hint else "")


@contextmanager
def read_ledger(context: click.Context) -> "Iterator[SqlBooks | None]":
    """None where there is none yet."""
    config, _ = configured(context)
    with looking(config) as books:
        yield books


def meant(known: Sequence[str], name: str, what: str) -> None:
    """Refused, with the nearest that there is, where there is no such one."""
    from inventory.mistakes import did_you_mean

    if name not in known:
        hint = did_you_mean(name, known)
        raise Refused(f"there is no {what} {name!r}" + (f" ({hint})" if hint else ""))


def listed(name: str, rows: Sequence[Mapping[str, Any]], now: float) -> None:
    """As machines read it."""
    from dashboards.figures import iso

    click.echo(json.dumps({"at": iso(now), name: rows}, indent=1, ensure_ascii=False))
