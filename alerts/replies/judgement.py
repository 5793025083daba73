"""Whether a reply by SMS is believed, and what it does: take the incident that it names, and never anything else.

A reply counts when its telephone is a contact's, its code is that contact's for that incident, unspent and not locked,
it was sent within ten minutes, and its transaction id was never seen (DOMAIN 6.6). Everything else is kept and audited.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from alerts.books import Books, CodeState, Reply
from alerts.desk.acts import ActRefused, acknowledge
from alerts.notify.plain import one_line
from alerts.oncall.telephones import TelephoneError, masked, normal
from alerts.replies.answers import ACKNOWLEDGED, REFUSED, TAKEN, answer
from alerts.replies.reading import Inbound, Taking, taking, without_code
from inventory.model import Contact

FRESH_S = 600.0
UNKNOWN = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`fate` is what is kept and counted, `text` what is answered; `contact` "" where nobody has that telephone."""

    fate: str
    text: str
    contact: str = UNKNOWN
    incident: int = 0


def receive(books: Books, inbound: Inbound, contacts: Mapping[str, Contact], now: float) -> Outcome:
    """Judge it, do what it says, and keep it; all in the transaction of `books`."""
    outcome = _judged(books, inbound, contacts, now)
    books.add_reply(
        Reply(
            transaction_id=inbound.transaction_id,
            at=now,
            sender=_number(inbound.sender) or one_line(inbound.sender, 40),
            text=without_code(inbound.text),
            fate=outcome.fate,
            contact=outcome.contact,
            incident=outcome.incident,
            via=inbound.via,
        )
    )
    what = {
        "via": inbound.via,
        "fate": outcome.fate,
        "sender": masked(inbound.sender),
        "incident": outcome.incident,
        "transaction_id": inbound.transaction_id,
    }
    books.audit(now, outcome.contact, "sms reply" if outcome.fate == ACKNOWLEDGED else "sms reply refused", what)
    return outcome


def _judged(books: Books, inbound: Inbound, contacts: Mapping[str, Contact], now: float) -> Outcome:
    found = taking(inbound.text)
    incident = found.incident if found else 0
    known = owners(inbound.sender, contacts)
    language = known[0].language if known else "sw"

    def no(fate: str) -> Outcome:
        return Outcome(fate, answer(REFUSED, language), known[0].key if known else UNKNOWN, incident)

    if books.reply_seen(inbound.transaction_id):
        return no("repeated")
    if not known:
        return no("wrong-number")
    if abs(now - inbound.sent_at) > FRESH_S:
        return no("late")
    if found is None:
        return no("not-understood")
    return _by_code(books, found, known, inbound.via, now) or no("wrong-code")


def _by_code(books: Books, found: Taking, known: Sequence[Contact], via: str, now: float) -> Outcome | None:
    """What the code is good for; None where it is no code of any incident of theirs."""
    refused: Outcome | None = None
    for contact in known:
        _, state = books.code_of(found.incident, found.code, now, contact.key)
        if state is CodeState.GOOD:
            return _acknowledged(books, found.incident, contact, via, now)
        if refused is None and state is not CodeState.WRONG:
            fate = f"code-{state.value.replace(chr(39), '')}"
            refused = Outcome(fate, answer(REFUSED, contact.language), contact.key, found.incident)
    return refused


def _acknowledged(books: Books, incident: int, contact: Contact, via: str, now: float) -> Outcome:
    try:
        acknowledge(books, incident, contact.key, now, via=via)
    except ActRefused:
        return Outcome("already-taken", answer(TAKEN, contact.language, incident), contact.key, incident)
    return Outcome(ACKNOWLEDGED, answer(ACKNOWLEDGED, contact.language, incident), contact.key, incident)


def owners(telephone: str, contacts: Mapping[str, Contact]) -> tuple[Contact, ...]:
    """Whose telephone it is; the one that a shift hands on may be several contacts'."""
    number = _number(telephone)
    if not number:
        return ()
    return tuple(contacts[key] for key in sorted(contacts) if _number(contacts[key].telephone) == number)


def _number(telephone: str) -> str:
    """As 255XXXXXXXXX, "" of what is no number; networks leave out the plus before a country's code."""
    for written in (telephone, f"+{telephone}"):
        try:
            return normal(written)
        except TelephoneError:
            continue
    return ""
