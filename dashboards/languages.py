"""The door to Babel: the texts of the pages in English (as they stand in the code) and Swahili (`dashboards/locale`)."""

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

ROOM: Final = Path(__file__).parent
LOCALE: Final = ROOM / "locale"
KNOWN: Final = ("en", "sw")
KEYWORDS: Final = {"_": None, "gettext": None, "ngettext": (1, 2)}
READ_BY: Final = {"**/*.py": "python", "templates/**/*.html": "jinja2.ext:babel_extract"}

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


@dataclass(frozen=True, slots=True)
class Use:
    """A text in our code: `place` is "templates/frame.html:12", counted from `dashboards/`."""

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
            for line, found, _, _ in extract_from_file(method, path, keywords=KEYWORDS):
                texts = found if isinstance(found, tuple) else (found,)
                yield Use(tuple(map(str, texts)), f"{path.relative_to(room).as_posix()}:{line}")


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
