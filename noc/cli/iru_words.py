"""Days, rates and numbers of requests as people write them for `noc iru`."""

import time
from datetime import date

import click

from noc.cli.data import Refused

_AHEAD = {"yesterday": -1, "today": 0, "tomorrow": 1}


def day(_context: click.Context, parameter: click.Parameter, value: str | None) -> date | None:
    """2026-10-01, today, tomorrow."""
    from datetime import timedelta

    from inventory.calendar import day_of, parse_day

    if value is None:
        return None
    ahead = _AHEAD.get(value.strip().casefold())
    if ahead is not None:
        return day_of(time.time()) + timedelta(days=ahead)
    try:
        return parse_day(value.strip())
    except ValueError as error:
        raise Refused(f"{parameter.opts[0]}: {error}; or today, tomorrow") from error


def rate(_context: click.Context, parameter: click.Parameter, value: str | None) -> int | None:
    """10M, 2.5G, or whole bits per second."""
    from inventory.rates import parse_rate

    if value is None:
        return None
    try:
        return parse_rate(value)
    except ValueError as error:
        raise Refused(f"{parameter.opts[0]}: {error}") from error


def number(_context: click.Context, _parameter: click.Parameter, value: str) -> int:
    """17 or R-17."""
    digits = value.strip().upper().removeprefix("R-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 10):
        raise Refused(f"{value!r} is no number of a request, as 17 or R-17")
    return int(digits)
