"""Hundreds of incidents at once: a storm does not ring a telephone without end, and a quiet desk reads no timelines."""

from alerts.alarm import Severity
from alerts.cause import Role
from tests.alerts.desk.shelf import Shelf
from tests.alerts.desk.stage import NOW, Night


class Counting(Shelf):
    """Counts what is asked of it beside the incidents themselves."""

    asked = 0

    def entries(self, number, **part):  # type: ignore[no-untyped-def]
        self.asked += 1
        return super().entries(number, **part)

    def notifications(self, incident=None, fates=()):  # type: ignore[no-untyped-def]
        self.asked += 1
        return super().notifications(incident, fates)


def crowd(night: Night, count: int, severity: Severity = Severity.MINOR) -> None:
    for number in range(count):
        night.cause(f"far-{number}", {night.alarm(f"far-{number}"): Role.ROOT}, severity=severity)


def test_given_500_incidents_of_which_nothing_changed_then_nothing_is_written_and_no_timeline_is_read() -> None:
    night = Night(shelf=Counting())
    crowd(night, 500)
    night.until(120)
    assert len(night.shelf.kept) == 500
    shelf = night.shelf
    assert isinstance(shelf, Counting)
    shelf.asked, writes = 0, shelf.writes
    night.accepting = False
    night.settle()
    assert (shelf.asked, shelf.writes) == (0, writes)


def test_given_500_causes_at_once_then_a_telephone_rings_ten_times_and_then_once_at_each_mark() -> None:
    night = Night()
    crowd(night, 500, Severity.MAJOR)
    night.until(590)
    pages = [each for each in night.pages() if each.contact == "juma"]
    assert len(pages) == 11 and pages[-1].incident == 0
    assert "490 more incidents" in pages[-1].short
    assert (pages[-1].queued_at - NOW) % 300 == -NOW % 300
