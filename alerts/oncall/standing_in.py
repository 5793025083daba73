"""Standing in on a schedule: made and ended by people, refused where nobody would be reached; commands and pages alike."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, replace

from alerts.books import Books
from alerts.desk.acts import ActRefused
from alerts.oncall.plan import Plan
from alerts.roster import Override
from inventory.mistakes import absent, did_you_mean
from inventory.model import Inventory
from inventory.sentence import Sentence, noted

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
        raise OverrideRefused(
            Sentence("no-telephone", "{who} has no telephone in the inventory and cannot be paged", who=made.contact),
            "contact",
        )
    if not max(now, made.from_at) < made.to_at <= made.from_at + LONGEST_S:
        raise OverrideRefused(
            Sentence("times-wrong", "it must end after it begins, ahead of now, and within 92 days"), "to"
        )


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
        raise OverrideRefused(
            Sentence("override-unknown", "there is no override {number}; 'noc oncall show' lists them", number=number)
        )
    if max(found.from_at, now) >= found.to_at:
        if not found.ended_by:
            raise OverrideRefused(Sentence("override-over", "override {number} is over already", number=number))
        text = noted("override {number} is over already: {who} ended it")
        raise OverrideRefused(Sentence("override-over", text, number=number, who=found.ended_by))
    over = replace(found, to_at=max(found.from_at, now), ended_by=who)
    books.put_override(over)
    books.audit(now, who, "override end", {"number": number, "to_at": over.to_at})
    return over


def _known(word: str, what: str, known: Collection[str]) -> None:
    if word not in known:
        there = Sentence("there-are", "there are {known}", known=", ".join(sorted(known)[:10]) or "0")
        hint = did_you_mean(word, known) or there
        raise OverrideRefused(absent(what, word).with_hint(hint), what)
