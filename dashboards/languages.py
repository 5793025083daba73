"""The door to Babel: the texts of the pages in English (as they stand in the code) and Swahili (`dashboards/locale`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

LOCALE: Final = Path(__file__).parent / "locale"
KNOWN: Final = ("en", "sw")


@dataclass(frozen=True)
class Language:
    """One language of the pages; `gettext` and `ngettext` as gettext(3) has them."""

    key: str
    texts: NullTranslations

    def gettext(self, text: str) -> str:
        return str(self.texts.ugettext(text))

    def ngettext(self, one: str, several: str, count: int) -> str:
        return str(self.texts.ungettext(one, several, count))


def languages() -> Mapping[str, Language]:
    """Every language by its key, read anew."""
    return {key: Language(key, NullTranslations() if key == "en" else _translations(key)) for key in KNOWN}


def catalogue(language: str) -> Catalog:
    """All messages of `locale/<language>/*.po`, one file a room of pages."""
    whole = Catalog(locale=language)
    for path in sorted((LOCALE / language).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if message.id:
                    whole[message.id] = message
    return whole


def _translations(language: str) -> Translations:
    file = BytesIO()
    write_mo(file, catalogue(language))
    file.seek(0)
    return Translations(file)
