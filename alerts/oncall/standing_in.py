"""Standing in on a schedule: made and ended by people, refused where nobody would be reached; commands and pages alike."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, replace

from alerts.books import Books
from alerts.desk.acts import ActRefused
from alerts.oncall.plan import Plan
from alerts.roster import Override
from inventory.mistakes import did_you_mean
from inventory.model import Inventory

LONGEST_S = 92 * 86_400
AGAIN_S = 60.0  # in which the same words of the same person are one act


class OverrideRefused(ActRefused):
    """`field` is what of it is wrong: schedule, contact, from, to, reason."""

    def __init__(self, text: str, field: str = "") -> None:
        super().__init__(text)
        self.field = field


def look_over(made: Override, plan: Plan, inventory: Inventory, now: float) -> None:
    """OverrideRefused where nobody would be told by it."""
    _known(made.schedule, "schedule", plan.schedules)
    _known(made.contact, "contact", inventory.contacts)
    if not inventory.contacts[made.contact].telephone:
        raise OverrideRefused(f"{made.contact} has no telephone in the inventory and cannot be paged", "contact")
    if not max(now, made.from_at) < made.to_at <= made.from_at + LONGEST_S:
        raise OverrideRefused("it must end after it begins, ahead of now, and within 92 days", "to")


def same_click(overrides: Iterable[Override], made: Override) -> Override | None:
    """What this person made of the same words a moment ago."""
    return next(
        (
            one
            for one in overrides
            if (one.schedule, one.contact, one.author, one.reason)
            == (made.schedule, made.contact, made.author, made.reason)
            and not one.ended_by
            and 0 <= made.created_at - one.created_at < AGAIN_S
            and abs(one.from_at - made.from_at) < AGAIN_S
            and abs(one.to_at - made.to_at) < AGAIN_S
        ),
        None,
    )


def keep(books: Books, made: Override) -> Override:
    """Kept and written down who made it."""
    kept = books.add_override(made)
    books.audit(made.created_at, made.author, "override add", asdict(kept))
    return kept


def end(books: Books, number: int, who: str, now: float) -> Override:
    """The schedule goes on as planned. Refused when it is over, or is none."""
    found = next((each for each in books.overrides() if each.number == number), None)
    if found is None:
        raise OverrideRefused(f"there is no override {number}; 'noc oncall show' lists them")
    if max(found.from_at, now) >= found.to_at:
        ended = f": {found.ended_by} ended it" * bool(found.ended_by)
        raise OverrideRefused(f"override {number} is over already{ended}")
    over = replace(found, to_at=max(found.from_at, now), ended_by=who)
    books.put_override(over)
    books.audit(now, who, "override end", {"number": number, "to_at": over.to_at})
    return over


def _known(word: str, what: str, known: Collection[str]) -> None:
    if word not in known:
        hint = did_you_mean(word, known) or f"there are {', '.join(sorted(known)[:10]) or 'none'}"
        raise OverrideRefused(f"there is no {what} {word!r} ({hint})", what)
