"""The sentences of which messages, screens and timelines are made: what, since when, whom it hurts, how sure."""

from collections.abc import Mapping

from alerts.alarm import Evidence, Severity
from alerts.incident import Incident
from alerts.local_time import local
from alerts.subject import Subject
from alerts.words.english import ENGLISH
from alerts.words.language import Language, filled
from alerts.words.names import Names
from alerts.words.swahili import SWAHILI
from inventory.rates import format_rate

LANGUAGES = {"en": ENGLISH, "sw": SWAHILI}
MOST_NAMES = 12  # in a mail; the rest is a number


def language_of(code: str) -> Language:
    return LANGUAGES.get(code, ENGLISH)


def clock(at: float, now: float) -> str:
    """`02:14 EAT`, with its day when that is not today; never the Swahili clock (DOMAIN 6.4)."""
    then, today = local(at), local(now)
    return f"{then:%H:%M} EAT" if then.date() == today.date() else f"{then:%d.%m. %H:%M} EAT"


def duration(seconds: float, language: str) -> str:
    """How long in the two largest units worth saying: 40 s, 38 min, 3 h 20 min, 9 d 2 h."""
    whole = max(0, round(seconds))
    minutes, hours, days = whole // 60, whole // 3600, whole // 86_400
    if whole < 60:
        amounts = [(whole, "s")]
    elif minutes < 60:
        amounts = [(minutes, "min")]
    elif hours < 24:
        amounts = [(hours, "h"), (minutes % 60, "min")]
    else:
        amounts = [(days, "d"), (hours % 24, "h")]
    said = {"s": "sekunde", "min": "dakika", "h": "saa", "d": "siku"}
    if language == "sw":
        return " ".join(f"{said[unit]} {amount}" for amount, unit in amounts if amount or unit == "s")
    return " ".join(f"{amount} {unit}" for amount, unit in amounts if amount or unit == "s")


def title_key(incident: Incident, language: Language) -> str:
    """Which sentence names it: by the first evidence that has one of its own, else by family and kind of root."""
    titles = language.titles
    if incident.family == "reachability":
        own = [one.code for one in incident.evidence[:1] if one.code == "no-path"]
        kind = f"reachability:{incident.root.kind}"
        return own[0] if own else kind if kind in titles else "reachability"
    ways = [f"{incident.family}:{incident.root.kind}", *(one.code for one in incident.evidence), incident.family]
    return next((way for way in ways if way in titles), "reachability")


def named(incident: Incident, names: Names, language: Language, *, short: bool) -> str:
    """Its root by name; of the NOC itself, what fails; of circuits that stand in for each other, what they are together."""
    if incident.family == "own":
        part, _, name = incident.root.key.partition(" ")
        return filled(language.parts.get(part, incident.root.key), {"name": name})
    if incident.root.kind == "diversity":
        return language.groups.get(incident.root.key, incident.root.key)
    ask = names.short if short else names.subject
    return ask(incident.root, language.code)


def title(incident: Incident, language: str, names: Names, *, short: bool = False) -> str:
    """What it is, in a few words, without a time."""
    words = language_of(language)
    name = named(incident, names, words, short=short)
    return filled(words.titles[title_key(incident, words)], {"name": name, "count": len(incident.members)})


def hurt(incident: Incident, names: Names, language: Language, table: str = "cut_off", *, but: str = "") -> list[str]:
    """A sentence for each kind of site that is cut off (or is back); none for one alone that is called `but`."""
    sentences = getattr(language, table)
    found = []
    counted = names.kinds(incident.impact.sites)
    for kind, count in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])):
        one, several = sentences.get(kind, sentences["other"])
        first = next(key for key in incident.impact.sites if names.kinds([key])[kind])
        name = names.short(_site(first), language.code)
        if count > 1 or name != but:
            found.append(filled(one if count == 1 else several, {"name": name, "count": count}))
    return found


def whole(incident: Incident, names: Names, language: Language) -> list[str]:
    """Regions of which nobody is reached any more, where the title does not say so."""
    regions = [key for key in incident.impact.regions if incident.root != Subject("region", key)]
    if not regions or incident.family != "reachability":
        return []
    said = ", ".join(names.short(Subject("region", key), language.code) for key in regions[:MOST_NAMES])
    return [filled(language.sentences["region-of"], {"name": said})]


def _site(key: str) -> Subject:
    return Subject("site", key)


def ambiguous(incident: Incident, names: Names) -> bool:
    """A lone router behind a lone line: from afar its line, itself and its power look the same (SEMANTICS D)."""
    return _lone(incident, names) and not _line_whole(incident)


def _lone(incident: Incident, names: Names) -> bool:
    device = incident.root.key if incident.root.kind == "device" else ""
    lone = len(names.inventory.links_of.get(device, ())) == 1
    return incident.family == "reachability" and lone and not incident.power and len(incident.impact.devices) == 1


def _line_whole(incident: Incident) -> bool:
    """The far end of its line still reads up."""
    return any(one.code == "ports-towards-up" for one in incident.evidence)


def suspects(incident: Incident, names: Names, language: Language, *, short: bool = False) -> str:
    """What it may be, and what from afar it cannot be told from; "" where the title says it all."""
    if incident.power:
        return language.sentences["power"]
    if not _lone(incident, names):
        return ""
    if _line_whole(incident):
        return language.sentences["router-power"]
    return language.sentences["line-router-power" if short else "line-router-power-long"]


def evidence(one: Evidence, language: Language, names: Names, *, short: bool = False) -> str:
    """Why we think so, as one sentence; a code without words is shown as it is."""
    found = language.evidence.get(one.code)
    if found is None:
        return "" if short else f"{one.code} {dict(one.figures) or ''}".strip()
    figures = {**one.figures, **_readable(one.figures, language.code), **_known(one.figures, language.code, names)}
    return filled(found[0 if short else 1], figures)


def _known(figures: Mapping[str, float | str], language: str, names: Names) -> dict[str, str]:
    """Things of the inventory as people call them."""
    kinds = {"key": str(figures.get("kind", "")), "neighbour": "device"}
    return {
        field: names.short(Subject(kind, str(figures[field])), language)  # type: ignore[arg-type]
        for field, kind in kinds.items()
        if field in figures and kind in ("device", "link", "site", "circuit", "region")
    }


def _readable(figures: Mapping[str, float | str], language: str) -> dict[str, str]:
    """Ratios as percent, seconds as durations, bit/s with their unit, beside the figures as they are."""
    numbers = {name: float(value) for name, value in figures.items() if isinstance(value, int | float)}
    found = {f"{name}_pct": f"{value:.0%}" for name, value in numbers.items()}
    found |= {f"{name}_rate": f"{format_rate(round(value))}b/s" for name, value in numbers.items()}
    found |= {
        name.removesuffix("_s"): duration(value, language) for name, value in numbers.items() if name.endswith("_s")
    }
    return found


def listed(names: list[str], language: Language) -> str:
    """Some names, and how many more there are."""
    shown = names[:MOST_NAMES]
    if len(names) > MOST_NAMES:
        shown.append(filled(language.sentences["and-more"], {"count": len(names) - MOST_NAMES}))
    return ", ".join(shown)


def explain(incident: Incident, language: str, names: Names, now: float | None = None) -> str:
    """The whole case in one sentence or a few: what, since when, whom it hurts, what is well, how often."""
    words = language_of(language)
    now = incident.changed_at if now is None else now
    said = [
        f"{title(incident, language, names)} {filled(words.sentences['since'], {'at': clock(incident.since, now)})}."
    ]
    name = names.short(incident.root, language)
    said += [*whole(incident, names, words), *hurt(incident, names, words, but=name)]
    said += [] if incident.impact.sites else [harmless(incident, words)]
    if incident.fine:
        circuits = ", ".join(names.circuits(incident.fine, language))
        said.append(filled(words.sentences["fine"], {"names": circuits}))
    said.append(suspects(incident, names, words))
    if incident.flapping:
        said.append(filled(words.sentences["flapping"], {"count": incident.flaps}))
    if incident.times > 1:
        said.append(filled(words.sentences["times"], {"count": incident.times}))
    return " ".join(part for part in said if part)


def harmless(incident: Incident, language: Language) -> str:
    """What a fault means that cuts nobody off."""
    sentences, impact = language.sentences, incident.impact
    if incident.family == "poller":
        return sentences["poller"]
    if incident.family != "reachability":
        return ""
    if impact.core:
        return sentences["core"]
    if impact.datacentre:
        return sentences["datacentre"]
    if impact.circuits and incident.severity is Severity.CRITICAL:
        return sentences["cables"]
    if impact.degraded:
        return filled(sentences["degraded"], {"count": len(impact.degraded)})
    return sentences["nobody"] if impact.circuits or impact.devices else sentences["redundancy"]
