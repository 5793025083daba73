"""A message that says that it is none, to see whether messages arrive: made as every alert is; commands and web alike."""

import secrets
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Final

from alerts.books import Books
from alerts.desk.acts import ActRefused
from alerts.notification import Notification
from alerts.oncall.plan import Plan
from alerts.roster import Override
from alerts.words.messages import Text
from inventory.mistakes import did_you_mean
from inventory.model import Contact, Inventory

USEFUL_S: Final = 900.0  # after that a test says nothing any more
TELEPHONE: Final = ("sms", "modem")
PAGED: Final = (*TELEPHONE, "mail")
MOST_A_MINUTE: Final = 30  # each of them may be an SMS that is paid for


class TrialRefused(ActRefused):
    """`field` is what of it is wrong: whom, channels."""

    def __init__(self, text: str, field: str = "whom") -> None:
        super().__init__(text)
        self.field = field


def meant(
    plan: Plan, inventory: Inventory, overrides: Sequence[Override], words: Iterable[str], now: float
) -> tuple[str, ...]:
    """Contacts behind what was said, contacts or schedules; nothing said: behind every schedule."""
    found: list[str] = []
    for word in [*words] or [*plan.schedules]:
        if word in inventory.contacts:
            found.append(word)
            continue
        _known(word, [*plan.schedules, *inventory.contacts])
        found.extend(plan.who(f"schedule:{word}", now, overrides))
    if not found:
        raise TrialRefused("nobody is on call; give a contact a telephone and duties: [on-call]")
    return tuple(dict.fromkeys(found))


def message(
    contact: Contact, channels: Collection[str], compose: Callable[[str, float], Text], now: float
) -> Notification:
    """`channels`: only by these, in their order; none said: as a page goes, by telephone, else by mail."""
    reached = tuple(one for one in channels or PAGED if contact.telephone or one not in TELEPHONE)
    reached = tuple(one for one in reached if contact.email or one != "mail")
    if not reached:
        by = " or ".join(channels) or "anything"
        raise TrialRefused(
            f"{contact.key} cannot be reached by {by}: see its contact", "channels" if channels else "whom"
        )
    text = compose(contact.language, now)
    return Notification(
        key=f"test-{int(now)}-{secrets.token_hex(4)}",
        incident=0,
        occasion="test",
        contact=contact.key,
        channels=reached,
        short=text.short,
        subject=text.subject,
        body=text.body,
        queued_at=now,
        language=contact.language,
        next_try_at=now,
        expires_at=now + USEFUL_S,
    )


def keep(books: Books, messages: Sequence[Notification], who: str, now: float) -> None:
    """Queued, and written down who asked for it."""
    for one in messages:
        books.queue(one)
    books.audit(now, who, "oncall test", {"contacts": [one.contact for one in messages]})


def _known(word: str, known: Collection[str]) -> None:
    if word not in known:
        hint = did_you_mean(word, known) or f"there are {', '.join(sorted(known)[:10]) or 'none'}"
        raise TrialRefused(f"there is no contact or schedule {word!r} ({hint})")
