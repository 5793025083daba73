import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.selector import Label, SelectorError, parse_selector

KNOWN = {"region", "kind", "name", "regions", "in_committed_bps"}
LABELS: dict[str, Label] = {
    "region": "Dodoma",
    "kind": "lga",
    "name": "Chamwino edge",
    "name_sw": "Ukingo wa Chamwino",
    "regions": ["Dodoma", "Tanga"],
    "in_committed_bps": 100e6,
}


def matches(*words: str) -> bool:
    return parse_selector(words, KNOWN).matches("lga-chamwino", LABELS)


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("region=Dodoma",),
        ("region=dodoma",),
        ("region!=Tanga",),
        ("name~EDGE",),
        ("region=Dodoma", "kind=lga", "name~edge"),
        ("regions=Tanga",),
        ("chamwino",),
        ("Ukingo",),
        ("key=lga-chamwino",),
        ("key~cham",),
        ("in_committed_bps=100000000",),
    ],
)
def test_given_a_selector_that_fits_then_it_matches(words: tuple[str, ...]) -> None:
    assert matches(*words)


@pytest.mark.parametrize(
    "words",
    [
        ("region=Tanga",),
        ("region!=Dodoma",),
        ("region=Dodoma", "kind=mda"),
        ("name~core",),
        ("regions!=Tanga",),
        ("x",),
    ],
)
def test_given_a_selector_that_does_not_fit_then_it_does_not_match(words: tuple[str, ...]) -> None:
    assert not matches(*words)


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("regoin=Dodoma", "did you mean 'region'?"),
        ("colour=red", "there are in_committed_bps, kind, name, region, regions"),
        ("region=", "nothing after"),
        ("=Dodoma", "nothing before"),
        ("", "empty"),
    ],
)
def test_given_a_selector_that_cannot_be_meant_then_it_says_why(word: str, said: str) -> None:
    with pytest.raises(SelectorError, match=said.replace("?", r"\?")):
        parse_selector([word], KNOWN)


def test_given_signs_in_a_value_then_the_first_one_counts() -> None:
    assert parse_selector(["name=a=b~c"], KNOWN).matches("x", {"name": "a=b~c"})


def test_given_an_exclamation_mark_in_a_bare_word_then_it_is_just_a_word() -> None:
    assert parse_selector(["hi!"], KNOWN).matches("say-hi!", {})


@settings(deadline=None, max_examples=60)
@given(st.text(min_size=1, max_size=20))
def test_given_any_word_then_it_parses_or_says_why(word: str) -> None:
    try:
        selector = parse_selector([word], KNOWN)
    except SelectorError as error:
        assert str(error)
    else:
        selector.matches("key", LABELS)
