"""Rule files: the defaults are good, a file changes them by name, and every mistake has its file and line."""

import re
from pathlib import Path

import pytest

from alerts.alarm import Severity
from alerts.rules.codes import CODES
from alerts.rules.kinds import KINDS
from alerts.rules.measurements import MEASUREMENTS
from alerts.rules.reading import DEFAULTS, check_rules, read_rules
from alerts.rules.rule import Rule, StateSpec, ThresholdSpec
from alerts.rules.subjects import LABELS
from collectors.aggregates import QUANTITIES as OF_AGGREGATES
from collectors.joined import QUANTITIES as INTERFACE
from collectors.peers import KINDS as PEERS
from collectors.peers import PREFIX_QUANTITIES
from collectors.ping import QUANTITIES as PING
from collectors.rates import DEVICE_QUANTITIES
from collectors.sensors.shape import SHAPES
from inventory.labels import device_labels, link_labels, site_labels
from inventory.mistakes import Mistake, MistakesError
from inventory.quantities import QUANTITIES
from inventory.sample_network import generate
from inventory.states import State
from noc.minute import QUANTITIES as LIVENESS
from noc.naming import QUANTITIES as OF_LINKS
from noc.pipeline import POLL

HOUSE = Path(__file__).resolve().parents[3]
NOWHERE = Path("/nonexistent")


def write(directory: Path, text: str, name: str = "ours.yaml") -> Path:
    directory.mkdir(exist_ok=True)
    (directory / name).write_text(text, encoding="utf-8")
    return directory


def mistakes(directory: Path, text: str) -> dict[int, Mistake]:
    found, _ = check_rules(write(directory, text))
    assert len({one.line for one in found}) == len(found), [str(one) for one in found]
    return {one.line: one for one in found}


def warnings(directory: Path, text: str) -> list[str]:
    found, warned = check_rules(write(directory, text))
    assert not found
    return [str(one) for one in warned]


def test_given_no_directory_then_the_defaults_are_in_force_and_sound() -> None:
    assert check_rules(NOWHERE) == ((), ())
    book = read_rules(NOWHERE)
    assert {"device-down", "link-down", "agent-silent", "bgp-down", "utilisation-high", "own-failing"} <= set(
        book.rules
    )
    assert list(book.rules) == sorted(book.rules)


@pytest.mark.parametrize("rule", list(read_rules(NOWHERE)), ids=lambda rule: rule.name)
def test_given_a_default_then_its_evidence_has_a_sentence_and_symptoms_hold_30_s(rule: Rule) -> None:
    assert rule.code == "state" or rule.code in CODES
    assert not rule.severity.pages, "what pages is decided by impact"
    if rule.family in ("routing", "quality", "capacity"):
        assert rule.for_s >= 30.0


def test_rule_47_given_the_defaults_then_routing_holds_30_s() -> None:
    book = read_rules(NOWHERE)
    assert {rule.for_s for rule in book if rule.family == "routing"} == {30.0}


def test_given_the_measurements_then_they_tell_what_collectors_say_they_tell() -> None:
    told = {
        "interface": INTERFACE,
        "link": OF_LINKS,
        "aggregate": OF_AGGREGATES,
        "liveness": LIVENESS,
        "ping": PING,
        "device": DEVICE_QUANTITIES,
        "poll": POLL,
        "bgp_prefixes": PREFIX_QUANTITIES,
        **{kind.measurement: kind.quantities for kind in PEERS},
        **{name: shape.quantities for name, shape in SHAPES.items()},
    }
    assert {name: set(MEASUREMENTS[name].quantities) for name in told} == {
        name: set(each) for name, each in told.items()
    }
    assert {name for each in MEASUREMENTS.values() for name in each.quantities} <= set(QUANTITIES)


def test_given_the_labels_that_may_be_asked_for_then_they_are_those_of_every_command() -> None:
    inventory = generate()
    assert set(LABELS["device"]) == set(device_labels(inventory, next(iter(inventory.devices.values()))))
    assert set(LABELS["link"]) == set(link_labels(inventory, next(iter(inventory.links.values()))))
    assert set(LABELS["site"]) == set(site_labels(inventory, next(iter(inventory.sites.values()))))


def test_given_a_default_is_named_then_only_what_is_said_of_it_changes(tmp_path: Path) -> None:
    text = "rules:\n  cpu-high:\n    raise: 95%\n    on: region=Dodoma role=regional\n    severity: minor\n"
    book, before = read_rules(write(tmp_path / "rules", text)), read_rules(NOWHERE)
    changed, was = book.rules["cpu-high"].spec, before.rules["cpu-high"].spec
    assert isinstance(changed, ThresholdSpec) and isinstance(was, ThresholdSpec)
    assert (changed.raise_at, changed.clear_at, changed.over_s) == (0.95, was.clear_at, was.over_s)
    assert book.rules["cpu-high"].severity is Severity.MINOR and len(book.rules["cpu-high"].on.terms) == 2
    assert {name: rule for name, rule in book.rules.items() if name != "cpu-high"} == {
        name: rule for name, rule in before.rules.items() if name != "cpu-high"
    }


def test_given_a_default_is_turned_off_or_made_another_kind_then_so_it_is(tmp_path: Path) -> None:
    text = "rules:\n  rebooted: {enabled: false}\n  device-down: {kind: state, of: device, states: [down]}\n"
    book = read_rules(write(tmp_path / "rules", text))
    assert "rebooted" not in book.rules
    spec = book.rules["device-down"].spec
    assert isinstance(spec, StateSpec) and spec.states == {State.DOWN}


def test_given_other_intervals_then_rules_expect_verdicts_as_often() -> None:
    book = read_rules(NOWHERE, {"ping": 300.0})
    assert (book.rules["loss"].every_s, book.rules["bgp-down"].every_s) == (300.0, 30.0)
    assert book.rules["device-down"].every_s is None


def test_given_many_mistakes_then_all_are_told_at_once_each_with_its_line(tmp_path: Path) -> None:
    found = mistakes(
        tmp_path / "rules",
        "ruls:\n"  # 1
        "  a: {}\n"
        "rules:\n"
        "  Bad Name: {kind: state}\n"  # 4
        "  one:\n"
        "    kind: treshold\n"  # 6
        "  two:\n"  # 7: measurement is missing
        "    kind: threshold\n"
        "    quantity: cpu_ration\n"  # 9
        "    raise: 90%\n"
        "    clear: 80%\n"
        "  three:\n"
        "    kind: threshold\n"
        "    measurement: cpu\n"
        "    quantity: cpu_ratio\n"
        "    raise: 90%\n"
        "    clear: 90%\n"  # 17
        "    foor: 5m\n"  # 18
        "    for: 5 minutes\n"  # 19
        "    severity: urgent\n"  # 20
        "    on: region\n"
        "  four:\n"
        "    kind: value\n"
        "    measurement: fan\n"
        "    quantity: component_status\n"
        "    bad: [faild]\n"  # 26
        "    on: =Dodoma\n"  # 27
        "  five: [1, 2]\n"  # 28
        "  six: {kind: threshold, measurement: ping, quantity: cpu_ratio, raise: 2, clear: 1}\n"  # 29
        "  seven: {kind: threshold, measurement: cpu, quantity: cpu_ratio, raise: 90, clear: 80%}\n"  # 30
        "  three: {kind: state}\n",  # 31
    )
    assert sorted(found) == [1, 4, 6, 7, 9, 17, 18, 19, 20, 26, 27, 28, 29, 30, 31]
    assert "did you mean 'rules'?" in str(found[1])
    assert "did you mean 'threshold'?" in str(found[6])
    assert "did you mean 'cpu_ratio'?" in str(found[9])
    assert "same level" in str(found[17])
    assert "did you mean 'for'?" in str(found[18])
    assert "30s, 5m, 4h" in str(found[19])
    assert "did you mean 'failed'?" in str(found[26])
    assert "ping does not tell 'cpu_ratio'" in str(found[29])
    assert "write 90% or" in str(found[30])
    assert "duplicate key 'three', first on line 12" in str(found[31])


def test_given_mistakes_then_no_book_is_made(tmp_path: Path) -> None:
    with pytest.raises(MistakesError) as caught:
        read_rules(write(tmp_path / "rules", "rules:\n  one: {kind: nothing}\n"))
    assert caught.value.mistakes[0].line == 2


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("kind: utilisation, share: 10%", "clear_share must be under share"),
        ("kind: utilisation, margin: 0%", "margin must be over 0%"),
        ("kind: utilisation, over: 30s", "not from 2m to 4h"),
        ("kind: baseline, measurement: ping, quantity: rtt_ms, raise: 1.1, clear: 1.2", "raise > clear >= 1"),
        ("kind: absence, measurement: health", "not one of"),
        ("kind: absence, measurement: cpu", "'after' is missing"),
        ("kind: absence, measurement: poll, polls: 0", "whole number"),
        ("kind: state, of: device", "neither states nor reasons"),
        ("kind: state, of: link, states: [degraded]", "not one of down, unreachable"),
        ("kind: state, of: device, states: []", "states is empty"),
        ("kind: threshold, measurement: fan, quantity: component_status, raise: 2, clear: 1", "use kind: value"),
        ("kind: value, measurement: cpu, quantity: cpu_ratio, bad: [1]", "use kind: threshold"),
        ("kind: threshold, measurement: cpu, quantity: [cpu_ratio], raise: [1], clear: 0", "must be one value"),
        ("kind: threshold, measurement: ups, quantity: [charge_ratio, runtime_s], raise: 10%, clear: 20%", "units"),
        ("kind: threshold, measurement: cpu, quantity: cpu_ratio, raise: nan, clear: 1", "not a number"),
        ("kind: reboot, for: 99999d", "over 31 days"),
        ("kind: reboot, on: 'name=\"x'", "never closed"),
        ("kind: reboot, enabled: maybe", "neither true nor false"),
        ("kind: reboot, code: reboott", "did you mean 'reboot'?"),
    ],
)
def test_given_levels_that_cannot_be_meant_then_it_is_said_why(tmp_path: Path, written: str, said: str) -> None:
    found = mistakes(tmp_path / "rules", f"rules:\n  one: {{{written}}}\n")
    assert said in str(found[2])


def test_rule_17_given_a_label_that_such_things_do_not_have_then_the_linter_warns(tmp_path: Path) -> None:
    text = "rules:\n  device-down: {on: provider=ttcl}\n  link-down: {on: regoin=Dodoma}\n  cpu-high: {on: region=Dodoma}\n"
    said = warnings(tmp_path / "rules", text)
    assert len(said) == 2
    assert "no label 'provider' on a device" in said[0] and "ours.yaml:2" in said[0]
    assert "no label 'regoin' on a link" in said[1] and "did you mean 'region'?" in said[1]


def test_given_something_is_turned_off_that_is_no_default_then_a_warning(tmp_path: Path) -> None:
    (said,) = warnings(tmp_path / "rules", "rules:\n  reboted: {kind: reboot, enabled: false}\n")
    assert "did you mean 'rebooted'?" in said


@pytest.mark.parametrize("text", ["", "rules:\n", "# nothing\n"])
def test_given_an_empty_file_then_the_defaults_stand(tmp_path: Path, text: str) -> None:
    assert read_rules(write(tmp_path / "rules", text)).rules == read_rules(NOWHERE).rules


@pytest.mark.parametrize("text", ["rules: [", "rules: {a: &x [*x, *x]}", "rules: {a: {kind: {b: c}}}", "\x00", "- 1\n"])
def test_given_a_file_that_is_no_rule_file_then_mistakes_and_no_traceback(tmp_path: Path, text: str) -> None:
    found, _ = check_rules(write(tmp_path / "rules", text))
    assert found


def test_given_the_same_name_in_two_files_then_a_mistake_names_both(tmp_path: Path) -> None:
    write(tmp_path / "rules", "rules:\n  mine: {kind: reboot}\n", "a.yaml")
    found, _ = check_rules(write(tmp_path / "rules", "rules:\n  mine: {kind: reboot}\n", "b.yaml"))
    assert "twice, first in" in str(found[0]) and "a.yaml:2" in str(found[0])


# the page about rules


def page() -> str:
    return (HOUSE / "docs" / "rules.md").read_text(encoding="utf-8")


def test_given_the_page_then_its_examples_are_sound_and_show_every_kind(tmp_path: Path) -> None:
    examples = re.findall(r"```yaml\n(.*?)```", page(), re.S)
    shown = set()
    for number, example in enumerate(examples):
        found, warned = check_rules(write(tmp_path / str(number), example))
        assert not found and not warned, [str(one) for one in (*found, *warned)]
        shown |= set(re.findall(r"kind: (\w+)", example))
    assert shown == set(KINDS)


def test_given_the_page_then_its_table_of_defaults_is_that_of_the_file() -> None:
    for rule in read_rules(NOWHERE):
        row = f"| `{rule.name}` | {rule.kind} | {rule.family} | {rule.severity} | {rule.for_s:g} | {rule.clear_s:g} |"
        assert row in page(), row
    named = set(re.findall(r"^\| `([a-z-]+)` \| \w+ \| \w+ \| (?:minor|warning|info)", page(), re.M))
    assert named == set(read_rules(NOWHERE).rules)


def test_given_the_page_then_it_lists_every_code_with_its_figures() -> None:
    for code, figures in CODES.items():
        assert f"| `{code}` | {', '.join(figures)} |" in page(), code


def test_given_the_defaults_file_then_it_is_shipped_with_the_package() -> None:
    assert DEFAULTS.is_file()
    assert "rules/*.yaml" in (HOUSE / "setup.cfg").read_text()
