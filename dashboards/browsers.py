"""What a browser calls itself, in a few words that its owner recognises."""

import re
from typing import Final

BROWSERS: Final = (  # the first that is named: most browsers also name those that they are like
    ("Edge", re.compile(r"Edg(?:e|A|iOS)?/(\d+)")),
    ("Opera", re.compile(r"OPR/(\d+)")),
    ("Samsung Internet", re.compile(r"SamsungBrowser/(\d+)")),
    ("Firefox", re.compile(r"(?:Firefox|FxiOS)/(\d+)")),
    ("Chrome", re.compile(r"(?:Headless)?(?:Chrome|CriOS|Chromium)/(\d+)")),
    ("Safari", re.compile(r"Version/(\d+).*Safari/")),
)
SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
LONGEST: Final = 40


def browser_of(text: str) -> str:
    """ "Firefox 128, Windows" of a User-Agent header (RFC 9110, 10.1.5); of what is no browser its own first words."""
    system = next((name for mark, name in SYSTEMS if mark in text), "")
    for name, pattern in BROWSERS:
        if found := pattern.search(text):
            return ", ".join(part for part in (f"{name} {found[1]}", system) if part)
    return text[:LONGEST]
