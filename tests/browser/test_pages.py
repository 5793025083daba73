"""Each page in a real Chromium: three sizes, both languages, both themes; after two faults, so that there is something to say."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.addresses import pages
from tests.browser.house import Watched
from tests.browser.looking import SIZES, Looked, context_of

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
ADDRESSES = sorted(set(pages()))
# every size in both languages and both themes; axe reads each page once in either
WAYS = [(size, *rest) for size in SIZES for rest in (("en", "dark"), ("sw", "light"))]


@pytest.fixture(scope="module", params=WAYS, ids="-".join)
def way(
    request: pytest.FixtureRequest, chromium: Browser, cookies: list[dict[str, str]]
) -> Iterator[tuple[BrowserContext, tuple[str, str, str]]]:
    size, language, theme = request.param
    context = context_of(chromium, cookies, size=size, theme=theme, language=language)
    yield context, request.param
    context.close()


@pytest.fixture
def page(way: tuple[BrowserContext, tuple[str, str, str]]) -> Iterator[Page]:
    found = way[0].new_page()
    yield found
    found.close()


@pytest.mark.parametrize("address", ADDRESSES)
def test_given_a_page_then_it_says_all_to_everybody_and_complains_of_nothing(
    faulted: Watched, way: tuple[BrowserContext, tuple[str, str, str]], page: Page, address: str
) -> None:
    size, language, _ = way[1]
    looked = Looked(page, faulted.url)
    looked.listen()
    looked.visit(f"{address}{'&' if '?' in address else '?'}lang={language}")
    looked.judge(fits_height=address == "/wall" and size == "wall")
    if size == "desk" or address == "/wall":
        looked.axe()
    assert not looked.wrong
