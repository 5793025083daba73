from alerts.blind import Witnesses


def seen(now: float, lost: set[str], devices: str = "gabcd") -> Witnesses:
    witnesses = Witnesses("g")
    for device in devices:
        for at in (now - 6, now - 1):
            witnesses.note(at, device, 2, 2 if device in lost else 0)
    return witnesses


def test_rule_21_a_quarter_lost_is_still_sight() -> None:
    assert not seen(100.0, {"a"}).withhold(100.0, set())


def test_rule_21_more_than_a_quarter_lost_withholds() -> None:
    witnesses = seen(100.0, {"a", "b"})
    assert witnesses.withhold(100.0, set())
    assert witnesses.held
    assert not witnesses.blind


def test_rule_21_what_the_candidates_explain_does_not_testify() -> None:
    assert not seen(100.0, {"a", "b", "c"}).withhold(100.0, {"a", "b", "c"})


def test_rule_21_with_everybody_explained_the_gateway_decides() -> None:
    assert seen(100.0, set("gabcd")).withhold(100.0, set("gabcd"))
    assert not seen(100.0, set("abcd")).withhold(100.0, set("gabcd"))


def test_rule_21_ten_seconds_withheld_are_blindness_since_their_beginning() -> None:
    witnesses = seen(100.0, {"a", "b", "c"})
    witnesses.withhold(100.0, set())
    for at in range(101, 112):
        for device in "gabcd":
            witnesses.note(at, device, 2, 2)
        witnesses.withhold(at, set())
    assert witnesses.blind_since == 100.0


def test_rule_21_a_device_asked_often_weighs_no_more_than_another() -> None:
    witnesses = seen(100.0, set())
    for number in range(20):
        witnesses.note(95.0 + number / 4, "a", 2, 2)
    assert not witnesses.withhold(100.0, set())


def test_given_no_probes_then_nothing_is_withheld() -> None:
    assert not Witnesses("g").withhold(100.0, set())


def later(witnesses: Witnesses, start: float, end: float, lost: set[str]) -> None:
    for at in range(int(start), int(end) + 1):
        for device in "gabcd":
            witnesses.note(at, device, 2, 2 if device in lost else 0)


def test_rule_21_a_restart_in_blindness_is_blind_until_ten_seconds_of_probes_show_otherwise() -> None:
    witnesses = Witnesses("g")
    witnesses.restore(50.0)
    witnesses.clear()
    assert witnesses.blind_since == 50.0, "nobody was asked yet"
    later(witnesses, 100, 105, lost=set())
    witnesses.clear()
    assert witnesses.blind_since == 50.0 and witnesses.withhold(105.0, set())
    later(witnesses, 106, 111, lost=set())
    witnesses.clear()
    assert not witnesses.blind and not witnesses.withhold(111.0, set())


def test_rule_21_a_restart_in_blindness_that_goes_on_keeps_its_beginning() -> None:
    witnesses = Witnesses("g")
    witnesses.restore(50.0)
    later(witnesses, 100, 130, lost=set("gabcd"))
    witnesses.clear()
    assert witnesses.withhold(130.0, set()) and witnesses.blind_since == 50.0


def test_rule_21_a_restart_in_blindness_before_a_great_cut_sees_again() -> None:
    witnesses = Witnesses("g")
    witnesses.restore(50.0)
    later(witnesses, 100, 112, lost=set("abcd"))
    assert not witnesses.withhold(112.0, set("abcd")) and not witnesses.blind
