"""Scenario files: old ones play, every mistake is named with its line, and the lab refuses what is not for it."""

from datetime import date
from pathlib import Path

import pytest

from inventory.mistakes import MistakesError
from noc.lab.scenario import read as read_for_lab
from noc.lab.setting import shipped as lab_files
from noc.scenario.file import path_of, read_play, shipped

SMALL = Path(__file__).parent / "small.toml"


def mistakes(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "wrong.toml"
    path.write_text(text)
    with pytest.raises(MistakesError) as caught:
        read_play(path)
    return [str(mistake).removeprefix(f"{path}:") for mistake in caught.value.mistakes]


@pytest.mark.parametrize("path", shipped(), ids=lambda path: path.stem)
def test_given_a_shipped_scenario_then_it_is_sound(path: Path) -> None:
    play = read_play(path)
    assert play.title and (play.acts or play.house or play.inventory.contracts or "busy" in path.stem)


def test_given_a_file_of_the_lab_then_it_plays_on_the_sample_of_149_sites() -> None:
    play = read_play(next(path for path in lab_files() if path.stem == "demo"))
    assert sum(site.member for site in play.inventory.sites.values()) == 149


def test_given_many_mistakes_then_all_are_named_with_their_lines(tmp_path: Path) -> None:
    text = (
        SMALL.read_text()
        .replace('"cpe chunya"', '"cpe chunia"')
        .replace("mbe-pe-1 kyela-r1 access", "x kyela-r1 acces")
    )
    found = mistakes(tmp_path, text + "\ncolour = 1\n[pol]\nx = 1\n[poll]\nliveness = 5\n")
    lines = text.splitlines()
    chunya = next(number for number, line in enumerate(lines, 1) if "chunia" in line)
    assert any(one.startswith(f"{chunya}:") and "did you mean 'chunya'" in one for one in found)
    assert any("unknown role of link 'acces'" in one for one in found)
    assert any("unknown device 'x'" in one for one in found)
    assert any("unknown setting 'pol'" in one for one in found)
    assert any("unknown setting 'liveness' in [poll]" in one and "liveness_s" in one for one in found)


@pytest.mark.parametrize(
    ("event", "wrong"),
    [
        ('do = "silence"\nsite = "kyela"', "without an end"),
        ('do = "maintenance"\nfor = "1h"', "say over what"),
        ('do = "gateway_down"\nchannel = "fax"', "one of sms, modem, mail"),
        ('do = "kill"\nwhen = "sometime"', "after-decision"),
        ('do = "clock_step"', "option 's' is missing"),
        ('do = "device_down"\ndevice = "kyela-r2"', "did you mean 'kyela-r1'"),
        ('do = "trap"\ndevice = "kyela-r1"\nname = "linkdown"', "did you mean 'linkDown'"),
        ('at = "5m"\ndo = "disk_full"', "happens after the end"),
    ],
)
def test_given_a_foolish_act_then_it_is_refused_in_words(tmp_path: Path, event: str, wrong: str) -> None:
    [found] = mistakes(tmp_path, f"{SMALL.read_text()}\n[[event]]\n{event}\n")
    assert wrong in found


def test_given_two_networks_then_one_has_to_go(tmp_path: Path) -> None:
    assert any("one network only" in one for one in mistakes(tmp_path, f"sites = 5\n{SMALL.read_text()}"))


def test_given_a_file_for_the_whole_noc_then_the_lab_says_who_plays_it() -> None:
    with pytest.raises(MistakesError, match="noc scenario run"):
        read_for_lab(SMALL)


def test_given_no_such_scenario_then_the_nearest_name_is_offered() -> None:
    with pytest.raises(MistakesError, match="did you mean 'core-death'"):
        path_of("core-deaht")


def test_given_wrong_promises_and_foolish_events_then_both_are_told_at_once(tmp_path: Path) -> None:
    text = f'{SMALL.read_text()}\n[[event]]\ndo = "device_down"\ndevice = "kyela-r2"\n[expect]\npaegs = 1\nmails = -2\n'
    found = mistakes(tmp_path, text)
    line = text.splitlines().index("paegs = 1") + 1
    assert any(
        one.startswith(f"{line}:") and "'paegs' in [expect]" in one and "did you mean 'pages'" in one for one in found
    )
    assert any(one.startswith(f"{line + 1}:") and "mails is a whole number" in one for one in found)
    assert any("did you mean 'kyela-r1'" in one for one in found)


def test_given_no_interface_lists_then_an_event_that_only_ports_show_is_refused(tmp_path: Path) -> None:
    bare = f"{SMALL.read_text()}\n[poll]\ncollect = []\n"
    event = '[[event]]\ndo = "{}"\n{}\n'
    found = mistakes(tmp_path, bare + event.format("device_down", 'device = "kyela-r1"\nports = true'))
    assert len(found) == 1 and "device_down: nobody sees ports" in found[0] and "interfaces" in found[0]
    path = tmp_path / "bare.toml"
    path.write_text(bare + event.format("device_down", 'device = "kyela-r1"'))
    assert read_play(path).collect == ()


PAST = """
[past]
days = 0
dasy = 3
[past.use]
cable = "85%"
kyela = "110%"
[past.commits]
chunya = "much"
"""


def test_given_a_past_with_mistakes_then_each_is_named_with_its_line(tmp_path: Path) -> None:
    found = mistakes(tmp_path, SMALL.read_text() + PAST)
    for said in (
        "days is a whole number from 1 to 400",
        "unknown setting 'dasy' in [past]",
        "no contract or institution 'cable'",
        "kyela has no commit",
        "chunya: ",
    ):
        assert any(said in one for one in found), (said, found)
    assert len(found) == 5
    shares = SMALL.read_text() + '[past.commits]\nkyela = "1M"\n[past.use]\nkyela = "a lot"\n'
    assert "is not a share" in mistakes(tmp_path, shares)[0]


def test_given_contracts_and_points_of_what_is_not_there_then_it_is_said(tmp_path: Path) -> None:
    text = '\n[network.contracts]\ncable = "775M up-1"\n[network.points]\np = "kyela x-1:irb.1"\nq = "kyela core-1"\n'
    found = mistakes(tmp_path, SMALL.read_text() + text)
    for said in ("unknown circuit 'up-1'", "unknown device 'x-1'", "q: institution and device:interface"):
        assert any(said in one for one in found), (said, found)


def test_given_terms_of_a_contract_that_cannot_be_then_it_is_said(tmp_path: Path) -> None:
    for term, said in (("level=2", "rate and circuits"), ("end=soon", "Invalid isoformat"), ("until=2026", "rate and")):
        text = SMALL.read_text() + f'\n[network.circuits]\nc = "iru sea"\n[network.contracts]\nx = "1G c {term}"\n'
        assert any(said in one for one in mistakes(tmp_path, text)), term


SEA = '\n[network.circuits]\nsea-1 = "iru sea"\nsea-2 = "iru sea"\n[network.contracts]\n'


def test_given_all_terms_of_a_contract_then_they_are_read(tmp_path: Path) -> None:
    line = 'sea = "775M sea-1 sea-2 start=2020-07-01 end=2027-07-01 contention=2 resized=2026-05-15:400M,2026-08-01:600M"\n'
    path = tmp_path / "mine.toml"
    path.write_text(SMALL.read_text() + SEA + line)
    contract = read_play(path).inventory.contracts["sea"]
    assert (contract.circuits, contract.contention) == (("sea-1", "sea-2"), 2.0)
    assert (contract.start, contract.end) == (date(2020, 7, 1), date(2027, 7, 1))
    delivered = [contract.delivered(date(2026, month, 20)) for month in (4, 5, 8)]
    assert delivered == [(775_000_000,) * 2, (400_000_000,) * 2, (600_000_000,) * 2]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('x = "1G sea-1 contention=0"', "0 is not above 0"),
        ('x = "1G sea-1 contention=many"', "could not convert"),
        ('x = "1G sea-1 resized=400M"', "Invalid isoformat"),
        ('x = "1G sea-1 resized=2026-05-15:much"', "is not a rate"),
        ('x = "1G sea-1 end=2026-07-01 resized=2026-08-01:1M"', "outside its time"),
        ('x = "1G sea-1 start=2026-07-01 end=2026-07-01"', "it ends on"),
        ('x = "1G sea-1"\ny = "1G sea-1"', "delivers contract 'x' in the same time"),
    ],
)
def test_given_terms_that_do_not_go_together_then_it_is_said(tmp_path: Path, lines: str, said: str) -> None:
    [found] = mistakes(tmp_path, SMALL.read_text() + SEA + lines + "\n")
    assert said in found
