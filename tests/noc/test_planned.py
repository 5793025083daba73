"""Which sites and links were in planned work: windows of the ledger, what is behind them, and when they were entered."""

from dataclasses import replace

from alerts.window import Window
from dashboards.reports.document import Period
from inventory.model import Inventory
from inventory.sample_network import ATTACHED_TO, generate
from inventory.topology import Topology
from noc.planned import Plan, Stretch, times
from tests.noc.reported import DAY, HOUR, MONTH, START

PERIOD = Period(MONTH, MONTH.end)
NETWORK: Inventory = generate(3)


def window(selector: str, at: int, for_s: int, target: str = "", kind: str = "maintenance") -> Window:
    assert kind in ("maintenance", "silence")
    return Window(
        number=7,
        kind="silence" if kind == "silence" else "maintenance",
        selector=selector,
        author="asha",
        reason="fibre work",
        from_at=float(START + at),
        to_at=float(START + at + for_s),
        target=target,
        created_at=float(START - DAY),
    )


def planned(*windows: Window) -> dict[tuple[str, str], list[Stretch]]:
    ran = times(windows, PERIOD)
    found = Plan(NETWORK, Topology(NETWORK, ATTACHED_TO)).planned(ran)
    return {place: [(low - START, high - START) for _, (low, high) in each] for place, each in found.items()}


def test_given_a_window_over_a_site_then_it_and_its_links_are_in_planned_work() -> None:
    found = planned(window("key=lga-chamwino", DAY, 2 * HOUR, "site"))
    assert found["site", "lga-chamwino"] == [(DAY, DAY + 2 * HOUR)]
    assert found["link", "lga-chamwino-a"] == [(DAY, DAY + 2 * HOUR)]
    assert ("site", "lga-liwale") not in found


def test_given_a_silence_then_nothing_is_planned() -> None:
    assert not planned(window("key=lga-chamwino", DAY, HOUR, kind="silence"))


def test_given_work_on_the_only_router_before_a_site_then_the_site_is_in_planned_work_too() -> None:
    link = NETWORK.links["lga-chamwino-a"]
    found = planned(window(f"key={link.a.device}", DAY, HOUR, "device"))
    assert found["site", "lga-chamwino"] == [(DAY, DAY + HOUR)]
    assert ("site", "core-dar") not in found


def test_given_a_window_entered_while_it_ran_then_it_counts_from_then() -> None:
    late = replace(window("key=lga-chamwino", DAY, HOUR, "site"), created_at=float(START + DAY + 600))
    assert planned(late)["site", "lga-chamwino"] == [(DAY + 600, DAY + HOUR)]
    after = replace(late, created_at=float(START + DAY + HOUR))
    assert not planned(after)


def test_given_a_window_that_begins_between_two_seconds_then_it_is_not_lost() -> None:
    now = START + DAY + 0.6  # as 'noc maintenance add' enters it without --from
    begun = replace(window("key=lga-chamwino", DAY, HOUR, "site"), from_at=now, to_at=now + HOUR, created_at=now)
    assert planned(begun)["site", "lga-chamwino"] == [(DAY + 1, DAY + HOUR)]


def test_given_two_windows_that_overlap_then_every_second_counts_once() -> None:
    one, other = window("key=lga-chamwino", DAY, HOUR, "site"), window("key=lga-chamwino", DAY + 1800, HOUR, "site")
    found = planned(one, replace(other, number=8))["site", "lga-chamwino"]
    assert sum(high - low for low, high in found) == HOUR + 1800


def test_given_a_window_every_sunday_then_each_of_them_is_planned() -> None:
    sunday = window("key=lga-chamwino", 0, 2 * HOUR, "site")  # 1 February 2026 is a Sunday
    weekly = replace(sunday, repeat="FREQ=WEEKLY;BYDAY=SU", until_at=float(MONTH.end + 90 * DAY))
    found = planned(weekly)["site", "lga-chamwino"]
    assert found == [(week * 7 * DAY, week * 7 * DAY + 2 * HOUR) for week in range(4)]


def test_given_a_window_over_the_month_s_end_then_only_what_is_inside_counts() -> None:
    last = window("key=lga-chamwino", 28 * DAY - 600, HOUR, "site")
    assert planned(last)["site", "lga-chamwino"] == [(28 * DAY - 600, 28 * DAY)]
