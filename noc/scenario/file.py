"""Scenario files for the whole NOC: the lab's timeline, what it is played on, and what happens to the NOC itself.

Read and checked whole before anything starts; every mistake is named with its line.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from inventory.mistakes import Mistake, MistakesError, did_you_mean
from inventory.model import Inventory
from inventory.reading import check as check_inventory
from inventory.sample_network import ATTACHED_TO, GATEWAY, MEMBERS, MOST_MEMBERS, generate
from noc.alerting import Orders, read_orders
from noc.config import AlertsSection, Config, PollerSection, PollSection, StoreSection
from noc.lab.actions import ACTIONS, Act
from noc.lab.scenario import (
    FILE_KEYS,
    PLAYED_KEYS,
    Document,
    checked,
    read_document,
    scenario_of,
    timeline_mistakes,
)
from noc.lab.setting import shipped as lab_files
from noc.lab.world import World
from noc.scenario.acts import HOUSE_ACTIONS, PEOPLES, further_mistakes
from noc.scenario.channels import CHANNELS
from noc.scenario.past import Past, read_past
from noc.scenario.score import EXPECTED
from noc.scenario.small_network import read_network

STARTS = datetime(2026, 6, 1, 5, 0, tzinfo=UTC).timestamp()  # a Monday, 08:00 in Dar es Salaam
LASTS_S = 600.0
COLLECTORS = ("interfaces", "system", "peers", "ping", "health", "neighbours", "points")
USUAL = ("interfaces", "system", "peers", "ping")
OF_PORTS = frozenset({"link_down", "flap", "lag_member_down"})  # seen by ports: liveness knows them by their lists
TRAPS_LOST = 0.1  # share of traps that get lost where the file says nothing
_NOWHERE = Path(os.devnull)  # has no files below it
_KNOWN = (*FILE_KEYS, *PLAYED_KEYS)


@dataclass(frozen=True)
class Play:
    """A scenario ready to be played. Times of acts are seconds since the start; `traps` is the share lost, 1: none come."""

    name: str
    title: str
    seed: int
    start: float  # UTC seconds
    lasts_s: float
    inventory: Inventory
    config: Config
    orders: Orders
    acts: tuple[Act, ...] = ()  # on the network
    house: tuple[Act, ...] = ()  # on the NOC, and by people
    channels: tuple[str, ...] = CHANNELS[:3]
    collect: tuple[str, ...] = USUAL
    traps: float = TRAPS_LOST
    expect: Mapping[str, int] = field(default_factory=dict)  # what the file itself promises: see noc.scenario.score
    past: Past | None = None
    path: str = ""

    def world(self, seed: int | None = None) -> World:
        """The network as it begins."""
        acts = [replace(act, at=act.at + self.start) for act in self.acts]
        attached = self.config.poller.attached_to
        seed = self.seed if seed is None else seed
        return World(self.inventory, attached_to=attached, start=self.start, seed=seed, acts=acts)


@dataclass
class _Reading:
    """Mistakes as they are found."""

    document: Document
    mistakes: list[Mistake] = field(default_factory=list)

    def wrong(self, line: int, message: str, hint: str = "") -> None:
        self.mistakes.append(Mistake(self.document.path, line, message, hint))

    def table(self, key: str, known: Iterator[str] | tuple[str, ...]) -> Mapping[str, Any]:
        """A table of the file, without the keys that are not known in it."""
        table = self.document.raw.get(key, {})
        line = self.document.line(key)
        if not isinstance(table, dict):
            self.wrong(line, f"[{key}] is a table")
            return {}
        known = tuple(known)
        for name in table:
            if name not in known:
                self.wrong(
                    self.document.line(name, line), f"unknown setting {name!r} in [{key}]", did_you_mean(name, known)
                )
        return {name: value for name, value in table.items() if name in known}


def shipped() -> tuple[Path, ...]:
    """The scenarios that come with the NOC: its own, then the lab's."""
    own = sorted(Path(str(files("noc.scenario") / "scenarios")).glob("*.toml"))
    return (*own, *lab_files())


def path_of(name: str) -> Path:
    """A file, or a shipped scenario by its name. MistakesError."""
    if Path(name).is_file():
        return Path(name)
    known = {path.stem: path for path in reversed(shipped())}
    if name in known:
        return known[name]
    hint = did_you_mean(name, known) or "'noc scenario list' shows those shipped"
    raise MistakesError([Mistake(name, 0, "no such scenario: neither a file nor a shipped one", hint)])


def title_of(path: Path) -> str:
    """For a list; "" where the file is broken."""
    try:
        return str(read_document(path).raw.get("title", ""))
    except MistakesError:
        return ""


def read_play(path: Path) -> Play:
    """MistakesError holds everything that is wrong."""
    reading = _Reading(read_document(path))
    raw = reading.document.raw
    for key in raw:
        if key not in _KNOWN:
            reading.wrong(reading.document.line(key), f"unknown setting {key!r}", did_you_mean(key, _KNOWN))
    timeline = tuple(timeline_mistakes(reading.document))
    reading.mistakes += timeline
    found = _network(reading)
    poll = _poll(reading)
    play = _play(reading, found, poll, timed=not timeline)
    if play is not None:
        play = _with_acts(reading, play)
    if reading.mistakes or play is None:
        raise MistakesError(reading.mistakes)
    return play


def _network(reading: _Reading) -> tuple[Inventory, str, str] | None:
    """(inventory, attached_to, gateway) of whichever of the three ways the file takes."""
    raw, line = reading.document.raw, reading.document.line
    ways = [key for key in ("sites", "inventory", "network") if key in raw]
    section = raw.get("network", {})
    places = isinstance(section, dict) and set(section) <= {"attached_to", "gateway"}
    if len([way for way in ways if way != "network" or not places]) > 1:
        reading.wrong(line(ways[-1]), f"one network only: {' or '.join(ways)}")
        return None
    if "network" in ways and not places:
        return _written(reading, section)
    attached = str(section.get("attached_to", ATTACHED_TO)) if places else ATTACHED_TO
    gateway = str(section.get("gateway", section.get("attached_to", GATEWAY))) if places else GATEWAY
    inventory = _of_directory(reading) if "inventory" in raw else _sample(reading)
    if inventory is None:
        return None
    unknown = [
        (name, key) for name, key in (("attached_to", attached), ("gateway", gateway)) if key not in inventory.devices
    ]
    for name, key in unknown:
        hint = did_you_mean(key, inventory.devices) or "say it under [network]"
        reading.wrong(line("network"), f"{name}: no device {key!r}", hint)
    return None if unknown else (inventory, attached, gateway)


def _written(reading: _Reading, section: object) -> tuple[Inventory, str, str] | None:
    line = reading.document.line("network")
    if not isinstance(section, dict):
        reading.wrong(line, "[network] is a table")
        return None
    inventory, attached, gateway, wrong = read_network(section)
    for key, message, hint in wrong:
        reading.wrong(reading.document.line(key, line - 1) or line, message, hint)
    return None if wrong else (inventory, attached, gateway)


def _sample(reading: _Reading) -> Inventory | None:
    sites = reading.document.raw.get("sites", MEMBERS)
    if not isinstance(sites, int) or isinstance(sites, bool) or not 1 <= sites <= MOST_MEMBERS:
        reading.wrong(reading.document.line("sites"), f"sites: {sites!r} is no number from 1 to {MOST_MEMBERS}")
        return None
    return generate(sites)


def _of_directory(reading: _Reading) -> Inventory | None:
    name = reading.document.raw["inventory"]
    if not isinstance(name, str):
        reading.wrong(reading.document.line("inventory"), "inventory is the name of a directory")
        return None
    inventory, mistakes, _ = check_inventory(Path(reading.document.path).parent / name)
    reading.mistakes += mistakes
    return inventory


def _poll(reading: _Reading) -> tuple[PollSection, tuple[str, ...]]:
    table = dict(reading.table("poll", (*PollSection.model_fields, "collect")))
    collect = table.pop("collect", list(USUAL))
    line = reading.document.line("poll")
    if not isinstance(collect, list) or not all(isinstance(one, str) for one in collect):
        reading.wrong(reading.document.line("collect", line), "collect is a list of collectors")
        collect = []
    for one in collect:
        if one not in (*COLLECTORS, "liveness"):
            hint = did_you_mean(one, COLLECTORS) or f"there are {', '.join(COLLECTORS)}"
            reading.wrong(reading.document.line("collect", line), f"unknown collector {one!r}", hint)
    try:
        section = PollSection.model_validate(table)
    except ValidationError as error:
        for one in error.errors():
            key = str(one["loc"][0]) if one["loc"] else "poll"
            reading.wrong(reading.document.line(key, line), f"{key}: {one['msg']}")
        section = PollSection()
    if "interfaces" not in collect:  # nothing is measured on links, so they need not be summed up often
        section = section.model_copy(update={"counters_s": max(section.counters_s, 5 * section.liveness_s)})
    return section, tuple(name for name in COLLECTORS if name in collect)


def _play(
    reading: _Reading,
    found: tuple[Inventory, str, str] | None,
    poll: tuple[PollSection, tuple[str, ...]],
    *,
    timed: bool,
) -> Play | None:
    """None where events cannot be looked at: there is no network, no roster, or (not `timed`) no timeline."""
    channels, traps, start, expect = _channels(reading), _traps(reading), _start(reading), _expect(reading)
    alerts = _alerts(reading)
    if found is None:
        return None
    inventory, attached, gateway = found
    config = Config(
        poller=PollerSection(attached_to=attached, gateway=gateway), poll=poll[0], store=_store(poll[0]), alerts=alerts
    )
    try:
        orders = read_orders(config, inventory)
    except MistakesError as error:
        reading.mistakes += error.mistakes
        return None
    if not timed:
        return None
    timeline = scenario_of(reading.document)
    return Play(
        name=Path(reading.document.path).stem,
        title=timeline.title,
        seed=timeline.seed,
        start=start,
        lasts_s=LASTS_S if timeline.lasts_s is None else timeline.lasts_s,
        inventory=_without_logins(inventory),
        config=config,
        orders=orders,
        expect=expect,
        channels=channels,
        collect=poll[1],
        traps=traps,
        past=_past(reading, inventory, start),
        path=reading.document.path,
    )


def _past(reading: _Reading, inventory: Inventory, start: float) -> Past:
    raw, line = reading.document.raw.get("past", {}), reading.document.line("past")
    if not isinstance(raw, dict):
        reading.wrong(line, "[past] is a table")
        raw = {}
    past, wrong = read_past(raw, inventory, start)
    for key, message, hint in wrong:
        reading.wrong(reading.document.line(key, line - 1) or line, message, hint)
    return past


def _store(poll: PollSection) -> StoreSection:
    """Once a second where rounds take five, and seldomer where they take longer."""
    return StoreSection(commit_s=min(60.0, max(1.0, poll.liveness_s / 5)))


def _without_logins(inventory: Inventory) -> Inventory:
    """Nobody logs in to a simulated router."""
    if all(device.ssh is None for device in inventory.devices.values()):
        return inventory
    return replace(inventory, devices={key: replace(one, ssh=None) for key, one in inventory.devices.items()})


def _channels(reading: _Reading) -> tuple[str, ...]:
    table = {"sms": True, "modem": True, "mail": True, **reading.table("channels", CHANNELS)}
    for name, there in table.items():
        if not isinstance(there, bool):
            reading.wrong(reading.document.line(name, reading.document.line("channels")), f"{name} is true or false")
    return tuple(name for name in CHANNELS if table.get(name) is True)


def _traps(reading: _Reading) -> float:
    said = reading.document.raw.get("traps", True)
    if isinstance(said, bool):
        return TRAPS_LOST if said else 1.0
    if isinstance(said, int | float) and 0 <= said <= 1:
        return float(said)
    reading.wrong(reading.document.line("traps"), "traps is true, false, or the share of them that gets lost, 0 to 1")
    return 1.0


def _start(reading: _Reading) -> float:
    said = reading.document.raw.get("starts")
    if said is None:
        return STARTS
    if isinstance(said, datetime) and said.tzinfo is not None and said.year >= 2000:
        return float(int(said.timestamp()))
    reading.wrong(reading.document.line("starts"), "starts is a time with its offset: 2026-06-01T08:00:00+03:00")
    return STARTS


def _alerts(reading: _Reading) -> AlertsSection:
    """Rules and roster beside the file; where none are named those that come with the NOC, whatever lies about."""
    home, found = Path(reading.document.path).parent, {"rules": _NOWHERE / "rules", "oncall": _NOWHERE / "oncall.yaml"}
    for name, value in reading.table("alerts", ("rules", "oncall")).items():
        if isinstance(value, str) and (home / value).exists():
            found[name] = home / value
            continue
        line = reading.document.line(name, reading.document.line("alerts"))
        reading.wrong(line, f"{name}: no such {'directory' if name == 'rules' else 'file'}: {value!r}")
    return AlertsSection(rules=found["rules"], oncall=found["oncall"])


def _expect(reading: _Reading) -> Mapping[str, int]:
    table = reading.table("expect", EXPECTED)
    for name, value in table.items():
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            line = reading.document.line(name, reading.document.line("expect"))
            reading.wrong(line, f"{name} is a whole number")
    return table


def _with_acts(reading: _Reading, play: Play) -> Play:
    """Every event checked; acts on the network apart from those on the NOC."""
    stage, known = play.world(), {**ACTIONS, **HOUSE_ACTIONS}
    network: list[Act] = []
    house: list[Act] = []
    for line, event in scenario_of(reading.document).events:
        act, wrong = checked(event, stage, 0.0, actions=known)
        if act is not None:
            wrong = list(further_mistakes(act)) if act.do in HOUSE_ACTIONS else []
            (house if act.do in HOUSE_ACTIONS else network).append(act)
            if act.at > play.lasts_s:
                wrong.append((f"{act.do}: happens after the end, at {act.at:g} of {play.lasts_s:g} s", ""))
            if _unseen(act, play):
                wrong.append((f"{act.do}: nobody sees ports without interface lists", 'add "interfaces" to collect'))
        for message, hint in wrong:
            reading.wrong(line, message, hint)
    for act in house:
        if act.do in ("slow_agents", "slow_agents_end"):
            network += _of_everybody(act, play.inventory)
    network.sort(key=lambda act: act.at)
    house = [act for act in house if act.do not in ("slow_agents", "slow_agents_end")]
    return replace(play, acts=tuple(network), house=tuple(sorted(house, key=_order)))


def _unseen(act: Act, play: Play) -> bool:
    """Does it show on ports, of which liveness knows nothing here?"""
    return "interfaces" not in play.collect and (act.do in OF_PORTS or act.options.get("ports") is True)


def _order(act: Act) -> tuple[float, bool]:
    """People act after what happens at the same moment."""
    return act.at, act.do in PEOPLES


def _of_everybody(act: Act, inventory: Inventory) -> Iterator[Act]:
    do = "slow_agent" if act.do == "slow_agents" else "slow_agent_end"
    options = {name: value for name, value in act.options.items() if name == "ms"}
    return (Act(act.at, do, {"device": key}, options, act.source, act.lasts_s) for key in inventory.devices)
