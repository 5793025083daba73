"""What a language must have words for; whole sentences per noun, because Swahili nouns agree (DOMAIN 6.4)."""

from collections.abc import Mapping
from dataclasses import dataclass

Counted = tuple[str, str]  # for one ({name}) and for several ({count})


@dataclass(frozen=True, slots=True)
class Language:
    """Sentences take str.format fields. `titles` and `recovered` are asked for by the rule of `messages.title_key`."""

    code: str
    severities: Mapping[str, str]
    states: Mapping[str, str]  # of incidents
    titles: Mapping[str, str]  # {name}, {count}
    parts: Mapping[str, str]  # of the NOC itself, that fail; {name}
    groups: Mapping[str, str]  # of circuits that stand in for each other
    roles: Mapping[str, str]  # of an alarm in its incident
    kinds: Mapping[str, str]  # of subjects
    recovered: Mapping[str, str]  # {name}, {at}, {after}
    cut_off: Mapping[str, Counted]  # by kind of site
    back: Mapping[str, Counted]
    evidence: Mapping[str, Counted]  # code -> (for a telephone, for a mail)
    entries: Mapping[str, str]  # lines of the timeline
    sentences: Mapping[str, str]


def filled(template: str, figures: Mapping[str, object]) -> str:
    """The sentence with its figures; what is not known is a question mark, never a broken message."""
    return template.format_map(_Known({key: _shown(value) for key, value in figures.items()}))


class _Known(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "?"


def _shown(value: object) -> object:
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return value
