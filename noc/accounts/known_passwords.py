"""Passwords that everybody tries first: long enough, and no good."""

import re
from typing import Final

LEAST: Final = 12
LONGEST: Final = 256
_WORDS: Final = (
    "password passw0rd passphrase letmein welcome administrator admin changeme default secret qwerty qwertyuiop "
    "asdfghjkl zxcvbnm iloveyou sunshine princess dragon monkey football baseball master superman batman trustno1 "
    "whatever starwars shadow michael jennifer computer internet network router switch cisco juniper huawei mikrotik "
    "monitor govnet nocnoc tanzania dodoma daressalaam serengeti kilimanjaro zanzibar egov ega mgov karibu asante "
    "habari mambo jambo hakuna matata simba nyerere neno siri nenosiri karibusana hakunamatata tafadhali"
)
WORDS: Final = frozenset(_WORDS.split())
ROWS: Final = (
    "abcdefghijklmnopqrstuvwxyz" * 2,
    "01234567890123456789012345678901234567890",
    "qwertyuiopasdfghjklzxcvbnm" * 2,
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "1q2w3e4r5t6y7u8i9o0p",
)
AROUND: Final = " 0123456789!?.,;:#*+-_/@$&%()"  # what people put before or behind a word to make it longer
_PARTS: Final = re.compile(r"[^a-z]+")
LIKE: Final = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"})


def fault(password: str, *names: str) -> str:
    """ "" of a good one, else a word of `dashboards.access_words` (NIST SP 800-63B, 5.1.1.2): length, and not known.

    `names`: the account's own, which are known as well.
    """
    if len(password) < LEAST:
        return "password-short"
    if len(password) > LONGEST or not password.isprintable():
        return "password-long"
    return "password-known" if _known(password.casefold(), names) else ""


def _known(said: str, names: tuple[str, ...]) -> bool:
    if len(set(said)) < 5 or any(said in row or said[::-1] in row for row in ROWS):
        return True
    core = said.strip(AROUND)
    texts = [_letters(said), _letters(said.translate(LIKE)), _letters(core.translate(LIKE))]
    mine = {part for name in names for part in (_letters(name), *_PARTS.split(name.casefold())) if len(part) >= 3}
    return any(_made_of(text, WORDS | mine) for text in texts)


def _letters(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalpha())


def _made_of(letters: str, words: frozenset[str]) -> bool:
    """Whether they are at most two of these words, the same twice included; what is no letter does not count."""
    return letters in words or any(
        letters[:cut] in words and letters[cut:] in words for cut in range(3, len(letters) - 2)
    )
