"""Where reading commands find the data: the metric file of the configuration that the command was given."""

from pathlib import Path

import click

from noc.config_path import NoConfigError, data_dir, find_config

METRICS = "metrics.db"


class Refused(click.ClickException):
    """Bad input, or nothing there to answer from: one line, exit status 2."""

    exit_code = 2


def metrics_path(context: click.Context) -> Path:
    given = (context.find_root().obj or {}).get("config_path")
    try:
        return data_dir(find_config(given)) / METRICS
    except NoConfigError as error:
        raise Refused(str(error)) from error


def complaining(text: str) -> None:
    """Beside an answer that is not all of it."""
    click.echo(text, err=True)
