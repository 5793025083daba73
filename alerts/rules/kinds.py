"""The kinds of rules: which keys each takes, what they mean together, and what it is when nothing is said."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import nan
from typing import cast

from alerts.alarm import Family, Severity
from alerts.rules import words
from alerts.rules.form import Form, one_of
from alerts.rules.measurements import MEASUREMENTS
from alerts.rules.rule import (
    AbsenceSpec,
    BaselineSpec,
    DropSpec,
    FlapSpec,
    PeerSpec,
    Protocol,
    RebootSpec,
    Spec,
    StateSpec,
    ThresholdSpec,
    UseSpec,
    ValueSpec,
)
from inventory.quantities import Quantity
from inventory.states import Reason, State
from inventory.status import Kind as RowKind

LEAST_WINDOW_S = 120.0  # utilisation is never judged by one sample (SEMANTICS 50)
MOST_WINDOW_S = 4 * 3600.0
ROW_KINDS = ("device", "link", "site")
STATES = {
    "device": ("down", "unreachable"),
    "link": ("down", "unreachable"),
    "site": ("down", "unreachable", "degraded"),
}
REASONS = ("agent-silent", "credentials-refused", "dns", "no-path", "not-seen", "admin-down")


@dataclass(frozen=True, slots=True)
class Kind:
    """`keys` beside those of every rule; `build` reads them."""

    name: str
    keys: tuple[str, ...]
    build: Callable[[Form], Spec]
    family: Family
    code: str
    measurement: str = ""  # where the rule does not say which; "": it must, or there is none
    severity: Severity = Severity.WARNING


def state(form: Form) -> StateSpec:
    of = form.word("of", ROW_KINDS, "device", needed=True)
    states = form.many("states", lambda text: State(one_of(text, STATES[of])))
    reasons = form.many("reasons", lambda text: Reason(one_of(text, REASONS)))
    if not {"states", "reasons"} & set(form.entry.values):
        form.note("kind", "neither states nor reasons", "write states: [down] or reasons: [agent-silent]")
    return StateSpec(cast(RowKind, of), frozenset(states), frozenset(reasons))


def flap(form: Form) -> FlapSpec:
    return FlapSpec(cast(RowKind, form.word("of", ROW_KINDS, "device", needed=True)))


def peer(form: Form) -> PeerSpec:
    return PeerSpec(cast(Protocol, form.word("protocol", ("bgp", "ospf"), "bgp", needed=True)))


def threshold(form: Form) -> ThresholdSpec:
    quantities = form.many("quantity", _quantity_of(form), needed=True)
    units = {quantity.unit for quantity in quantities}
    if len(units) > 1:
        form.note("quantity", f"quantities of different units: {', '.join(sorted(units))}")
    per, least = _per(form, quantities)
    raise_at = clear_at = nan  # equal to nothing, so that what cannot be read is no second mistake
    if quantities:

        def level(text: str) -> float:
            return words.parse_ratio(text) if per else words.parse_level(text, quantities[0])

        raise_at, clear_at = form.one("raise", level, nan, needed=True), form.one("clear", level, nan, needed=True)
    for quantity in quantities:
        if quantity.kind == "state":
            form.note("quantity", f"{quantity.name} is a state, not an amount", "use kind: value")
    if raise_at == clear_at:
        form.note("clear", "raise and clear are the same level", "leave a step between them, or it will toggle")
    over_s = form.one("over", _window, 0.0)
    if per and raise_at < clear_at:
        form.note("raise", "a share of something is bad when it is high: raise must be over clear")
    return ThresholdSpec(tuple(quantity.name for quantity in quantities), raise_at, clear_at, over_s, per, least)


def _per(form: Form, quantities: Sequence[Quantity]) -> tuple[tuple[str, ...], float]:
    """What the levels are shares of, and the least amount that counts."""
    per = form.many("per", _quantity_of(form)) if "per" in form.entry.values else ()
    if per and len(per) != len(quantities):
        form.note("per", f"{len(quantities)} quantities per {len(per)}", "write one of per for each quantity, in order")
    if "least" in form.entry.values and not per:
        form.note("least", "least counts only beside per")
    least = form.one("least", lambda text: words.parse_level(text, quantities[0]), 0.0) if quantities else 0.0
    return tuple(quantity.name for quantity in per), least


def value(form: Form) -> ValueSpec:
    quantity: Quantity | None = form.one("quantity", _quantity_of(form), None, needed=True)
    if quantity is None:
        return ValueSpec("", frozenset())
    if quantity.kind != "state":
        form.note("quantity", f"{quantity.name} is an amount, not a state", "use kind: threshold")
    bad = form.many("bad", lambda text: words.parse_state(text, quantity), needed=True)
    unknown = form.many("unknown", lambda text: words.parse_state(text, quantity))
    if set(bad) & set(unknown):
        form.note("unknown", "a value is both bad and unknown")
    return ValueSpec(quantity.name, frozenset(bad), frozenset(unknown))


def utilisation(form: Form) -> UseSpec:
    level = form.one("level", _own_or_ratio, None)
    share = form.one("share", words.parse_ratio, 0.8)
    clear_share = form.one("clear_share", words.parse_ratio, 0.2)
    margin = form.one("margin", words.parse_ratio, 0.05)
    if clear_share >= share:
        form.note("clear_share", "clear_share must be under share", "leave a step between them, or it will toggle")
    if margin <= 0.0:
        form.note("margin", "margin must be over 0%", "without it a link at its level would toggle")
    return UseSpec(level, share, clear_share, margin, form.one("over", _window, 900.0))


def baseline(form: Form) -> BaselineSpec:
    quantity: Quantity | None = form.one("quantity", _quantity_of(form), None, needed=True)
    raise_at = form.one("raise", words.parse_number, nan, needed=True)
    clear_at = form.one("clear", words.parse_number, nan, needed=True)
    if raise_at <= clear_at or clear_at < 1.0:
        form.note("raise", f"raise {raise_at:g} and clear {clear_at:g} are not raise > clear >= 1, times the usual")
    least = form.one("least", lambda text: words.parse_level(text, quantity), 0.0) if quantity else 0.0
    if least < 0.0:
        form.note("least", "least is under zero")
    over_s = form.one("over", _window, 300.0)
    learn_s = form.one("learn", words.parse_duration, 86_400.0)
    if learn_s < over_s:
        form.note("learn", "learn is shorter than over")
    return BaselineSpec(quantity.name if quantity else "", raise_at, clear_at, least, over_s, learn_s)


def drop(form: Form) -> DropSpec:
    quantities = form.many("quantity", _quantity_of(form), needed=True)
    for quantity in quantities:
        if quantity.kind == "state":
            form.note("quantity", f"{quantity.name} is a state, not an amount", "use kind: value")
    raise_at, clear_at = form.one("raise", words.parse_ratio, 0.95), form.one("clear", words.parse_ratio, 0.99)
    if raise_at >= clear_at:
        form.note("clear", "clear must be over raise", "leave a step between them, or it will toggle")
    learn_s = form.one("learn", words.parse_duration, 30 * 86_400.0)
    return DropSpec(tuple(quantity.name for quantity in quantities), raise_at, clear_at, learn_s)


def absence(form: Form) -> AbsenceSpec:
    polls = form.one("polls", _whole, 3)
    after_s = form.one("after", words.parse_duration, nan if "after" in form.entry.values else 0.0)
    if after_s == 0.0 and form.entry.values.get("measurement") in MEASUREMENTS.keys() - {"poll"}:
        form.note("after", "key 'after' is missing", "polls counts only where measurement is poll")
    return AbsenceSpec(polls, after_s)


def reboot(_form: Form) -> RebootSpec:
    return RebootSpec()


def _own_or_ratio(text: str) -> float | None:
    return None if text == "own" else words.parse_ratio(text)


def _window(text: str) -> float:
    seconds = words.parse_duration(text)
    if not LEAST_WINDOW_S <= seconds <= MOST_WINDOW_S:
        raise ValueError(f"{text!r} is not from 2m to 4h")
    return seconds


def _whole(text: str) -> int:
    number = words.parse_number(text)
    if not number.is_integer() or not 1 <= number <= 1000:
        raise ValueError(f"{text!r} is not a whole number from 1 to 1000")
    return int(number)


def _quantity_of(form: Form) -> Callable[[str], Quantity]:
    """A quantity that the measurement of the rule tells."""

    def parse(text: str) -> Quantity:
        quantity = words.parse_quantity(text)
        measurement = MEASUREMENTS.get(str(form.entry.values.get("measurement")))
        if measurement is not None and measurement.quantities and text not in measurement.quantities:
            raise ValueError(f"{measurement.name} does not tell {text!r}; it tells {', '.join(measurement.quantities)}")
        return quantity

    return parse


KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("state", ("of", "states", "reasons"), state, "reachability", "state"),
        Kind("flap", ("of",), flap, "reachability", "flapping"),
        Kind("peer", ("protocol",), peer, "routing", "bgp-down"),
        Kind(
            "threshold",
            ("measurement", "rows", "quantity", "per", "least", "raise", "clear", "over"),
            threshold,
            "health",
            "threshold",
        ),
        Kind("value", ("measurement", "rows", "quantity", "bad", "unknown"), value, "health", "threshold"),
        Kind(
            "utilisation",
            ("measurement", "level", "share", "clear_share", "margin", "over"),
            utilisation,
            "capacity",
            "utilisation",
            "link",
        ),
        Kind(
            "baseline",
            ("measurement", "rows", "quantity", "raise", "clear", "least", "over", "learn"),
            baseline,
            "quality",
            "rtt",
        ),
        Kind("drop", ("measurement", "rows", "quantity", "raise", "clear", "learn"), drop, "health", "threshold"),
        Kind("absence", ("measurement", "rows", "polls", "after"), absence, "agent", "absence"),
        Kind("reboot", (), reboot, "restart", "reboot", "device"),
    )
}
