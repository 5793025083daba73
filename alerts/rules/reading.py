"""Read the rule files: GovNet's defaults, and over them what a directory says; every mistake at once, or one book."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from alerts.alarm import Family, Severity
from alerts.rules import words
from alerts.rules.codes import CODES
from alerts.rules.form import Entry, Form, one_of, yes_or_no
from alerts.rules.kinds import KINDS, Kind
from alerts.rules.measurements import INTERVALS, MEASUREMENTS
from alerts.rules.rule import FlapSpec, Rule, RuleBook, Spec, StateSpec
from alerts.rules.subjects import KNOWN, LABELS
from alerts.subject import SubjectKind
from inventory.mistakes import Mistake, MistakesError, did_you_mean
from inventory.selector import Selector, SelectorError, parse_selector
from inventory.yaml_file import Block, Rows, read_file, yaml_files

DEFAULTS = Path(__file__).with_name("defaults.yaml")
SECTION = "rules"
USED = ("link", "circuit_traffic")  # of these utilisation is told
MOST_ROWS = 64  # patterns of one rule
FAMILIES: tuple[Family, ...] = (
    *("reachability", "agent", "routing", "quality", "capacity", "health", "restart", "poller", "own"),
)
EVERY_KIND = ("kind", "enabled", "severity", "family", "code", "for", "keep_firing_for", "on")
_NAME = re.compile(r"[a-z][a-z0-9-]{0,62}\Z")


def read_rules(directory: Path, intervals: Mapping[str, float] = INTERVALS) -> RuleBook:
    """All rules in force. An absent directory: the defaults alone. Raises MistakesError with all there are.

    `intervals`: measurement -> seconds between its batches, where it is not the usual.
    """
    reading = _read(directory)
    if reading.mistakes:
        raise MistakesError(reading.mistakes)
    rules = (reading.rules[name] for name in sorted(reading.rules))
    return RuleBook({rule.name: _paced(rule, intervals) for rule in rules})


def check_rules(directory: Path) -> tuple[tuple[Mistake, ...], tuple[Mistake, ...]]:
    """(mistakes, warnings) of the rule files of a directory."""
    reading = _read(directory)
    return tuple(sorted(reading.mistakes)), tuple(sorted(reading.warnings))


def _paced(rule: Rule, intervals: Mapping[str, float]) -> Rule:
    every_s = intervals.get(rule.measurement, INTERVALS.get(rule.measurement)) if rule.measurement else None
    return replace(rule, every_s=every_s)


@dataclass(slots=True)
class _Reading:
    mistakes: list[Mistake] = field(default_factory=list)
    warnings: list[Mistake] = field(default_factory=list)
    rules: dict[str, Rule] = field(default_factory=dict)


def _read(directory: Path) -> _Reading:
    reading = _Reading()
    defaults = _entries([DEFAULTS], reading)
    own: dict[str, Entry] = {}
    if directory.is_dir():
        own = _entries(yaml_files(directory), reading)
    elif directory.exists():
        reading.mistakes.append(Mistake(str(directory), 0, "not a directory", "rule files stand in a directory"))
    for name, entry in own.items():
        known = defaults.get(name)
        if known is not None and entry.values.get("kind", known.values["kind"]) == known.values["kind"]:
            entry = entry.over(known)
        elif known is None and entry.values.get("enabled") in ("false", "no"):
            hint = did_you_mean(name, defaults)
            reading.warnings.append(Mistake(entry.file, entry.line, f"rule {name!r} is off, and is no default", hint))
        defaults[name] = entry
    for entry in defaults.values():
        rule = _rule(entry, reading)
        if rule is not None:
            reading.rules[rule.name] = rule
    return reading


def _entries(files: Iterable[Path], reading: _Reading) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for path in files:
        file = read_file(path)
        reading.mistakes += file.mistakes
        for section, content in file.top.items():
            line = file.top.lines[section]
            if section != SECTION:
                hint = did_you_mean(section, [SECTION]) or "all rules stand under 'rules:'"
                reading.mistakes.append(Mistake(str(path), line, f"unknown section {section!r}", hint))
            elif isinstance(content, Block):
                _take_section(str(path), content, found, reading.mistakes)
            elif content is not None:
                reading.mistakes.append(Mistake(str(path), line, "'rules' must be a mapping of names to rules"))
    return found


def _take_section(file: str, section: Block, found: dict[str, Entry], mistakes: list[Mistake]) -> None:
    for name, content in section.items():
        line = section.lines[name]
        if not _NAME.match(name):
            hint = "small letters, digits and '-', 63 at most"
            mistakes.append(Mistake(file, line, f"{name!r} is no name for a rule", hint))
        elif not isinstance(content, Block):
            mistakes.append(Mistake(file, line, f"rule {name!r} must be a mapping of keys"))
        elif name in found:
            before = f"{found[name].file}:{found[name].line}"
            mistakes.append(Mistake(file, line, f"rule {name!r} is there twice, first in {before}"))
        else:
            places = {key: (file, content.lines[key]) for key in content}
            found[name] = Entry(name, file, line, dict(content), places)


def _rule(entry: Entry, reading: _Reading) -> Rule | None:
    """None where it is off or cannot be read."""
    form = Form(entry, reading.mistakes)
    kind = KINDS.get(form.word("kind", tuple(KINDS), "", needed=True))
    if kind is None:
        return None
    form.check_keys((*EVERY_KIND, *kind.keys))
    spec = kind.build(form)
    measurement = _measurement(form, kind, spec)
    rule = Rule(
        name=entry.name,
        kind=kind.name,
        family=form.one("family", _family, kind.family),
        severity=form.one("severity", _severity, kind.severity),
        code=form.word("code", tuple(CODES), kind.code),
        spec=spec,
        for_s=form.one("for", words.parse_duration, 0.0),
        clear_s=form.one("keep_firing_for", words.parse_duration, 120.0),
        measurement=measurement,
        on=_selector(form, spec, measurement, reading),
        rows=form.many("rows", str) if "rows" in entry.values else (),
    )
    if len(rule.rows) > MOST_ROWS:
        form.note("rows", f"more than {MOST_ROWS} patterns")
    return rule if form.one("enabled", yes_or_no, True) else None


def _measurement(form: Form, kind: Kind, spec: Spec) -> str:
    if "measurement" in kind.keys:
        known = USED if kind.name == "utilisation" else tuple(MEASUREMENTS)
        return form.word("measurement", known, kind.measurement, needed=not kind.measurement)
    if kind.name == "peer":
        return "bgp_peer" if getattr(spec, "protocol", "") == "bgp" else "ospf_neighbour"
    return kind.measurement


def _family(text: str) -> Family:
    return next(family for family in FAMILIES if family == one_of(text, FAMILIES))


def _severity(text: str) -> Severity:
    return Severity(one_of(text, tuple(Severity)))


def _selector(form: Form, spec: Spec, measurement: str, reading: _Reading) -> Selector:
    """A label that such subjects do not have is worth a warning: it is empty, and equal to nothing (SEMANTICS 17)."""
    written = form.entry.values.get("on")
    if "on" not in form.entry.values:
        return Selector()
    if isinstance(written, Rows) and all(isinstance(term, str) for term in written):
        terms = list(written)
    else:
        terms = form.one("on", words.parse_terms, [])
    named = {re.split("[=~!]", term, maxsplit=1)[0] for term in terms}
    try:
        selector = parse_selector(terms, KNOWN | named)
    except SelectorError as error:
        form.note("on", f"on: {error}")
        return Selector()
    kind = _one(spec, measurement)
    for term in selector.terms:
        if term.label and term.label != "key" and term.label not in LABELS[kind]:
            file, line = form.entry.places["on"]
            hint = did_you_mean(term.label, LABELS[kind]) or f"there are {', '.join(LABELS[kind]) or 'none'}"
            message = f"rule {form.entry.name!r}: there is no label {term.label!r} on a {kind}; it reads as empty"
            reading.warnings.append(Mistake(file, line, message, hint))
    return selector


def _one(spec: Spec, measurement: str) -> SubjectKind:
    if isinstance(spec, (StateSpec, FlapSpec)):
        return spec.of
    return MEASUREMENTS[measurement].one if measurement in MEASUREMENTS else "device"
