"""Messages of incidents on their way into the outbox, and those that are taken back before they went out."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from alerts.books import Books
from alerts.desk.sitting import Sitting, weighty
from alerts.desk.storm import admits
from alerts.incident import Incident, IncidentState
from alerts.notification import WAKING, Fate, Notification, Occasion

PAGE_WAYS = ("sms", "modem", "mail")
MACHINES = ("webhook", "apprise")  # each gets every message once
ACCEPTED = (Fate.SENT, Fate.DELIVERED)


def cancel(books: Books, number: int, now: float, *, but: frozenset[Occasion] = frozenset()) -> int:
    """Whatever of this incident still waits to be sent, on every channel, is not sent any more; how many."""
    waiting = [each for each in books.notifications(number, (Fate.QUEUED,)) if each.occasion not in but]
    for notification in waiting:
        books.put_notification(replace(notification, fate=Fate.CANCELLED, ended_at=now))
    return len(waiting)


def ways(sitting: Sitting, contact: str, wanted: Sequence[str] = PAGE_WAYS) -> tuple[str, ...]:
    """Channels that are configured and that this contact has an address for; the first is tried first."""
    found = sitting.staff.contact(contact)
    if found is None:
        return ()
    addresses = {"sms": found.telephone, "modem": found.telephone, "mail": found.email}
    return tuple(way for way in wanted if way in sitting.staff.channels and addresses.get(way))


def name_of(notification: Notification) -> str:
    """Who gets it: a contact, or a machine by its channel."""
    return notification.contact or f"@{notification.channels[0]}"


def extent(incident: Incident) -> dict[str, int]:
    """How much there is of it; what a later message is compared with."""
    return {"members": len(weighty(incident.members)), "sites": len(incident.impact.sites)}


class Post:
    """Messages on one occasion about one incident; nobody gets two of them."""

    def __init__(self, sitting: Sitting, incident: Incident, occasion: Occasion, turn: int) -> None:
        self.reached: list[str] = []
        self._sitting = sitting
        self._incident = incident
        self._occasion: Occasion = occasion
        self._turn = turn

    def page(self, contacts: Iterable[str]) -> None:
        """To people on call: by what wakes, where they have it."""
        for contact in contacts:
            channels = ways(self._sitting, contact)
            if not channels or contact in self.reached:
                continue
            if set(channels) & WAKING and not admits(self._sitting, contact, self._incident):
                self._note(contact, ("digest",), page=False)
            else:
                self.send(contact, channels, page=bool(set(channels) & WAKING))

    def mail(self, contacts: Iterable[str]) -> None:
        for contact in contacts:
            channels = ways(self._sitting, contact, ("mail",))
            if channels and contact not in self.reached:
                self.send(contact, channels)

    def machines(self) -> None:
        for channel in MACHINES:
            if channel in self._sitting.staff.channels:
                self.send("", (channel,))

    def send(self, contact: str, channels: tuple[str, ...], *, page: bool = False) -> None:
        sitting, incident = self._sitting, self._incident
        found = sitting.staff.contact(contact)
        language = found.language if found else "en"
        code = self._code(contact) if page and set(channels) & WAKING else ""
        text = sitting.staff.compose(incident, self._occasion, language, code, now=sitting.now)
        notification = Notification(
            key=f"{incident.number}-{self._occasion}-{self._turn}-{contact or '@' + channels[0]}",
            incident=incident.number,
            occasion=self._occasion,
            contact=contact,
            channels=channels,
            short=text.short,
            subject=text.subject,
            body=text.body,
            queued_at=sitting.now,
            page=page,
            severity=str(incident.severity),
            language=language,
            next_try_at=sitting.now,
        )
        sitting.books.queue(notification)
        sitting.queued += 1
        self._note(contact, channels, page=page)

    def _code(self, contact: str) -> str:
        """What an answer must carry; only what nobody took can be taken by an answer."""
        if not self._sitting.staff.replies or self._incident.state is not IncidentState.OPEN:
            return ""
        number = self._incident.number
        return f"{number}-{self._sitting.books.add_code(number, contact, self._sitting.now)}"

    def _note(self, contact: str, channels: tuple[str, ...], *, page: bool) -> None:
        incident = self._incident
        if contact:
            self.reached.append(contact)
        self._sitting.line(
            incident.number,
            "told",
            self._occasion,
            contact=contact,
            channels=list(channels),
            n=self._turn,
            page=page,
            severity=str(incident.severity),
            root=str(incident.root),
            **extent(incident),
        )
