"""States, severities and times as they stand on pages: shape and word, clock and age; written once for each language."""

from collections.abc import Callable, Mapping
from functools import partial
from html import escape
from typing import Any, Final

from dashboards import figures
from dashboards.languages import Language
from dashboards.page import sound
from dashboards.web.filters import DASH, clock, or_dash

Text = Callable[[str], str]
MONTHS: Final[Mapping[str, Mapping[str, str]]] = {  # where they are other ones than in English
    "sw": {"Mar": "Mac", "May": "Mei", "Aug": "Ago", "Oct": "Okt", "Dec": "Des"},
}


def filters(language: Language) -> Mapping[str, Callable[..., Any]]:
    """`state`, `severity`, `when`, `aged` and `lasted`, as templates/parts.html says."""
    gettext, spans = language.gettext, figures.SPANS[language.key]
    return {
        "state": _chosen("state", states(gettext), was=_was(gettext)),
        "severity": _chosen("severity", severities(gettext), was={}),
        "when": partial(_when, months=MONTHS.get(language.key, {})),
        "clock": partial(_clock, months=MONTHS.get(language.key, {})),
        "aged": partial(aged, spans=spans),
        "lasted": partial(lasted, spans=spans),
        "duration": or_dash(partial(figures.duration, spans=spans)),
        "age": partial(_age, spans=spans),
    }


def states(gettext: Text) -> Mapping[str, str]:
    return {
        "up": gettext("up"),
        "degraded": gettext("degraded"),
        "unknown": gettext("unknown"),
        "unreachable": gettext("unreachable"),
        "down": gettext("down"),
        "maintenance": gettext("maintenance"),
        "suppressed": gettext("suppressed"),
    }


def severities(gettext: Text) -> Mapping[str, str]:
    return {
        "critical": gettext("critical"),
        "major": gettext("major"),
        "minor": gettext("minor"),
        "warning": gettext("warning"),
        "info": gettext("info"),
    }


def _was(gettext: Text) -> Mapping[str, str]:
    """What was so when it was last heard of."""
    return {
        "up": gettext("was up"),
        "degraded": gettext("was degraded"),
        "unreachable": gettext("was unreachable"),
        "down": gettext("was down"),
    }


def _chosen(kind: str, words: Mapping[str, str], was: Mapping[str, str]) -> Callable[..., Any]:
    """Every badge there can be is made beforehand: a table of a thousand rows only looks them up."""
    fresh = {key: badge(kind, key, word) for key, word in words.items()}
    stale = {key: badge(kind, key, was.get(key, word), stale=True) for key, word in words.items()}

    def chosen(key: str, old: bool = False) -> Any:
        return (stale if old else fresh).get(key) or badge(kind, "unknown", str(key))

    return chosen


def badge(kind: str, key: str, word: str, *, stale: bool = False) -> Any:
    """Shape and word; the shapes stand in templates/marks.html."""
    old = " stale" if stale else ""
    return sound(
        f'<span class="badge {kind}-{key}{old}"><svg class="mark" aria-hidden="true"><use href="#m-{key}"/></svg>'
        f'<span class="word">{escape(word)}</span></span>'
    )


def _clock(at: float | None, now: float, *, months: Mapping[str, str]) -> str:
    """Days have their month's short name in the language of the page; the figures beside it are the same in all."""
    return " ".join(months.get(word, word) for word in clock(at, now).split(" "))


def clock_in(language: str, at: float, now: float) -> str:
    """As the filter `clock` writes it in that language."""
    return _clock(at, now, months=MONTHS.get(language, {}))


def _when(at: float | None, now: float, *, months: Mapping[str, str]) -> Any:
    if at is None:
        return DASH
    return sound(f'<time datetime="{figures.iso(at)}">{_clock(at, now, months=months)}</time>')


def _age(at: float | None, now: float, *, spans: figures.Spans) -> str:
    return DASH if at is None else figures.short_duration(now - at, spans)


def aged(at: float | None, now: float, stale_s: float = 0.0, *, spans: figures.Spans) -> Any:
    """Seconds, minutes, hours or days ago; a browser goes on counting."""
    return _ticking(at, now, partial(figures.short_duration, spans=spans), "short", stale_s)


def lasted(at: float | None, now: float, stale_s: float = 0.0, *, spans: figures.Spans) -> Any:
    """The same in two units."""
    return _ticking(at, now, partial(figures.duration, spans=spans), "long", stale_s)


def _ticking(at: float | None, now: float, write: Callable[[float], str], kind: str, stale_s: float) -> Any:
    if at is None:
        return DASH
    limit = f' data-stale-s="{stale_s:g}"' if stale_s else ""
    old = ' class="stale"' if stale_s and now - at > stale_s else ""
    return sound(f'<time data-age="{kind}" datetime="{figures.iso(at)}"{limit}{old}>{write(now - at)}</time>')
