"""docs/dashboards.md shows every page that there is, and every picture in the docs exists."""

import re
from pathlib import Path

from dashboards.web.app import TABLES

HOUSE = Path(__file__).resolve().parents[2]
PAGE = (HOUSE / "docs" / "dashboards.md").read_text()
NO_PAGES = re.compile(
    r"^/(static|api/|live|wall/live|charts|search/|log-?out|preferences|healthz)|\.csv$|\.\{form\}|/ack$|/end$|/\{number\}/\{name\}$"
)


def test_given_the_routes_then_each_page_is_shown() -> None:
    pages = [
        route.path for table in TABLES for route in table if "GET" in route.methods and not NO_PAGES.search(route.path)
    ]
    assert len(pages) > 30
    lacking = [path for path in pages if not re.search(rf"`{re.escape(path.split('/{')[0])}`", PAGE)]
    assert not lacking, f"docs/dashboards.md does not show {lacking}"


def test_given_the_pictures_in_the_docs_then_each_is_there_and_each_that_is_there_is_shown() -> None:
    shown: set[Path] = set()
    for page in [HOUSE / "README.md", *(HOUSE / "docs").rglob("*.md")]:
        shown |= {(page.parent / name).resolve() for name in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", page.read_text())}
    assert not [path for path in shown if not path.is_file()]
    assert shown >= set((HOUSE / "docs" / "pictures").glob("*.png"))
