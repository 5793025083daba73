"""Scenario files: what happens in the lab and when, as a TOML timeline, checked whole before anything starts."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any, Protocol

from inventory.mistakes import Mistake, MistakesError, did_you_mean
from inventory.model import Device, Inventory
from noc.lab.actions import ACTIONS, CREDENTIALS, SUBJECTS, Act, Action, Option, Value
from noc.lab.deeds import link_on, member_on
from noc.lab.router import Router

_DURATION = re.compile(r"(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m)?(?:(\d+(?:\.\d+)?)s)?\Z")
_NUMBER = re.compile(r"\d+(\.\d+)?\Z")
FILE_KEYS = ("title", "seed", "lasts", "event")
PLAYED_KEYS = ("starts", "sites", "inventory", "network", "poll", "alerts", "channels", "traps", "expect", "past")
HOUSE_WORDS = (  # what is done to the NOC itself, or by people: `noc.scenario.acts` has their meaning
    *("gateway_down", "gateway_up", "clock_step", "kill", "poller_cut", "poller_mend", "disk_full", "disk_free"),
    *("slow_agents", "trap", "trap_storm", "traps_lost", "traps_heard", "silence", "maintenance"),
    *("ack", "assign", "note", "wait", "resolve", "close"),
)
_NEEDS_LINK = ("loss", "loss_end", "latency", "latency_end", "traffic", "traffic_end")
_DIRECTIONS = ("in", "out", "both")


class Stage(Protocol):
    """The network an act is checked against."""

    inventory: Inventory
    routers: Mapping[str, Router]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A timeline as it stands in the file; `events` are raw, each with the line it begins on."""

    title: str = ""
    seed: int = 0
    lasts_s: float | None = None
    events: tuple[tuple[int, Mapping[str, Any]], ...] = ()
    path: str = ""


def seconds(value: object) -> float:
    """90, "90s", "1m30s", "2h" as seconds; ValueError when it is no duration."""
    if isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value) and value >= 0:
        return float(value)
    if isinstance(value, str) and _NUMBER.match(value):
        return float(value)
    match = _DURATION.match(value.strip()) if isinstance(value, str) and value.strip() else None
    if match:
        hours, minutes, rest = (float(part or 0) for part in match.groups())
        return hours * 3600 + minutes * 60 + rest
    raise ValueError(f"{value!r} is no duration (90, '30s', '5m', '1h30m')")


def read(path: Path) -> Scenario:
    """Read a scenario file; MistakesError holds what is wrong with the file as such."""
    document = read_document(path)
    mistakes = list(_file_mistakes(document))
    if mistakes:
        raise MistakesError(mistakes)
    return scenario_of(document)


@dataclass(frozen=True, slots=True)
class Document:
    """A scenario file as TOML has it, and its text, for the numbers of lines."""

    path: str
    text: str
    raw: Mapping[str, Any]

    def line(self, key: str, after: int = 0) -> int:
        """Where that key, or a table of that name, first stands below line `after`; 0: nowhere."""
        for number, line in enumerate(self.text.splitlines(), 1):
            if number > after and re.match(rf"\s*\[*\s*[\"']?{re.escape(key)}[\"']?\s*(=|\]|\.)", line):
                return number
        return 0


def read_document(path: Path) -> Document:
    """The file as TOML has it; MistakesError when it is none."""
    try:
        text = path.read_text(encoding="utf-8")
        return Document(str(path), text, tomllib.loads(text))
    except (OSError, UnicodeDecodeError) as error:
        raise MistakesError([Mistake(str(path), 0, f"cannot be read: {error}")]) from None
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        raise MistakesError([Mistake(str(path), int(line[1]) if line else 0, f"not TOML: {error}")]) from None


def scenario_of(document: Document) -> Scenario:
    """The timeline of a file in which `timeline_mistakes` found none."""
    raw, texts = document.raw, enumerate(document.text.splitlines(), 1)
    lines = [number for number, line in texts if re.match(r"\s*\[\[\s*event\s*\]\]", line)]
    events = raw.get("event", [])
    lines += [0] * (len(events) - len(lines))
    lasts = raw.get("lasts")
    return Scenario(
        raw.get("title", ""),
        raw.get("seed", 0),
        None if lasts is None else seconds(lasts),
        tuple(zip(lines, events, strict=False)),
        document.path,
    )


def _file_mistakes(document: Document) -> Iterator[Mistake]:
    for key in document.raw:
        if key in PLAYED_KEYS:
            message = f"{key!r} is not for the lab alone: play this file with 'noc scenario run'"
            yield Mistake(document.path, document.line(key), message)
        elif key not in FILE_KEYS:
            yield Mistake(document.path, document.line(key), f"unknown setting {key!r}", did_you_mean(key, FILE_KEYS))
    yield from timeline_mistakes(document)


def timeline_mistakes(document: Document) -> Iterator[Mistake]:
    """What is wrong with FILE_KEYS as such; single events are looked at by `checked`."""
    path, raw, at = document.path, document.raw, document.line
    if not isinstance(raw.get("title", ""), str):
        yield Mistake(path, at("title"), "title is a text")
    if not isinstance(raw.get("seed", 0), int):
        yield Mistake(path, at("seed"), "seed is a whole number")
    try:
        seconds(raw.get("lasts", 0))
    except ValueError as error:
        yield Mistake(path, at("lasts"), f"lasts: {error}")
    events = raw.get("event", [])
    if not isinstance(events, list) or not all(isinstance(event, dict) for event in events):
        yield Mistake(path, at("event"), "events are written as [[event]]")


def acts_of(scenario: Scenario, stage: Stage, start: float) -> tuple[Act, ...]:
    """The scenario's acts, at absolute times; MistakesError holds every mistake of every event."""
    acts, mistakes = [], []
    for line, event in scenario.events:
        found, wrong = checked(event, stage, start)
        mistakes += [Mistake(scenario.path, line, message, hint) for message, hint in wrong]
        if found is not None:
            acts.append(found)
    if mistakes:
        raise MistakesError(mistakes)
    return tuple(acts)


def checked(
    event: Mapping[str, Any],
    stage: Stage,
    start: float,
    source: str = "scenario",
    actions: Mapping[str, Action] = ACTIONS,
) -> tuple[Act | None, list[tuple[str, str]]]:
    """One event as an act, or (message, hint) for everything that is wrong with it."""
    do = event.get("do")
    action = actions.get(do) if isinstance(do, str) else None
    if action is None or action.hidden:
        if do in HOUSE_WORDS:
            return None, [(f"{do} is done to the NOC, not to the lab: play this with 'noc scenario run'", "")]
        known = [name for name, one in actions.items() if not one.hidden]
        return None, [(f"unknown action {do!r}" if do else 'an event needs do = "..."', did_you_mean(str(do), known))]
    wrong = [*_unknown_keys(event, action)]
    at, lasts = 0.0, None
    try:
        at = seconds(event.get("at", 0))
        lasts = seconds(event["for"]) if "for" in event else None
    except ValueError as error:
        wrong.append((str(error), ""))
    on = {key: str(event[key]) for key in SUBJECTS if key in event}
    wrong += _subject_mistakes(action, on, stage)
    options, bad = _options(event, action)
    wrong += bad
    if "what" in options and not wrong:
        wrong += _what_mistakes(str(options["what"]), stage.inventory.devices[on["device"]])
    if "other" in options and not wrong:
        wrong += _other_mistakes(on["link"], str(options["other"]), stage.inventory)
    if lasts is not None and not action.undo:
        wrong.append((f"{action.name} has nothing to undo it: leave out 'for'", ""))
    if wrong:
        return None, [(f"{action.name}: {message}", hint) for message, hint in wrong]
    return Act(start + at, action.name, on, options, source, lasts), []


def _unknown_keys(event: Mapping[str, Any], action: Action) -> Iterator[tuple[str, str]]:
    known = {"at", "do", "for", *SUBJECTS, *action.options}
    for key in event:
        if key not in known:
            yield f"unknown option {key!r}", did_you_mean(key, known)


def _subject_mistakes(action: Action, on: Mapping[str, str], stage: Stage) -> list[tuple[str, str]]:
    if tuple(on) not in action.on:
        ways = " or ".join(" and ".join(way) or "nothing" for way in action.on)
        return [(f"say on what it is done: {ways}" + (f" (not {' and '.join(on)})" if on else ""), "")]
    wrong = list(_unknown_subjects(on, stage))
    if not wrong and action.name in _NEEDS_LINK and not link_on(stage.inventory, on):
        wrong.append((f"interface {on['interface']!r} of {on['device']} carries no declared link", ""))
    if not wrong and action.name.startswith("lag_"):
        try:
            member_on(stage.routers[on["device"]], on["interface"])
        except KeyError:
            wrong.append((f"interface {on['interface']!r} of {on['device']} is no LAG and no member of one", ""))
    return wrong


def _unknown_subjects(on: Mapping[str, str], stage: Stage) -> Iterator[tuple[str, str]]:
    inventory = stage.inventory
    regions = {site.region for site in inventory.sites.values()}
    known: Mapping[str, Iterable[str]] = {
        "device": inventory.devices,
        "link": inventory.links,
        "circuit": inventory.circuits,
        "site": inventory.sites,
        "region": regions,
        "provider": inventory.providers,
    }
    for kind, key in on.items():
        if kind in known and key not in known[kind]:
            yield f"unknown {kind} {key!r}", did_you_mean(key, known[kind])
    router = stage.routers.get(on.get("device", ""))
    if router and "interface" in on and on["interface"] not in router.number_of:
        hint = did_you_mean(on["interface"], router.number_of)
        yield f"{on['device']} has no interface {on['interface']!r}", hint


def _options(event: Mapping[str, Any], action: Action) -> tuple[dict[str, Value], list[tuple[str, str]]]:
    found: dict[str, Value] = {}
    wrong = []
    for name, option in action.options.items():
        if name not in event:
            if option.needed:
                wrong.append((f"option {name!r} is missing: {option.meaning}", ""))
            elif option.default is not None:
                found[name] = option.default
            continue
        try:
            found[name] = _value(option, event[name])
        except ValueError as error:
            wrong.append((f"{name}: {error}", ""))
    if found.get("direction", "both") not in _DIRECTIONS:
        wrong.append((f"direction {found['direction']!r}: in, out or both", ""))
    return found, wrong


def _what_mistakes(what: str, device: Device) -> Iterator[tuple[str, str]]:
    words = CREDENTIALS[device.snmp.version]
    if what and what not in words:
        message = f"what {what!r}: {device.key} speaks version {device.snmp.version}, so {' or '.join(words)}"
        yield message, did_you_mean(what, words)


def _other_mistakes(link: str, other: str, inventory: Inventory) -> Iterator[tuple[str, str]]:
    """Both links have to end on routers of ours, and be two."""
    if other not in inventory.links:
        yield f"unknown link {other!r}", did_you_mean(other, inventory.links)
    elif other == link:
        yield f"other {other!r}: is the same link", ""
    else:
        outside = [key for key in (link, other) if len(inventory.links[key].ends) < 2]
        yield from ((f"link {key!r} ends outside", "") for key in outside)


def _value(option: Option, raw: object) -> Value:
    """ValueError when it is not of the option's kind. Words from a command line are taken as what they spell."""
    if option.kind == "duration":
        return seconds(raw)
    if option.kind == "switch":
        words = {"true": True, "yes": True, "false": False, "no": False}
        if isinstance(raw, bool) or str(raw).lower() in words:
            return raw if isinstance(raw, bool) else words[str(raw).lower()]
        raise ValueError(f"{raw!r} is neither true nor false")
    if option.kind == "word":
        return str(raw)
    try:
        number = float(str(raw))
    except ValueError:
        raise ValueError(f"{raw!r} is no number") from None
    if option.kind == "signed" and isfinite(number):
        return number
    if not isfinite(number) or number < 0 or (option.kind == "ratio" and number > 1):
        raise ValueError(f"{raw!r} is out of range" + (" 0 to 1" if option.kind == "ratio" else ""))
    if option.kind == "whole" and number != int(number):
        raise ValueError(f"{raw!r} is no whole number")
    return int(number) if option.kind == "whole" else number
