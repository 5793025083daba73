"""Whatever happens in whatever order: nobody is paged twice for one thing, an acknowledgement silences, all hear the end."""

from collections import Counter
from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.cause import Role
from alerts.desk import acts
from alerts.incident import IncidentState
from alerts.notification import Fate
from tests.alerts.desk.stage import Night

ROOTS = ("cpe-1", "cpe-2", "pe-1")
DEEDS = (
    "fail",
    "good",
    "clear",
    "ack",
    "note",
    "wait",
    "resolve",
    "restart",
    "outage",
    "merge",
    "time",
    "time",
    "time",
)


def moves() -> st.SearchStrategy[list[tuple[str, str, float]]]:
    one = st.tuples(
        st.sampled_from(DEEDS), st.sampled_from(ROOTS), st.sampled_from([1.0, 8.0, 24.0, 70.0, 310.0, 2000.0, 15000.0])
    )
    return st.lists(one, max_size=25)


class Player:
    """Plays moves; `acked` holds what was sent before each acknowledgement."""

    def __init__(self) -> None:
        self.night = Night()
        self.acked: dict[int, tuple[str, ...]] = {}

    def play(self, deed: str, root: str, seconds: float) -> None:
        night = self.night
        getattr(self, f"_{deed}")(root)
        night.until(night.now - 1_784_000_000.0 + seconds)
        self._silent()

    def _time(self, root: str) -> None:
        pass

    def _fail(self, root: str) -> None:
        night = self.night
        owned = {key for cause in night.causes.values() for key in cause.alarms}
        if root in night.causes:
            if not night.causes[root].bad:
                night.bad(root)
        elif f"down device {root}" not in owned:
            night.fault(root, *(["cpe-3", "cpe-4"] if root == "pe-1" else []))

    def _good(self, root: str) -> None:
        if root in self.night.causes and self.night.causes[root].bad:
            self.night.good(root)

    def _clear(self, root: str) -> None:
        if root in self.night.causes and not self.night.causes[root].bad:
            self.night.clear(root)

    def _merge(self, root: str) -> None:
        """The router above turns out to be dead."""
        night = self.night
        small = [each for each in ("cpe-1", "cpe-2") if each in night.causes and night.causes[each].bad]
        if "pe-1" not in night.causes and small:
            keys = {night.alarm("pe-1"): Role.ROOT} | {
                key: Role.BEHIND for each in small for key in night.causes[each].alarms
            }
            for each in small:
                del night.causes[each]
            night.cause("pe-1", keys)

    def _restart(self, root: str) -> None:
        self.night.restart()

    def _outage(self, root: str) -> None:
        self.night.accepting = not self.night.accepting

    def _acts(self, act: Callable[[int], object], states: tuple[IncidentState, ...]) -> None:
        for number, incident in list(self.night.shelf.kept.items()):
            if incident.state in states:
                act(number)

    def _ack(self, root: str) -> None:
        night = self.night
        self._acts(lambda number: acts.acknowledge(night.books, number, "juma", night.now), (IncidentState.OPEN,))
        for number, incident in night.shelf.kept.items():
            if incident.state is IncidentState.ACKNOWLEDGED:
                assert not night.shelf.notifications(number, (Fate.QUEUED,))
                self.acked[number] = tuple(each.key for each in night.pages() if each.incident == number)

    def _note(self, root: str) -> None:
        night = self.night
        self._acts(lambda number: acts.note(night.books, number, "juma", "x", night.now), tuple(IncidentState))

    def _wait(self, root: str) -> None:
        night, until = self.night, self.night.now + 5000
        unresolved = (IncidentState.OPEN, IncidentState.ACKNOWLEDGED)
        self._acts(lambda n: acts.wait(night.books, n, "juma", night.now, ticket="T", next_check_at=until), unresolved)

    def _resolve(self, root: str) -> None:
        for number, incident in list(self.night.shelf.kept.items()):
            if incident.unresolved and not incident.bad:
                acts.resolve(self.night.books, number, "juma", self.night.now)

    def _silent(self) -> None:
        """While somebody has it and it gets no worse, nobody is woken."""
        night = self.night
        for number, before in list(self.acked.items()):
            incident = night.shelf.kept[number]
            lines = [line.code for line in night.shelf.entries(number) if line.kind == "changed"]
            if incident.state is not IncidentState.ACKNOWLEDGED or {"severity", "root", "overdue", "reopened"} & set(
                lines
            ):
                del self.acked[number]
                continue
            assert tuple(each.key for each in night.pages() if each.incident == number) == before

    def end(self) -> None:
        """All is good, everything goes out, and time passes."""
        night = self.night
        night.accepting = True
        night.send()
        for root in list(night.causes):
            night.good(root)
        night.until(night.now - 1_784_000_000.0 + 121)
        night.clear(*night.causes)
        night.until(night.now - 1_784_000_000.0 + 4000)


@given(moves())
@settings(deadline=None, max_examples=120)
def test_given_any_order_of_faults_acts_and_restarts_then_each_hears_the_opening_once_and_the_end_once(
    deeds: list[tuple[str, str, float]],
) -> None:
    player = Player()
    for deed in deeds:
        player.play(*deed)
    player.end()
    night = player.night
    opened = Counter((each.incident, each.contact) for each in night.pages() if each.occasion == "opened")
    assert max(opened.values(), default=1) == 1
    assert not [incident for incident in night.shelf.kept.values() if incident.unresolved]
    heard_the_end(night)


def heard_the_end(night: Night) -> None:
    """After each stretch in which somebody was told of it there is one recovery, by it or by what it became part of."""
    for number, incident in night.shelf.kept.items():
        part = [line for line in night.shelf.entries(number) if line.code == "part-of"]
        told: dict[str, bool] = {}
        for each in night.shelf.notifications(number):
            if each.occasion == "recovery":
                if each.fate is not Fate.CANCELLED:
                    assert told.pop(each.contact, False) or _swallowed(night, number), each.key
            elif each.fate in (Fate.SENT, Fate.DELIVERED):
                told[each.contact] = True
        assert not told or part, (incident.number, told)


def _swallowed(night: Night, number: int) -> bool:
    return any(line.code == "swallowed" for line in night.shelf.entries(number))
