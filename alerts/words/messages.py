"""What a message says, in the order of SCREENS: severity, what, since, impact, cause and how sure, what to answer."""

from dataclasses import dataclass

from alerts.incident import Incident
from alerts.notification import Occasion
from alerts.words.gsm import Part, fit, plain
from alerts.words.language import Language, filled
from alerts.words.names import Names
from alerts.words.phrases import (
    clock,
    duration,
    evidence,
    explain,
    harmless,
    hurt,
    language_of,
    listed,
    named,
    suspects,
    title,
    title_key,
    whole,
)  # fmt: skip
from alerts.words.seller import seller_of

LONGEST_SUBJECT = 120


@dataclass(frozen=True, slots=True)
class Text:
    """`short`: GSM-7, at most 160 signs; `subject`: one line; `body`: lines of a mail."""

    short: str
    subject: str
    body: str


class Composer:
    """Writes messages from incidents; `incident_url` has {number} in it, or is empty."""

    def __init__(self, names: Names, incident_url: str = "") -> None:
        self.names = names
        self._incident_url = incident_url

    def compose(
        self, incident: Incident, occasion: Occasion, language: str, code: str = "", now: float | None = None
    ) -> Text:
        """`code`: of the reply, `4821-K7QD`, where the message can be answered."""
        words = language_of(language)
        now = incident.changed_at if now is None else now
        subject = self._head(incident, words) + " " + title(incident, language, self.names)
        return Text(
            self._short(incident, occasion, words, code, now),
            one_line(subject)[:LONGEST_SUBJECT],
            self._body(incident, occasion, words, now),
        )

    def test(self, language: str, now: float) -> Text:
        """A message that says that it is none."""
        words = language_of(language)
        said = filled(words.sentences["test"], {"at": clock(now, now)})
        return Text(plain(said), words.sentences["test-subject"], said + "\n")

    def _head(self, incident: Incident, words: Language, *, resolved: bool = False) -> str:
        what = words.sentences["resolved"] if resolved else words.severities[incident.severity]
        return f"NOC {incident.number} {what}"

    # for a telephone

    def _short(self, incident: Incident, occasion: Occasion, words: Language, code: str, now: float) -> str:
        if occasion == "recovery":
            return self._short_recovery(incident, words, now)
        name = named(incident, self.names, words, short=True)
        what = title(incident, words.code, self.names, short=True)
        since = filled(words.sentences["since"], {"at": clock(incident.since, now)})
        mark = self._mark(occasion, words)
        parts = [Part(f"{self._head(incident, words)} {mark}{what} {since}.", name=name)]
        parts += [Part(self._why_now(incident, occasion, words, now), 2)]
        parts += [Part(said, 3 + place) for place, said in enumerate(self._impact(incident, words, name))]
        fine = ", ".join(self.names.circuits(incident.fine, words.code))
        parts.append(Part(filled(words.sentences["fine"], {"names": fine}) if fine else "", 7))
        parts.append(Part(self._sure(incident, words), 4))
        parts.append(Part(self._brief(incident, words), 8))
        parts.append(Part(filled(words.sentences["reply"], {"code": code}) if code else ""))
        return fit(parts)

    def _short_recovery(self, incident: Incident, words: Language, now: float) -> str:
        name = named(incident, self.names, words, short=True)
        parts = [
            Part(
                f"{self._head(incident, words, resolved=True)} {self._recovered(incident, words, name, now)}", name=name
            )
        ]
        parts += [Part(said, 2) for said in self._back(incident, words, name)]
        return fit(parts)

    def _mark(self, occasion: Occasion, words: Language) -> str:
        marks = {"update": "update", "repeat": "still", "escalation": "still", "overdue": "still"}
        return f"{words.sentences[marks[occasion]]}: " if occasion in marks else ""

    def _why_now(self, incident: Incident, occasion: Occasion, words: Language, now: float) -> str:
        """Why it is told once more."""
        if occasion in ("escalation", "repeat") and incident.told_at is not None:
            return filled(words.sentences["unacked"], {"after": duration(now - incident.told_at, words.code)})
        if occasion == "overdue" and incident.next_check_at is not None and incident.next_check_at <= now:
            return filled(words.sentences["next-check"], {"at": clock(incident.next_check_at, now)})
        if occasion == "overdue":
            touched = incident.touched_at or incident.acknowledged_at or incident.opened_at
            return filled(words.sentences["overdue"], {"after": duration(now - touched, words.code)})
        return ""

    def _impact(self, incident: Incident, words: Language, name: str) -> list[str]:
        """Whom it hurts, without saying the title again."""
        said = [*hurt(incident, self.names, words, but=name), *whole(incident, self.names, words)]
        return said or ([harmless(incident, words)] if not incident.impact.sites else [])

    def _back(self, incident: Incident, words: Language, name: str) -> list[str]:
        return hurt(incident, self.names, words, "back", but=name)

    def _sure(self, incident: Incident, words: Language) -> str:
        if incident.flapping and not incident.power:
            return filled(words.sentences["flapping"], {"count": incident.flaps})
        return suspects(incident, self.names, words, short=True)

    def _brief(self, incident: Incident, words: Language) -> str:
        """The most telling piece of evidence: an earlier cut, without which this one would hurt nobody, before all."""
        pieces = sorted(incident.evidence, key=lambda one: one.code != "cut-before")
        return next((said for one in pieces if (said := evidence(one, words, self.names, short=True))), "")

    def _recovered(self, incident: Incident, words: Language, name: str, now: float) -> str:
        at = incident.recovered_at or incident.resolved_at or now
        table = words.recovered
        ways = (title_key(incident, words), incident.family, "any")
        sentence = table[next(way for way in ways if way in table)]
        figures = {"name": name, "at": clock(at, now), "after": duration(at - incident.since, words.code)}
        return filled(sentence, figures)

    # for a mail

    def _body(self, incident: Incident, occasion: Occasion, words: Language, now: float) -> str:
        names, sentences, impact = self.names, words.sentences, incident.impact
        if occasion == "recovery":
            opening = self._recovered(incident, words, named(incident, names, words, short=False), now)
        else:
            opening = explain(incident, words.code, names, now)
        blocks = [[one_line(f"{self._head(incident, words, resolved=occasion == 'recovery')}: {opening}")]]
        blocks.append([self._why_now(incident, occasion, words, now)])
        blocks.append(_list(sentences["impact"], [
            listed(names.institutions(impact.institutions, words.code), words),
            filled(sentences["services-long"], {"names": listed(names.services(impact.services, words.code), words)})
            if impact.services else "",
        ]))  # fmt: skip
        blocks.append(
            _list(sentences["why"], list(dict.fromkeys(evidence(one, words, names) for one in incident.evidence)))
        )
        blocks.append(_list(sentences["answer"], self._acts(incident, words)))
        return "\n\n".join("\n".join(filter(None, block)) for block in blocks if any(block)) + "\n"

    def _acts(self, incident: Incident, words: Language) -> list[str]:
        acts = [self._provider(incident, words)]
        acts.append(words.sentences["doctor"] if incident.family in ("own", "poller") else "")
        if incident.unresolved and not incident.acknowledged_at:
            way = "ack-page" if incident.severity.pages else "ack"
            acts.append(filled(words.sentences[way], {"number": incident.number}))
        if self._incident_url:
            url = self._incident_url.replace("{number}", str(incident.number))
            acts.append(filled(words.sentences["page"], {"url": url}))
        return acts

    def _provider(self, incident: Incident, words: Language) -> str:
        """Whom to call, with the circuit's number ready to say; also where it may be the line as well as the router."""
        seller = seller_of(incident, self.names)
        if seller is None:
            return ""
        figures = {
            "name": seller.provider.name.in_language(words.code),
            "telephone": seller.provider.telephone,
            "email": seller.provider.email,
            "reference": seller.reference,
        }
        return one_line(filled(words.sentences["provider"], figures))


def _list(head: str, lines: list[str]) -> list[str]:
    said = [f"  {one_line(line)}" for line in lines if line]
    return [f"{head}:", *said] if said else []


def one_line(text: str) -> str:
    """Names come from files and devices: no line of ours is ever broken by one of theirs (SEMANTICS 40)."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
