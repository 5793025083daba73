"""`noc incident show`: one incident whole, from the ledger, with what its devices said around that time."""

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from noc.cli.data import Refused
from noc.cli.desk import configured, looking
from noc.cli.incident_acts import numbers_option, unknown
from noc.cli.incident_view import LANGUAGE, room, say, view_of

if TYPE_CHECKING:
    from alerts.incident import Incident
    from dashboards.incident_story import Story
    from dashboards.incidents import IncidentsView
    from inventory.notice import Notice
    from noc.config import Config
    from noc.ledger.books import SqlBooks


@click.command("show")
@numbers_option
@click.option("--all", "everything", is_flag=True, help="Every alarm, however many were suppressed.")
@click.option("--lang", "language", type=LANGUAGE, default="en", show_default=True, help="Language of the texts.")
@click.option("--json", "machine", is_flag=True, help="For machines: stable keys, UTC times.")
@click.pass_context
def show(context: click.Context, /, numbers: tuple[int, ...], everything: bool, language: str, machine: bool) -> None:
    """One incident whole: how it stands, why, whom it hurts, who was told, and what happened when.

    Telephone numbers and mail addresses are masked. Notices are what its devices said around that time.

    \b
    Examples:
      noc incident show 4821
      noc incident show 4821 --all --lang sw
      noc incident show 4821 4822 --json
    """
    from dashboards.addresses import Addresses

    config, inventory = configured(context)
    view = view_of(config, inventory, language)
    stories = _stories(config, view, numbers)
    address = Addresses(inventory)
    if machine:
        from dashboards.figures import iso
        from dashboards.incident_facts import story_as_json

        told = [story_as_json(story, view, address) for story in stories]
        click.echo(json.dumps({"at": iso(view.now), "incidents": told}, indent=1, ensure_ascii=False, default=str))
        return
    from dashboards.incident_story import story_lines

    for place, story in enumerate(stories):
        severity = str(story.incident.severity) if story.incident.unresolved else ""
        first, *rest = story_lines(story, view, address, room(), everything=everything)
        say([*([("", "")] if place else []), (first, severity), *((line, "") for line in rest)])


def _stories(config: "Config", view: "IncidentsView", numbers: tuple[int, ...]) -> "list[Story]":
    with looking(config) as books:
        if books is None:
            raise Refused("there are no incidents yet: no daemon has run here")
        if missing := [number for number in numbers if books.incident(number) is None]:
            raise Refused(unknown(missing))
        stories = [_story(books, number) for number in numbers]
    return [replace(story, notices=_notices(config, story.incident, view)) for story in stories]


def _story(books: "SqlBooks", number: int) -> "Story":
    from dashboards.incident_story import Story

    found = books.incident(number)
    assert found is not None
    alarms = books.alarms()
    members = {key: alarms[key] for key in found.members if key in alarms} if found.unresolved else {}
    return Story(found, members, books.entries(number), books.notifications(number))


def _notices(config: "Config", one: "Incident", view: "IncidentsView") -> "list[Notice]":
    """What its devices said around its beginning and its end; nothing where none were ever kept."""
    from dashboards.incident_story import MOST_NOTICES, heard_around
    from noc.notices.file import NAME
    from noc.notices.reader import NoticeReader, Question
    from noc.store.file import StoreError

    around = heard_around(one, view.names.inventory, view.now)
    try:
        with NoticeReader(config.data.dir / NAME) as reader:
            found = reader.find(Question(around.devices, around.start, until=around.end), 20 * MOST_NOTICES)
    except StoreError:
        return []
    return [kept.notice for kept in reversed(found) if around.holds(kept.notice)][:MOST_NOTICES]
