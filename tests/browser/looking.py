"""What a page must not do in a real browser: complain, ask strangers, scroll sideways, show holes in its texts."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

from tests.patience import HANGS_S

SIZES: Final = {"wall": (1920, 1080), "desk": (1366, 768), "phone": (390, 844)}
HOLES: Final = re.compile(
    r"\b(?:None|undefined|NaN|Infinity|null)\b|\{\{|\}\}|\{%|%\(\w+\)s|Traceback|<(?:Markup|Undefined)"
)
AXE: Final = Path(__file__).parent / "vendor" / "axe.min.js"
# WCAG 2.1 A and AA: contrast, names of what can be operated, landmarks, languages
TAGS: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
_WIDE: Final = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
_HIGH: Final = "() => document.documentElement.scrollHeight - document.documentElement.clientHeight"
_UNREACHED: Final = """() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
    .filter(one => one.checkVisibility() && one.tabIndex < 0 && !one.disabled).map(one => one.outerHTML.slice(0, 120))"""
_DRAWN: Final = """() => document.fonts.ready.then(() => new Promise(
    drawn => requestAnimationFrame(() => requestAnimationFrame(drawn))))"""
_AXE: Final = """tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})
    .then(found => found.violations.map(one => one.id + ': ' + one.nodes.slice(0, 3).map(node => node.html).join(' | ')))"""


@dataclass
class Looked:
    """One visit; `wrong` is empty when all was well."""

    page: Page
    origin: str
    wrong: list[str] = field(default_factory=list)

    def listen(self) -> None:
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.wrong.append(f"error in a script: {error}"))
        self.page.on("request", self._asked)
        self.page.on("response", self._answered)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.wrong.append(f"console: {message.text}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.origin, "data:", "blob:")):
            self.wrong.append(f"asks a stranger: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.wrong.append(f"{response.status} for {response.url}")

    def visit(self, address: str) -> None:
        self.page.goto(self.origin + address, wait_until="load")
        self.page.evaluate(_DRAWN)
        self.page.wait_for_timeout(50)  # and complain

    def judge(self, *, fits_height: bool = False) -> None:
        text = self.page.inner_text("body")
        self.wrong += [
            f"a hole in the text: ...{text[max(0, one.start() - 30) : one.end() + 30]!r}"
            for one in HOLES.finditer(text)
        ]
        if (wide := self.page.evaluate(_WIDE)) > 0:
            self.wrong.append(f"scrolls sideways by {wide} px")
        if fits_height and (high := self.page.evaluate(_HIGH)) > 0:
            self.wrong.append(f"scrolls down by {high} px")
        self.wrong += [f"the keyboard does not reach {one}" for one in self.page.evaluate(_UNREACHED)]

    def axe(self) -> None:
        """axe-core run from outside the page's own policy."""
        self.page.evaluate(AXE.read_text())
        self.wrong += [f"axe: {one}" for one in self.page.evaluate(_AXE, TAGS)]


def context_of(
    browser: Browser,
    cookies: list[Any],
    *,
    size: str = "desk",
    theme: str = "dark",
    language: str = "en",
    touch: bool = False,
) -> BrowserContext:
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="light" if theme == "light" else "dark",
        locale=language,
        timezone_id="America/Los_Angeles",  # far from Dar es Salaam: no page may use the browser's own zone
        reduced_motion="reduce",
        has_touch=touch,
    )
    chosen = {"name": "noc_theme", "value": theme, "domain": cookies[0]["domain"], "path": "/"}
    context.add_cookies([*cookies, chosen])
    return patient(context)


def patient(context: BrowserContext) -> BrowserContext:
    """Whatever comes is waited for, as long as any machine takes."""
    context.set_default_timeout(HANGS_S * 1000)
    return context
