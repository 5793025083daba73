"""The timeline of an incident in words: one line for each thing that happened to it."""

from alerts.incident import Entry
from alerts.words.language import Language, filled
from alerts.words.names import Names
from alerts.words.phrases import clock, language_of

PEOPLE = ("contact", "owner", "who")
OF_WORDS = ("severity", "was", "now", "role")
SUBJECTS = ("root", "alarm", "was", "now")  # "device gdc-dar-r1"; of an alarm after its rule's name
A_DATE = 1e9  # a figure above this is an instant, UTC seconds


def line(entry: Entry, language: str, names: Names) -> str:
    """What happened, without its time; what people wrote stands at the end as they wrote it."""
    words = language_of(language)
    sentence = words.entries.get(f"{entry.kind}:{entry.code}") or words.entries.get(entry.code)
    figures = _shown(entry, words, names)
    if sentence is None:
        said = " ".join([entry.code, *(f"{key} {value}" for key, value in figures.items() if value != "")])
    else:
        said = filled(sentence, {"who": names.contact(entry.who) or _nobody(words), **figures})
    return " ".join(part for part in (said.strip(), _quoted(entry.text)) if part)


def _subject(text: str, words: Language) -> str:
    """The kind of what stands there, in the language; names of rules and keys as everybody writes them."""
    first, second, *rest = text.split(" ")
    kinds = words.kinds
    if first in kinds or not rest:
        return " ".join([kinds.get(first, first), second, *rest])
    return " ".join([first, kinds.get(second, second), *rest])


def _quoted(text: str) -> str:
    return f"“{text}”" if text else ""


def _nobody(words: Language) -> str:
    return words.sentences["daemon"]


def _shown(entry: Entry, words: Language, names: Names) -> dict[str, object]:
    """Instants as clocks, people by their names, severities and roles in the language."""
    shown: dict[str, object] = {}
    for key, value in entry.figures.items():
        if isinstance(value, int | float) and value > A_DATE:
            shown[key] = clock(value, entry.at)
        elif key in PEOPLE and isinstance(value, str):
            shown[key] = names.contact(value)
        elif key in SUBJECTS and isinstance(value, str) and " " in value:
            shown[key] = _subject(value, words)
        elif key in OF_WORDS and isinstance(value, str):
            shown[key] = words.severities.get(value, value) if key != "role" else words.roles.get(value, value)
        else:
            shown[key] = value
    return shown
