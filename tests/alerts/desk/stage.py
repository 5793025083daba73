"""A night at the desk, its clock moved by hand: faults come and go, an outbox that accepts, people who act."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from alerts.alarm import Alarm, Family, Phase, Severity
from alerts.books import Books
from alerts.cause import Cause, Impact, Role
from alerts.desk.desk import Desk, Settled
from alerts.incident import Incident
from alerts.notification import Fate, Notification
from alerts.oncall.chains import Chain, Step
from alerts.oncall.plan import Plan
from alerts.subject import Subject
from alerts.windows import Windows
from alerts.words.messages import Composer
from alerts.words.names import Names
from inventory.model import Contact, Inventory
from tests.alerts.desk.shelf import Shelf
from tests.alerts.field import inventory_of

NOW = 1_784_000_000.0
CPES = tuple(f"cpe-{number}" for number in range(1, 9))
CONTACTS = {
    key: Contact(key, key.title(), telephone=telephone, email=f"{key}@noc.go.tz", language="en")
    for key, telephone in (
        ("juma", "+255712000001"),
        ("asha", "+255712000002"),
        ("boss", "+255712000003"),
        ("desk", ""),
    )
}
PLAN = Plan(
    schedules={},
    chains={
        "usual": Chain(
            "usual",
            (Step(0.0, ("contact:juma",)), Step(600.0, ("contact:asha",)), Step(1200.0, ("supervisor",))),
            ("desk",),
        )
    },
    supervisor=("boss",),
    desk=("desk",),
    contacts=frozenset(CONTACTS),
)
ALL_WAYS = frozenset({"sms", "modem", "mail"})


def network() -> Inventory:
    pairs = [("core-1", "pe-1"), ("core-1", "pe-2"), *(("pe-1", cpe) for cpe in CPES)]
    return replace(inventory_of(pairs), contacts=CONTACTS)


def device(key: str) -> Subject:
    return Subject("device", key, key)


def severity_of(isolated: int) -> Severity:
    return Severity.CRITICAL if isolated >= 5 else Severity.MAJOR if isolated else Severity.MINOR


@dataclass
class Night:
    """`down` is what fires: device -> (since, good_since). `causes` are made of it by `groups`: root -> members."""

    shelf: Shelf = field(default_factory=Shelf)
    plan: Plan = PLAN
    channels: frozenset[str] = ALL_WAYS
    replies: bool = False
    accepting: bool = True
    now: float = NOW
    alarms: dict[str, Alarm] = field(default_factory=dict)
    causes: dict[str, Cause] = field(default_factory=dict)
    inventory: Inventory = field(default_factory=network)
    settled: Settled = field(default_factory=Settled)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """The daemon dies and comes back: only the ledger is left."""
        compose = Composer(Names(self.inventory)).compose
        covering = Windows(self.inventory).covering
        self.desk = Desk(self.plan, compose, self.inventory, covering, channels=self.channels, replies=self.replies)

    # faults

    def alarm(
        self, key: str, *, since: float | None = None, family: Family = "reachability", confirmed_s: float = 6.5
    ) -> str:
        since = self.now if since is None else since
        made = Alarm(
            rule="down" if family == "reachability" else family,
            subject=device(key),
            family=family,
            severity=Severity.MAJOR,
            phase=Phase.FIRING,
            since=since,
            bad_since=since,
            changed_at=since + confirmed_s,
            at=since + confirmed_s,
        )
        self.alarms[made.key] = made
        return made.key

    def fault(self, root: str, *behind: str, **fields: object) -> Cause:
        """It and what is behind it fell now; who is isolated follows from their names."""
        keys = {self.alarm(root): Role.ROOT} | {self.alarm(key): Role.BEHIND for key in behind}
        return self.cause(root, keys, **fields)

    def cause(self, root: str, keys: dict[str, Role], **fields: object) -> Cause:
        alarms = [self.alarms[key] for key in keys]
        first = self.alarms[next(iter(keys))]
        sites = tuple(sorted({f"s-{alarm.subject.key}" for alarm in alarms if alarm.subject.key.startswith("cpe")}))
        impact = Impact(sites=sites, institutions=(), devices=tuple(sorted(alarm.subject.key for alarm in alarms)))
        made = Cause(
            family=first.family,
            roots=(device(root),),
            alarms=dict(sorted(keys.items())),
            since=first.since,
            bad_since=first.bad_since,
            confirmed_at=first.changed_at,
            severity=severity_of(len(sites)),
            impact=impact,
            bad=any(alarm.bad for key, alarm in self.alarms.items() if keys.get(key) is Role.ROOT),
            flapping=any(alarm.flapping for alarm in alarms),
        )
        self.causes[root] = replace(made, **fields)  # type: ignore[arg-type]
        return self.causes[root]

    def good(self, *roots: str) -> None:
        """All of these causes are good again; their clear holds run."""
        for root in roots:
            for key in self.causes[root].alarms:
                self.alarms[key] = replace(self.alarms[key], good_since=self.now)
            self.causes[root] = replace(self.causes[root], bad=False)

    def bad(self, root: str, *, flaps: int = 0) -> None:
        """Down once more within its clear hold."""
        for key in self.causes[root].alarms:
            self.alarms[key] = replace(
                self.alarms[key], good_since=None, bad_since=self.now, flapping=bool(flaps), flaps=flaps
            )
        self.causes[root] = replace(self.causes[root], bad=True, bad_since=self.now, flapping=bool(flaps))

    def clear(self, *roots: str) -> None:
        for root in roots:
            for key in self.causes.pop(root).alarms:
                self.alarms.pop(key, None)

    # time

    def settle(self) -> Settled:
        with self.shelf.transaction() as books:
            books.put_alarms(self.alarms.values())
            self.settled = self.desk.settle(books, tuple(self.causes.values()), self.alarms, self.now)
        if self.accepting:
            self.send()
        return self.settled

    def until(self, seconds: float) -> None:
        """Seconds after NOW; the desk is called whenever it asked to be, and at the end."""
        self.settle()
        while self.settled.next_due is not None and self.settled.next_due < NOW + seconds:
            self.now = max(self.now, self.settled.next_due)
            self.settle()
        self.now = NOW + seconds
        self.settle()

    def send(self, *, fate: Fate = Fate.SENT) -> None:
        for each in self.shelf.notifications(None, (Fate.QUEUED,)):
            channel = each.channels[0] if fate in (Fate.SENT, Fate.DELIVERED) else ""
            self.shelf.put_notification(replace(each, fate=fate, ended_at=self.now, channel=channel))

    # what there is

    @property
    def books(self) -> Books:
        return self.shelf

    def incident(self, number: int = 1) -> Incident:
        return self.shelf.kept[number]

    def messages(self, contact: str | None = None, occasions: Iterable[str] = ()) -> list[Notification]:
        wanted = set(occasions)
        return [
            each
            for each in self.shelf.outbox.values()
            if (contact is None or each.contact == contact) and (not wanted or each.occasion in wanted)
        ]

    def pages(self) -> list[Notification]:
        return [each for each in self.messages() if each.page]

    def said(self, messages: Sequence[Notification] | None = None) -> list[tuple[float, str, str, str]]:
        """(seconds after NOW, occasion, contact, way) of each message."""
        messages = self.messages() if messages is None else messages
        return [(each.queued_at - NOW, each.occasion, each.contact, each.channels[0]) for each in messages]
