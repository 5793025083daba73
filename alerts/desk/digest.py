"""One message instead of many: what the guard against storms has gathered for somebody."""

from collections.abc import Mapping, Sequence

from alerts.desk.outbound import ways
from alerts.desk.sitting import Sitting
from alerts.desk.storm import gathered
from alerts.incident import Incident
from alerts.notification import WAKING, Notification

MOST_NAMED = 8
SHORT: Mapping[str, str] = {
    "en": "NOC: {count} more incidents ({numbers}), worst {worst}. See the list: noc incident list",
    "sw": "NOC: matukio mengine {count} ({numbers}), kubwa zaidi {worst}. Angalia orodha: noc incident list",
}
SEVERITIES: Mapping[str, Mapping[str, str]] = {
    "en": {"critical": "CRITICAL", "major": "MAJOR"},
    "sw": {"critical": "HATARI", "major": "KUBWA"},
}


def send_gathered(sitting: Sitting) -> None:
    """At the five-minute mark, of those that nobody took and that are not over."""
    for contact, mark, numbers in gathered(sitting):
        found = [each for number in numbers if (each := sitting.unresolved.get(number)) and each.state == "open"]
        channels = ways(sitting, contact)
        if found and channels:
            sitting.books.queue(_message(sitting, contact, mark, found))
            sitting.queued += 1


def _message(sitting: Sitting, contact: str, mark: float, incidents: Sequence[Incident]) -> Notification:
    known = sitting.staff.contact(contact)
    language = known.language if known and known.language in SHORT else "en"
    worst = min((each.severity for each in incidents), key=lambda each: each.rank)
    numbers = ", ".join(str(each.number) for each in incidents[:MOST_NAMED])
    more = "..." if len(incidents) > MOST_NAMED else ""
    said = SHORT[language].format(
        count=len(incidents), numbers=numbers + more, worst=SEVERITIES[language].get(worst, str(worst))
    )
    channels = ways(sitting, contact)
    compose = sitting.staff.compose
    return Notification(
        key=f"digest-{contact}-{int(mark)}",
        incident=0,
        occasion="update",
        contact=contact,
        channels=channels,
        short=said[:160],
        subject=said,
        body="\n".join(compose(each, "opened", language, "", sitting.now).subject for each in incidents) + "\n",
        queued_at=sitting.now,
        page=bool(set(channels) & WAKING),
        severity=str(worst),
        language=language,
        next_try_at=sitting.now,
    )
