"""The door to Babel: the texts of the pages in English (as they stand in the code) and Swahili (`dashboards/locale`)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from inventory.sentence import Sentence

ROOM: Final = Path(__file__).parent
LOCALE: Final = ROOM / "locale"
KNOWN: Final = ("en", "sw")
KEYWORDS: Final = {"_": None, "gettext": None, "ngettext": (1, 2), "Sentence": (2,), "noted": None, "Quantity": (4,)}
READ_BY: Final = {"**/*.py": "python", "templates/**/*.html": "jinja2.ext:babel_extract"}
REFUSING: Final = ("alerts", "inventory", "noc")  # the rooms beside ours whose sentences are said on our pages
SENTENCES: Final = re.compile(r"\b(?:Sentence|noted|Quantity)\(")

Texts = tuple[str, ...]  # one text, or one and several


@dataclass(frozen=True)
class Language:
    """One language of the pages; `gettext` and `ngettext` as gettext(3) has them."""

    key: str
    texts: NullTranslations

    def gettext(self, text: str) -> str:
        return str(self.texts.ugettext(text))

    def ngettext(self, one: str, several: str, count: int) -> str:
        return str(self.texts.ungettext(one, several, count))

    def said(self, text: str) -> str:
        """A sentence from wherever it comes in this language; bare words as they are."""
        if not isinstance(text, Sentence):
            return text
        figures = {name: self.said(one) if isinstance(one, str) else one for name, one in text.figures.items()}
        return self.gettext(text.text).format(**figures)


@dataclass(frozen=True, slots=True)
class Use:
    """A text in our code: `place` is "templates/frame.html:12" or "../alerts/desk/acts.py:35", seen from `dashboards/`."""

    texts: Texts
    place: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A text and its translation as a .po file has them; `notes` are the comments above it."""

    texts: Texts
    said: Texts
    file: str
    fuzzy: bool
    notes: Sequence[str]


def languages() -> Mapping[str, Language]:
    """Every language by its key, read anew."""
    return {key: Language(key, NullTranslations() if key == "en" else _translations(key)) for key in KNOWN}


def uses(room: Path = ROOM) -> Iterator[Use]:
    """Every text that our pages can say, as Babel finds it in Python and templates."""
    for pattern, method in READ_BY.items():
        for path in sorted(room.glob(pattern)):
            yield from _uses(path, method, path.relative_to(room).as_posix())
    for name in REFUSING if room == ROOM else ():
        for path in sorted((room.parent / name).glob("**/*.py")):
            if SENTENCES.search(path.read_text()):
                yield from _uses(path, "python", f"../{path.relative_to(room.parent).as_posix()}")


def _uses(path: Path, method: str, name: str) -> Iterator[Use]:
    for line, found, _, _ in extract_from_file(method, path, keywords=KEYWORDS):
        texts = found if isinstance(found, tuple) else (found,)
        yield Use(tuple(map(str, texts)), f"{name}:{line}")


def entries(language: str, locale: Path = LOCALE) -> Iterator[Entry]:
    """Every translation of `locale/<language>/*.po`, one file a room of pages."""
    for path in sorted((locale / language).glob("*.po")):
        for message in _read(path, language):
            if message.id:
                yield Entry(
                    _several(message.id), _several(message.string), path.name, message.fuzzy, message.user_comments
                )


def catalogue(language: str) -> Catalog:
    """All messages of a language in one."""
    whole = Catalog(locale=language)
    for path in sorted((LOCALE / language).glob("*.po")):
        for message in _read(path, language):
            if message.id:
                whole[message.id] = message
    return whole


def _read(path: Path, language: str) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=language)


def _several(text: object) -> Texts:
    return tuple(map(str, text)) if isinstance(text, list | tuple) else (str(text),)


def _translations(language: str) -> Translations:
    file = BytesIO()
    write_mo(file, catalogue(language))
    file.seek(0)
    return Translations(file)
