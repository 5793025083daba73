"""A silence or planned work as a form asks for it: every field that cannot be meant, with its reason, all at once."""

import re
import shlex
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar

from alerts.desk import planned
from alerts.desk.acts import ActRefused
from alerts.local_time import DAY_S
from alerts.places import LABELS, Place
from alerts.window import Window, WindowKind
from alerts.windows import TARGETS, Windows
from dashboards.moments import MomentError, duration, moment
from inventory.model import Inventory
from inventory.selector import SelectorError, parse_text
from inventory.sentence import Sentence, noted

Typed = Mapping[str, str]
Value = TypeVar("Value")
AGAIN_S: Final = 60.0  # in which the same window of the same person is the same click
REPEATS: Final = ("", "FREQ=DAILY", "FREQ=WEEKLY", "FREQ=MONTHLY")
LONGEST: Final = 200


@dataclass
class Asking:
    """`problems`: field -> what is wrong with it."""

    typed: Typed
    now: float
    problems: dict[str, str] = field(default_factory=dict)

    def read(self, name: str, means: Callable[[str], Value], otherwise: Value) -> Value:
        """What a field means; noted where it means nothing."""
        try:
            return means(self.typed.get(name, "").strip())
        except (ActRefused, MomentError, SelectorError) as error:
            self.problems.setdefault(name, str(error))
            return otherwise

    def begins(self) -> float:
        return self.read("from", lambda text: moment(text[:LONGEST], self.now) if text else self.now, self.now)

    def ends(self, begins: float) -> float:
        """One end, said one way or the other."""
        length, until = (self.typed.get(name, "").strip()[:LONGEST] for name in ("for", "to"))
        if bool(length) == bool(until):
            self.problems["to"] = Sentence("one-end", "one end is needed, and one only: how long, or when it ends")
            return begins
        if length:
            return self.read("for", lambda text: begins + duration(text[:LONGEST]), begins)
        return self.read("to", lambda text: moment(text[:LONGEST], begins), begins)

    def reason(self) -> str:
        return self.read("reason", planned.one_line, "")


@dataclass(frozen=True)
class Planned:
    """`window` is None where `problems` says why. `places`: what it keeps quiet; `others`: windows that overlap with it."""

    window: Window | None
    problems: Mapping[str, str]
    places: Sequence[Place] = ()
    others: Sequence[Window] = ()


def asked_for(
    kind: WindowKind, typed: Typed, inventory: Inventory, windows: Sequence[Window], who: str, *, now: float
) -> Planned:
    """`windows`: those that are there already."""
    asking = Asking(typed, now)
    begins = asking.begins()
    ends = asking.ends(begins)
    made = Window(0, kind, "", who, asking.reason(), begins, ends)
    made = _silence(asking, made) if kind == "silence" else _work(asking, made, inventory)
    places = _looked_over(asking, made, inventory)
    if asking.problems:
        return Planned(None, asking.problems, places)
    reach = planned.reach(inventory, made)
    return Planned(made, {}, reach, planned.overlapping(windows, made, reach, inventory))


def _silence(asking: Asking, made: Window) -> Window:
    return replace(made, selector=asking.read("selector", _selector, ""))


def _selector(text: str) -> str:
    if not text:
        text = noted("say what is meant: a key, region=Dodoma, provider=ttcl")
        raise planned.WindowRefused(Sentence("selector-needed", text))
    if len(text) > LONGEST:
        raise planned.WindowRefused(Sentence("too-long", "at most {most} letters", most=LONGEST))
    parse_text(text, LABELS)
    return shlex.join(shlex.split(text))


def _work(asking: Asking, made: Window, inventory: Inventory) -> Window:
    target = asking.typed.get("target", "")
    if target not in TARGETS:
        asking.problems["target"] = Sentence("target-unknown", "work on what? one of {known}", known=", ".join(TARGETS))
        return made
    key = asking.read("key", lambda text: planned.work_on(inventory, target, text[:LONGEST]), "")
    repeat = asking.read("repeat", planned.repetition, "")
    made = replace(made, selector=shlex.quote(f"key={key}"), target=target, repeat=repeat)
    until = asking.typed.get("until", "").strip()
    if until and not repeat:
        asking.problems["until"] = Sentence("until-alone", "that is the last day of what is repeated")
    if not (until and repeat):
        return made
    bare = re.fullmatch(r"\d{4}-\d{2}-\d{2}", until)
    last = asking.read("until", lambda text: moment(text[:LONGEST], asking.now) + (DAY_S if bare else 0), made.to_at)
    return replace(made, until_at=last)


def _looked_over(asking: Asking, made: Window, inventory: Inventory) -> Sequence[Place]:
    """Its times and what it is over, where the fields could be read at all."""
    if asking.problems:
        return ()
    try:
        planned.look_over(made, asking.now)
        places = planned.covered(Windows(inventory), made)
    except planned.WindowRefused as error:
        asking.problems[error.field or "selector"] = str(error)
        return ()
    if not places and not asking.typed.get("anyway"):
        asking.problems["selector" if made.kind == "silence" else "key"] = planned.nothing(made, inventory)
        asking.problems["anyway"] = Sentence("anyway", "choose this if it soon will")
    return places


def same_click(windows: Iterable[Window], made: Window, now: float) -> Window | None:
    """The window that this person made of the same form a moment ago."""
    return next(
        (
            one
            for one in windows
            if (one.kind, one.selector, one.target, one.author, one.reason, one.repeat)
            == (made.kind, made.selector, made.target, made.author, made.reason, made.repeat)
            and 0 <= now - one.created_at < AGAIN_S
            and not one.ended_by
            and abs((one.to_at - one.from_at) - (made.to_at - made.from_at)) < AGAIN_S
        ),
        None,
    )


def counted(places: Iterable[Place]) -> list[tuple[str, int]]:
    """How many of each kind, in the order in which they are found."""
    return list(Counter(kind for kind, _ in places).items())
