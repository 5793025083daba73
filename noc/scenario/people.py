"""What people do while a scenario plays: acts on incidents, silences and maintenance, each in a transaction of its own."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from alerts.books import Books, LedgerError
from alerts.desk import acts
from alerts.desk.acts import ActRefused
from alerts.incident import IncidentState
from alerts.window import Window
from inventory.model import Inventory, Link
from noc.lab.actions import Act
from noc.scenario.playing import Playing
from noc.scenario.stage import Stretch

if TYPE_CHECKING:
    from noc.scenario.stage import Stage

Deed = Callable[[Playing, Act], None]
PersonsAct = Callable[[Books, int, Act, float], object]
_ACTS: Mapping[str, PersonsAct] = {
    "ack": lambda books, number, act, now: acts.acknowledge(books, number, str(act["by"]), now),
    "assign": lambda books, number, act, now: acts.assign(books, number, str(act["by"]), str(act["owner"]), now),
    "note": lambda books, number, act, now: acts.note(books, number, str(act["by"]), str(act["text"]), now),
    "wait": lambda books, number, act, now: acts.wait(
        books, number, str(act["by"]), now, ticket=str(act["ticket"]), next_check_at=now + act.number("check")
    ),
    "resolve": lambda books, number, act, now: acts.resolve(books, number, str(act["by"]), now, text=str(act["text"])),
    "close": lambda books, number, act, now: acts.close(books, number, str(act["by"]), now, cause=str(act["text"])),
}


def _person(player: Playing, act: Act) -> None:
    """A refused act is a line in the log: people try all kinds of things."""
    stage = player.stage
    now = stage.now + stage.offset_s
    try:
        with stage.ledger.acting() as books:
            number = _meant(books, act)
            _ACTS[act.do](books, number, act, now)
    except (ActRefused, LedgerError) as error:
        stage.say("refused", f"{act.do}: {error}")


def _meant(books: Books, act: Act) -> int:
    """The incident by its number, by its root, or the newest."""
    if act["incident"]:
        return int(act.number("incident"))
    found = books.incidents(tuple(IncidentState))
    wanted = [one for one in found if act["root"] in ("", *(root.key for root in one.roots))]
    if not wanted:
        raise ActRefused(f"there is no incident about {act['root'] or 'anything'} yet")
    return wanted[-1].number


def _window(player: Playing, act: Act) -> None:
    stage = player.stage
    now, lasts_s = stage.now + stage.offset_s, act.lasts_s or 0.0
    target = next(iter(act.on), "")
    selector = f"key={act.on[target]}" if target else str(act["selector"])
    if target == "region":
        target, selector = "", f'region="{act.on["region"]}"'
    window = Window(
        number=0,
        kind="maintenance" if act.do == "maintenance" else "silence",
        selector=selector,
        author=str(act["by"]),
        reason=str(act["reason"]),
        from_at=now,
        to_at=now + lasts_s,
        target=target,
        created_at=now,
    )
    try:
        with stage.ledger.acting() as books:
            books.add_window(window)
    except LedgerError as error:
        stage.say("refused", f"{act.do}: {error}")
        return
    stage.quiet.append((Stretch(stage.now_s, stage.now_s + lasts_s), covered(stage, act)))


def covered(stage: "Stage", act: Act) -> frozenset[str]:
    """Keys of what the window lies over, and of what stands there."""
    inventory = stage.play.inventory
    if "region" in act.on:
        sites = [key for key, site in inventory.sites.items() if site.region == act.on["region"]]
        return frozenset(key for site in sites for key in _at_site(inventory, site))
    if "site" in act.on:
        return frozenset(_at_site(inventory, act.on["site"]))
    if "provider" in act.on:
        theirs = [link for link in inventory.links.values() if _of_provider(inventory, link, act.on["provider"])]
        return frozenset((act.on["provider"], *(key for link in theirs for key in (link.key, link.circuit))))
    if "circuit" in act.on:
        links = (key for key, link in inventory.links.items() if link.circuit == act.on["circuit"])
        return frozenset((act.on["circuit"], *links))
    if act.on:
        return frozenset(act.on.values())
    return _selected(stage, str(act["selector"]))


def _of_provider(inventory: Inventory, link: Link, provider: str) -> bool:
    circuit = inventory.circuits.get(link.circuit)
    return provider in (link.provider, "" if circuit is None else circuit.provider)


def _at_site(inventory: Inventory, site: str) -> list[str]:
    devices = [device.key for device in inventory.devices_at[site]]
    return [site, *devices, *(link.key for device in devices for link in inventory.links_of[device])]


def _selected(stage: "Stage", text: str) -> frozenset[str]:
    from inventory.selector import parse_text

    rows = list(stage.store.rows.values())
    selector = parse_text(text, {label for row in rows for label in row.labels})
    return frozenset(row.key for row in rows if selector.matches(row.key, row.labels))


PEOPLES_DEEDS: Mapping[str, Deed] = {**dict.fromkeys(_ACTS, _person), "silence": _window, "maintenance": _window}
