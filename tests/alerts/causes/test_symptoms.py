import dataclasses

import pytest

from alerts.alarm import Alarm, Family, Phase, Severity
from alerts.cause import Role
from alerts.subject import SubjectKind
from inventory.sample_network import ATTACHED_TO, GATEWAY, generate
from tests.alerts.causes.watch import Watch, alarm, roots
from tests.alerts.field import inventory_of

SAMPLE = generate(149)
TREE = [("core-1", "pe"), ("core-1", "core-2"), ("pe", "a"), ("pe", "b"), ("core-2", "d")]
LINKED: list[tuple[Family, str]] = [("quality", "device"), ("routing", "peer")]


def tree() -> Watch:
    watch = Watch(inventory_of(TREE), "core-1")
    watch.run(20.0)
    return watch


def sample() -> Watch:
    watch = Watch(SAMPLE, ATTACHED_TO, gateway=GATEWAY)
    watch.run(20.0)
    return watch


def test_rule_47_a_symptom_seen_ten_seconds_before_its_root_belongs_to_it() -> None:
    watch = sample()
    address = SAMPLE.devices["lin-pe-1"].address
    watch.dead = {"lin-pe-1"}
    watch.run_for(40.0)
    (cause,) = watch.causes()
    watch.add(
        alarm("peer", f"mtw-pe-1 {address}", cause.since - 10.0, family="routing"),
        alarm("peer", f"dar-core-1 {address} vrf-a", cause.since + 170.0, family="routing"),
        alarm("device", "lin-pe-1", cause.since + 5.0, family="quality"),
        alarm("link", "ring-south-lin-mtw", cause.since + 5.0, family="capacity"),
    )
    (whole,) = watch.causes()
    assert [role for key, role in whole.alarms.items() if role is Role.SYMPTOM] == [Role.SYMPTOM] * 4


def test_rule_47_a_session_over_a_circuit_that_carries_nothing_belongs_to_the_circuit() -> None:
    watch = sample()
    watch.add(
        alarm("link", "up-seacom-1", 100.0, code="no-path"),
        alarm("peer", "dar-edge-1 192.0.2.1", 130.0, family="routing"),
        alarm("circuit", "iru-seacom-1", 110.0, family="quality"),
    )
    (cause,) = watch.causes()
    assert (cause.root.key, len(cause.alarms)) == ("up-seacom-1", 3)


def test_rule_47_a_pending_symptom_counts_with_its_root_and_is_no_cause_without_one() -> None:
    watch = sample()
    pending = dataclasses.replace(alarm("peer", "dar-edge-1 192.0.2.1", 102.0, family="routing"), phase=Phase.PENDING)
    watch.add(pending)
    assert watch.causes() == ()
    watch.add(alarm("link", "up-seacom-1", 100.0, code="no-path"))
    (cause,) = watch.causes()
    assert cause.alarms[pending.key] is Role.SYMPTOM


def test_given_a_session_that_fell_an_hour_before_then_it_keeps_its_own_cause() -> None:
    watch = sample()
    watch.add(
        alarm("peer", "dar-edge-1 192.0.2.1", 100.0, family="routing"),
        alarm("link", "up-seacom-1", 3700.0, code="no-path"),
    )
    assert {cause.family for cause in watch.causes()} == {"routing", "reachability"}


def test_given_all_sessions_of_a_router_down_then_one_cause_with_both_ends_of_each() -> None:
    watch = sample()
    ours = SAMPLE.devices["dod-core-1"].address
    others = ["dar-core-1", "tab-pe-1", "shi-pe-1"]
    watch.add(
        *(
            alarm("peer", f"dod-core-1 {SAMPLE.devices[key].address}", 100.0 + n, family="routing")
            for n, key in enumerate(others)
        ),
        *(alarm("peer", f"{key} {ours}", 101.0 + n, family="routing") for n, key in enumerate(others)),
    )
    (cause,) = watch.causes()
    assert (cause.root.device, len(cause.alarms), cause.severity) == ("dod-core-1", 6, Severity.MINOR)
    assert "sessions-down" in [each.code for each in cause.evidence]


def test_given_round_trips_risen_on_the_circuits_of_one_cable_then_one_cause() -> None:
    watch = sample()
    quality = {"family": "quality", "severity": Severity.WARNING}
    watch.add(
        alarm("circuit", "iru-seacom-1", 100.0, code="rtt", **quality),  # type: ignore[arg-type]
        alarm("link", "up-seacom-1", 130.0, code="loss", **quality),  # type: ignore[arg-type]
        alarm("circuit", "iru-eassy-1", 105.0, code="rtt", **quality),  # type: ignore[arg-type]
    )
    found = watch.causes()
    assert sorted(cause.root.key for cause in found) == ["iru-eassy-1", "iru-seacom-1"]
    assert {cause.severity for cause in found} == {Severity.WARNING}


def test_given_loss_on_the_way_to_a_router_then_what_is_behind_it_is_no_other_cause() -> None:
    watch = tree()
    watch.add(
        alarm("device", "a", 130.0, family="quality"),
        alarm("device", "pe", 200.0, family="quality"),
        alarm("device", "b", 150.0, family="quality"),
        alarm("device", "d", 150.0, family="quality"),
    )
    found = roots(watch.causes())
    assert set(found) == {"pe", "d"}
    assert len(found["pe"].alarms) == 3


def test_given_a_ring_cut_then_round_trips_that_changed_with_it_are_its_symptoms() -> None:
    watch = sample()
    watch.add(
        alarm("link", "ring-south-lin-mtw", 100.0),
        alarm("device", "mtw-pe-1", 110.0, family="quality"),
        alarm("device", "lin-pe-1", 1000.0, family="quality"),
    )
    found = roots(watch.causes())
    assert set(found) == {"ring-south-lin-mtw", "lin-pe-1"}


@pytest.mark.parametrize(("family", "kind"), LINKED)
def test_given_what_made_a_symptom_is_over_then_it_is_not_bad_for_a_while_and_then_it_is(
    family: Family, kind: str
) -> None:
    watch = tree()
    watch.dead = {"pe"}
    watch.run_for(60.0)
    (cause,) = watch.causes()
    key = "pe" if kind == "device" else "pe 192.0.2.1"
    symptom = alarm(kind, key, cause.since + 20.0, family=family)  # type: ignore[arg-type]
    watch.dead = set()
    watch.run_for(200.0)
    watch.add(dataclasses.replace(symptom, at=watch.now))
    (left,) = watch.causes()
    assert (left.family, left.bad) == (family, False)
    watch.add(dataclasses.replace(symptom, at=watch.now + 900.0))
    assert watch.causes()[0].bad, "it did not get well with the rest"


def test_given_a_restart_within_an_outage_then_it_is_a_symptom_and_afterwards_no_incident() -> None:
    watch = tree()
    watch.dead = {"a"}
    watch.run_for(60.0)
    watch.dead = set()
    watch.booted["a"] = watch.now
    restart = alarm("device", "a", watch.now, family="restart", severity=Severity.WARNING, code="reboot")
    watch.run_for(20.0)
    watch.add(restart)
    (cause,) = watch.causes()
    assert cause.alarms[restart.key] is Role.SYMPTOM
    assert "uptime-reset" in [each.code for each in cause.evidence]
    watch.run_for(150.0)
    (left,) = watch.causes()
    assert (left.family, left.bad) == ("restart", False)


def test_given_a_restart_that_nobody_noticed_then_it_is_a_cause_of_its_own() -> None:
    watch = tree()
    watch.add(alarm("device", "a", 300.0, family="restart", severity=Severity.WARNING))
    (cause,) = watch.causes()
    assert (cause.family, cause.severity, cause.bad) == ("restart", Severity.WARNING, True)


def test_given_health_of_one_device_then_one_cause_and_own_alarms_one_each() -> None:
    watch = tree()
    warning = {"severity": Severity.WARNING}
    watch.add(
        alarm("sensor", "a fan 1", 100.0, family="health", **warning),  # type: ignore[arg-type]
        alarm("sensor", "a temperature", 200.0, family="health", **warning),  # type: ignore[arg-type]
        alarm("sensor", "b fan 1", 100.0, family="health", **warning),  # type: ignore[arg-type]
        alarm("own", "disk", 100.0, family="own"),
        alarm("own", "clock", 100.0, family="own"),
    )
    found = watch.causes()
    assert sorted((cause.family, len(cause.alarms)) for cause in found) == [
        ("health", 1),
        ("health", 2),
        ("own", 1),
        ("own", 1),
    ]


def test_given_a_core_that_dies_with_its_ports_lit_then_longer_round_trips_elsewhere_are_its_symptoms() -> None:
    watch = sample()
    watch.dead = {"dod-core-1"}
    watch.run_for(60.0)
    (cause,) = watch.causes()
    watch.add(alarm("device", "lga-mbeya-r1", cause.since + 30.0, family="quality"))
    (whole,) = watch.causes()
    assert whole.root.key == "dod-core-1"
    watch.dead = set()
    watch.run_for(240.0)
    (echo,) = watch.causes()
    assert (echo.family, echo.bad) == ("quality", False)


def test_given_a_link_that_fills_slowly_then_its_level_its_ceiling_and_its_discards_are_one_cause() -> None:
    watch = sample()
    link, other = "ring-south-lin-mtw", "up-tix-1"
    first = alarm("link", link, 1000.0, family="capacity", code="utilisation", rule="utilisation-high")
    watch.add(first)
    (before,) = watch.causes()
    for rule, since in (("flat-top", 4600.0), ("discards", 9000.0)):
        watch.add(alarm("link", link, since, family="capacity", code=rule, rule=rule))
    watch.add(alarm("link", other, 9000.0, family="capacity", code="utilisation", rule="utilisation-high"))
    found = {cause.root.key: cause for cause in watch.causes()}
    assert set(found) == {link, other}
    assert (found[link].root, found[link].since, len(found[link].alarms)) == (before.root, 1000.0, 3)


def full(subject: SubjectKind, key: str, since: float, code: str) -> Alarm:
    found = alarm(subject, key, since, family="capacity", severity=Severity.WARNING, code=code)
    return dataclasses.replace(found, rule=code)


def test_given_a_cable_that_is_down_then_what_fills_the_other_is_its_symptom_however_late_it_shows() -> None:
    watch = sample()
    watch.add(
        alarm("link", "up-seacom-1", 100.0, code="no-path"),
        full("diversity", "cables", 130.0, "diversity"),
        full("link", "up-eassy-1", 400.0, "utilisation"),
        full("circuit", "iru-eassy-1", 4_000.0, "flat-top"),
        full("contract", "eassy-iru", 200_000.0, "p95"),
        full("contract", "eassy-iru", 90_000.0, "headroom"),
    )
    (cause,) = watch.causes()
    assert (cause.root.key, cause.severity) == ("up-seacom-1", Severity.MAJOR)
    assert sum(role is Role.SYMPTOM for role in cause.alarms.values()) == 5


def test_given_a_cable_that_is_down_then_the_exchange_and_what_was_agreed_are_no_symptoms_of_it() -> None:
    watch = sample()
    watch.add(
        alarm("link", "up-seacom-1", 100.0, code="no-path"),
        full("link", "up-tix-1", 130.0, "flat-top"),
        full("contract", "eassy-iru", 130.0, "contract-ending"),
        full("contract", "seacom-iru", 130.0, "over-committed"),
        full("institution", "mda-tra", 130.0, "commit"),
    )
    found = roots(watch.causes())
    assert set(found) == {"up-seacom-1", "up-tix-1", "eassy-iru", "seacom-iru", "mda-tra"}
    assert all(cause.bad for cause in found.values())


def test_given_a_cable_that_was_full_before_the_other_was_cut_then_that_is_a_cause_of_its_own() -> None:
    watch = sample()
    watch.add(full("link", "up-eassy-1", 100.0, "flat-top"), alarm("link", "up-seacom-1", 4_000.0, code="no-path"))
    assert set(roots(watch.causes())) == {"up-eassy-1", "up-seacom-1"}


def test_given_all_that_is_said_of_one_contract_then_it_is_one_cause() -> None:
    watch = sample()
    watch.add(
        full("link", "up-tix-1", 100.0, "flat-top"),
        full("circuit", "tix-1", 4_000.0, "utilisation"),
        full("contract", "tix-port", 90_000.0, "p95"),
        full("contract", "seacom-iru", 90_000.0, "p95"),
    )
    found = watch.causes()
    assert sorted((cause.root.key, len(cause.alarms)) for cause in found) == [("seacom-iru", 1), ("up-tix-1", 3)]


def test_given_a_contract_that_ends_as_its_circuit_comes_back_then_it_is_no_echo() -> None:
    watch = sample()
    watch.add(full("contract", "seacom-iru", 1.0, "contract-ending"), full("contract", "eassy-iru", 1.0, "p95"))
    assert [cause.bad for cause in watch.causes()] == [True, True]
