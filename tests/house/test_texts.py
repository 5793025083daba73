"""Every text of the pages is there in both languages, once, whole, and with the same places to be filled in."""

from pathlib import Path

import pytest

from dashboards.languages import Entry, Use, entries, uses
from dashboards.texts import START, main, missing, mistakes, ready, renewed

HOUSE = Path(__file__).resolve().parents[2]


def test_given_all_pages_then_every_text_is_there_in_swahili_once_and_whole() -> None:
    wrong = list(mistakes(list(uses()), list(entries("sw"))))
    assert not wrong, "\n".join([*wrong, "'make messages' prints what is missing"])


def test_given_the_list_for_the_native_reviewer_then_it_holds_what_the_files_are_not_sure_of() -> None:
    page = (HOUSE / "docs/swahili-review.md").read_text()
    assert page == renewed(page, list(entries("sw"))), "'make review' renews docs/swahili-review.md"
    assert START in page


SITE = Use(("site",), "templates/a.html:1")


@pytest.mark.parametrize(
    ("entry", "wrong"),
    [
        (Entry(("site",), ("kituo",), "a.po", False, ()), ""),
        (Entry(("link",), ("kiungo",), "a.po", False, ()), "is said nowhere any more"),
        (Entry(("site",), ("kituo",), "a.po", True, ()), "is marked fuzzy"),
        (Entry(("site",), ("",), "a.po", False, ()), "is not translated"),
        (Entry(("site",), ("kituo {x}",), "a.po", False, ()), "has other places in its translation"),
    ],
)
def test_given_an_entry_then_what_is_wrong_with_it_is_said(entry: Entry, wrong: str) -> None:
    assert wrong in "\n".join(mistakes([SITE], [entry]))
    assert bool(wrong) == bool(list(mistakes([SITE], [entry])))


@pytest.mark.parametrize(
    ("english", "swahili", "same"),
    [
        ("{number} of %(total)s", "%(total)s, {number}", True),
        ("%(one)s", "%(two)s", False),
        ("100 % of it", "asilimia 100 yake", True),
        ("{a}", "a", False),
    ],
)
def test_given_places_in_a_text_then_its_translation_has_the_same(english: str, swahili: str, same: bool) -> None:
    used, entry = Use((english,), "a.py:1"), Entry((english,), (swahili,), "a.po", False, ())
    assert same == (not list(mistakes([used], [entry])))


def test_given_a_text_in_two_files_then_it_stands_more_than_once() -> None:
    twice = [Entry(("site",), ("kituo",), file, False, ()) for file in ("a.po", "b.po")]
    assert list(mistakes([SITE], twice)) == ["a.po, b.po: 'site' stands more than once"]


def test_given_a_text_that_lacks_then_it_is_printed_ready_to_be_filled_in() -> None:
    lacking = missing([Use(('a "b"\n%(n)s', "bs"), "x.py:1")], [])
    assert next(ready(lacking)) == (
        '# x.py:1\n#, python-format\nmsgid "a \\"b\\"\\n%(n)s"\nmsgid_plural "bs"\nmsgstr[0] ""\nmsgstr[1] ""\n'
    )


def test_given_the_whole_list_then_every_text_has_its_row(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--all"]) == 0
    assert "| critical | hatari |" in capsys.readouterr().out
