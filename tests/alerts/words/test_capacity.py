"""What is said of contracts, commits and diversity: names, figures and whom to call, in both languages, on a telephone too."""

import pytest

from alerts.alarm import Evidence, Severity
from alerts.incident import Incident, IncidentState
from alerts.places import Places
from alerts.subject import Subject
from alerts.windows import Windows
from alerts.words.gsm import plain
from alerts.words.messages import Composer
from alerts.words.names import Names
from alerts.words.phrases import title
from inventory.sample_network import generate

SAMPLE = generate(20)
NAMES = Names(SAMPLE)
COMPOSE = Composer(NAMES).compose
CASES = (
    (Subject("contract", "seacom-iru"), "p95", 1.04, "SEACOM IRU nearly full", "IRU ya SEACOM: uwezo unakaribia kujaa"),
    (
        Subject("contract", "seacom-iru"),
        "headroom",
        48.0,
        "SEACOM IRU full before long",
        "IRU ya SEACOM: uwezo utajaa karibuni",
    ),
    (
        Subject("contract", "eassy-iru"),
        "contract-ending",
        20.0,
        "EASSy IRU: contract ends soon",
        "IRU ya EASSy: mkataba",
    ),
    (Subject("contract", "eassy-iru"), "over-committed", 1.0, "EASSy IRU: more promised", "IRU ya EASSy: mgao umezidi"),
    (
        Subject("contract", "eassy-iru"),
        "over-subscribed",
        1.0,
        "EASSy IRU: over-subscribed",
        "IRU ya EASSy: mgao umezidishwa",
    ),
    (
        Subject("institution", "university-udsm"),
        "commit",
        1.2,
        "University of Dar es Salaam uses",
        "Chuo Kikuu cha Dar es Salaam: ",
    ),
    (Subject("diversity", "cables"), "diversity", 1.0, "Submarine cables: diversity lost", "Mikongo ya baharini: njia"),
)


def incident(subject: Subject, code: str, value: float) -> Incident:
    figures: dict[str, float | str] = {"device": "", "what": subject.key, "quantity": "x", "value": value, "level": 1.0}
    return Incident(
        7,
        IncidentState.OPEN,
        Severity.WARNING,
        Severity.WARNING,
        "capacity",
        (subject,),
        1_780_290_000.0,
        1_780_290_060.0,
        1_780_290_060.0,
        evidence=(Evidence(code, figures),),
    )


@pytest.mark.parametrize(("subject", "code", "value", "english", "swahili"), CASES, ids=[case[1] for case in CASES])
def test_given_a_matter_of_capacity_then_it_is_said_in_both_languages(
    subject: Subject, code: str, value: float, english: str, swahili: str
) -> None:
    one = incident(subject, code, value)
    assert title(one, "en", NAMES).startswith(english) and title(one, "sw", NAMES).startswith(swahili)
    for language in ("en", "sw"):
        text = COMPOSE(one, "opened", language)
        assert len(plain(text.short)) <= 160 and "?" not in text.short + text.body
        assert "{" not in text.body


def test_given_days_that_are_left_then_the_mail_has_them_and_whom_to_call() -> None:
    body = COMPOSE(incident(Subject("contract", "seacom-iru"), "contract-ending", 20.0), "opened", "en").body
    assert "It ends in 20 days" in body and "Call SEACOM: +255 22 000 0200" in body and "SEACOM/IRU/1" in body
    body = COMPOSE(incident(Subject("institution", "mda-tra"), "commit", 1.2), "opened", "en").body
    assert "is 120% of what it was allocated" in body and "Call" not in body


def test_given_a_contract_then_windows_and_chains_know_its_provider() -> None:
    places = Places(SAMPLE)
    assert ("provider", "seacom") in places.around(Subject("contract", "seacom-iru"))
    assert places.labels("contract", "tix-port")["kind"] == ["exchange"]
    assert places.labels("institution", "university-udsm")["kind"] == "university"
    assert Windows(SAMPLE).covering((), Subject("contract", "seacom-iru"), 0.0) is None
