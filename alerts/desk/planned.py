"""Silences and maintenance that people plan: what is refused, what is kept, and how it ends; commands and pages alike."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from alerts.books import Books
from alerts.desk.acts import ActRefused
from alerts.places import Place, Places
from alerts.recurrence import LONGEST_SERIES_S, Recurrence, RepeatError, checked
from alerts.subject import Subject
from alerts.window import Window, WindowKind
from alerts.windows import SILENCEABLE, Windows, occurrence, state
from inventory.mistakes import absent, did_you_mean
from inventory.model import Inventory
from inventory.selector import SelectorError
from inventory.sentence import Sentence, noted

NONE_OF = {
    "silence": noted("there is no silence {number}; 'noc silence list' shows them"),
    "maintenance": noted("there is no maintenance {number}; 'noc maintenance list' shows them"),
}
OVER = {
    "silence": noted("silence {number} is over already"),
    "maintenance": noted("maintenance {number} is over already"),
}
ENDED_BY = {
    "silence": noted("silence {number} is over already: {who} ended it"),
    "maintenance": noted("maintenance {number} is over already: {who} ended it"),
}
LONGEST_S = 31 * 86_400
LONGEST_LINE = 200
MOST_BESIDE = 20


class WindowRefused(ActRefused):
    """`field` is what of it is wrong: selector, target, from, to, repeat, until, reason."""

    def __init__(self, text: str, field: str = "") -> None:
        super().__init__(text)
        self.field = field


@dataclass(frozen=True, slots=True)
class Ending:
    """`begun`: it covered something, and what of that is still bad is told now."""

    window: Window
    begun: bool


def one_line(text: str, field: str = "reason", *, longest: int = LONGEST_LINE) -> str:
    """What people write into the ledger: not empty, one line."""
    said = " ".join(text.split())
    if not said or not said.isprintable() or len(said) > longest:
        raise WindowRefused(
            Sentence("line-needed", "some words on one line, at most {longest} letters", longest=longest), field
        )
    return said


def repetition(rule: str) -> str:
    """An RFC 5545 RRULE as it is kept; "" for none."""
    try:
        return checked(rule) if rule.strip() else ""
    except RepeatError as error:
        raise WindowRefused(str(error), "repeat") from error


def work_on(inventory: Inventory, target: str, key: str) -> str:
    """The key of what is worked on, however it is written."""
    known = {each.casefold(): each for each in Places(inventory).keys(target)}
    if key.casefold() not in known:
        raise WindowRefused(absent(target, key, known.values()), "target")
    return known[key.casefold()]


def look_over(window: Window, now: float) -> None:
    """WindowRefused where its times make no sense."""
    if window.to_at <= window.from_at:
        raise WindowRefused(Sentence("ends-first", "it would end before it begins"), "to")
    if window.to_at <= now and not window.repeat:
        raise WindowRefused(Sentence("over-already", "it would be over already"), "to")
    if window.to_at - window.from_at > LONGEST_S:
        raise WindowRefused(
            Sentence(
                "too-long",
                "longer than 31 days at a time: nobody remembers such a window; make it shorter, or repeat it",
            ),
            "to",
        )
    if window.repeat:
        _look_over_series(window, now)


def _look_over_series(window: Window, now: float) -> None:
    if window.until_at is None:
        raise WindowRefused(
            Sentence("last-day-needed", "what is repeated needs a last day: nothing is repeated for ever"), "until"
        )
    if not now < window.until_at <= window.from_at + LONGEST_SERIES_S:
        raise WindowRefused(Sentence("last-day-far", "a day ahead, within five years"), "until")
    try:
        series = Recurrence(window.repeat, window.from_at, window.until_at)
    except RepeatError as error:
        raise WindowRefused(str(error), "repeat") from error
    second = series.next_begins(window.from_at)
    if second is not None and second < window.to_at:
        raise WindowRefused(
            Sentence("meets-itself", "it would run into its own next time: end it sooner, or repeat it less often"),
            "repeat",
        )


def covered(windows: Windows, window: Window) -> tuple[Place, ...]:
    """What it would be over now."""
    try:
        return tuple(windows.matched(window.selector, window.target))
    except SelectorError as error:
        raise WindowRefused(str(error), "selector") from error


def reach(inventory: Inventory, window: Window) -> tuple[Place, ...]:
    """Of what alarms it would keep quiet in its next time: a site with its devices and links, a provider's circuits."""
    span = occurrence(window, window.from_at)
    if span is None:
        return ()
    windows, places = Windows(inventory), Places(inventory)
    every = [(kind, key) for kind in SILENCEABLE for key in places.keys(kind)]
    return tuple(place for place in every if windows.covering((window,), _subject(*place), span[0]) is not None)


def _subject(kind: str, key: str) -> Subject:
    return Subject(kind, key, key if kind == "device" else "")  # type: ignore[arg-type]


def nothing(window: Window, inventory: Inventory) -> Sentence:
    """That a selector matches nothing, with what may have been meant."""
    word = window.selector.removeprefix("key=")
    hint = did_you_mean(word, [*inventory.sites, *inventory.devices, *inventory.links, *inventory.circuits])
    return Sentence("matches-nothing", "that matches nothing now").with_hint(hint)


def overlapping(windows: Sequence[Window], made: Window, places: Sequence[Place], inventory: Inventory) -> list[Window]:
    """Those that keep some of the same quiet at some of the same time, as far as their next times tell.

    `places` is the reach of what was made; of very many at the same time the first ones are looked at.
    """
    span = occurrence(made, made.from_at)
    if span is None:
        return []
    beside = [
        (window, its[0])
        for window in windows
        if window.number != made.number
        and (its := occurrence(window, span[0])) is not None
        and its[0] < span[1]
        and span[0] < its[1]
    ]
    known, subjects = Windows(inventory), [_subject(*place) for place in places]
    return [
        window
        for window, begins in beside[:MOST_BESIDE]
        if any(known.covering((window,), subject, begins) is not None for subject in subjects)
    ]


def keep(books: Books, window: Window, now: float) -> Window:
    """Kept and written down who made it."""
    kept = books.add_window(replace(window, created_at=now))
    books.audit(now, kept.author, f"{kept.kind} add", asdict(kept))
    return kept


def end(books: Books, kind: WindowKind, number: int, who: str, now: float) -> Ending:
    """It covers nothing from now on; what is still bad is told then. Refused when it is over, or is none."""
    window = next((each for each in books.windows() if each.number == number and each.kind == kind), None)
    if window is None:
        raise WindowRefused(Sentence(f"{kind}-unknown", NONE_OF[kind], number=number))
    was = state(window, now)
    if was == "expired":
        over = ENDED_BY[kind] if window.ended_by else OVER[kind]
        raise WindowRefused(Sentence(f"{kind}-over", over, number=number, who=window.ended_by))
    ending = replace(window, ended_by=who)
    ended_now = (
        replace(ending, until_at=now)
        if window.repeat
        else replace(ending, to_at=max(window.from_at, min(now, window.to_at)))
    )
    books.put_window(ended_now)
    books.audit(now, who, f"{kind} end", {"number": number})
    return Ending(ended_now, begun=was == "active")
