"""Text as a plain telephone takes it: the GSM 7-bit alphabet (3GPP TS 23.038), and how a message is made to fit."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

LONGEST = 160
ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
LIKE = str.maketrans(  # what looks alike; the extension table costs two places, so its brackets become round
    {
        "[": "(", "]": ")", "{": "(", "}": ")", "|": "/", "\\": "/", "^": "'", "~": "-", "€": "E", "`": "'",
        "‘": "'", "’": "'", "‚": ",", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
        "–": "-", "—": "-", "−": "-", "…": "..", "·": "-", "•": "-", "×": "x", "→": "-", "°": "o", "²": "2", "³": "3",
    }
)  # fmt: skip


def plain(text: str) -> str:
    """One line in the alphabet, every sign one place long: accents fall, what has no likeness becomes "?"."""
    found = []
    for sign in unicodedata.normalize("NFC", text).translate(LIKE):
        if sign.isspace() or unicodedata.category(sign).startswith("C"):
            found.append(" ")
        elif sign in ALPHABET:
            found.append(sign)
        else:
            bare = unicodedata.normalize("NFKD", sign)
            found.append("".join(each for each in bare if each in ALPHABET and not each.isspace()) or "?")
    return " ".join("".join(found).split())


@dataclass(frozen=True, slots=True)
class Part:
    """A sentence of a message. `worth` 0 must stay; the rest goes, highest first, when there is no room.

    `name` is the word in `text` that may be shortened when even that does not suffice.
    """

    text: str
    worth: int = 0
    name: str = ""


def fit(parts: Sequence[Part], longest: int = LONGEST) -> str:
    """All parts in their order, or as many as there is room for; never more than `longest` signs of the alphabet."""
    kept = [part for part in parts if part.text]
    while len(text := _joined(kept)) > longest:
        spare = max((part for part in kept if part.worth), key=lambda part: part.worth, default=None)
        if spare is None:
            return _shortened(kept, longest, len(text) - longest)
        kept.remove(spare)
    return text


def _joined(parts: Sequence[Part]) -> str:
    return plain(" ".join(part.text for part in parts))


def _shortened(parts: Sequence[Part], longest: int, over: int) -> str:
    """The names lose their ends, never what stands around them."""
    found = []
    for part in parts:
        name, text = plain(part.name), plain(part.text)
        if name and over > 0 and name in text:
            keep = max(3, len(name) - over - 2)
            short = name[:keep].rstrip() + ".."
            over -= len(name) - len(short)
            text = text.replace(name, short, 1)
        found.append(text)
    text = " ".join(found)
    if len(text) <= longest:
        return text
    last = found[-1]  # the reply code stands last and is never cut
    return f"{' '.join(found[:-1])[: longest - len(last) - 1].rstrip()} {last}"
