"""The look: every colour can be read on every ground, in both themes, and every state has its shape."""

import re
from itertools import product
from pathlib import Path

import pytest

from dashboards.web import marks

DASHBOARDS = Path(__file__).resolve().parents[3] / "dashboards"
CSS = (DASHBOARDS / "static/noc.css").read_text()
GROUNDS = ("ground", "panel", "raised")
WORDS = (
    *("text", "quiet", "healthy", "accent", "critical", "major", "minor", "warning", "unknown"),
    *("maintenance", "suppressed", "unreachable"),
)
AA = 4.5  # WCAG 2.1, 1.4.3: text
SEEN = 3.0  # 1.4.11: what is drawn


def blocks(start: str) -> list[dict[str, str]]:
    found = re.findall(re.escape(start) + r" \{([^}]*)\}", CSS)
    return [dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6});", block)) for block in found]


DARK, LIGHT = blocks(":root")[0], blocks(":root[data-theme=light]")[0]


def luminance(colour: str) -> float:
    """WCAG 2.1, relative luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize(("word", "ground"), list(product(WORDS, GROUNDS)))
def test_given_a_word_on_a_ground_then_it_can_be_read(theme: dict[str, str], word: str, ground: str) -> None:
    assert contrast(theme[word], theme[ground]) >= AA


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize("line", ["in", "out"])
def test_given_a_line_of_a_chart_then_it_can_be_seen(theme: dict[str, str], line: str) -> None:
    assert contrast(theme[line], theme["ground"]) >= SEEN


def test_given_light_by_choice_or_by_the_device_then_it_is_the_same() -> None:
    assert blocks(":root[data-theme=auto]") == [LIGHT]
    assert DARK.keys() == LIGHT.keys()


def test_given_the_styles_of_a_room_then_colours_are_the_houses_alone() -> None:
    for path in (DASHBOARDS / "static").glob("*.css"):
        if path.name != "noc.css":
            plain = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
            assert not re.findall(r"#[0-9a-fA-F]{3,8}\b(?![^{]*\{)|\b(?:rgb|hsl)a?\(", plain), path.name


def test_given_the_states_and_severities_then_each_has_a_shape_of_its_own() -> None:
    drawn = (DASHBOARDS / "templates/marks.html").read_text()
    keys = [*marks.states(str), *marks.severities(str)]
    shapes = {key: re.findall(rf'id="m-{key}"[^>]*>(.*?)</symbol>', drawn) for key in keys}
    assert all(len(found) == 1 for found in shapes.values())
    same = {key: shape[0] for key, shape in shapes.items() if key != "degraded"}  # that of minor, which it is
    assert len(set(same.values())) == len(same)


def test_given_templates_then_no_style_and_no_script_stands_in_them() -> None:
    for path in (DASHBOARDS / "templates").rglob("*.html"):
        text = path.read_text()
        assert not re.findall(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:", text), path.name
        assert "|safe" not in text.replace(" ", ""), path.name


OWN_PARTS = {"wall.js": 1}  # places that take what our own server drew, over the wall's line


def test_given_scripts_then_no_data_becomes_markup() -> None:
    for path in (DASHBOARDS / "static").rglob("*.js"):
        if "vendor" in path.parts:
            continue
        found = re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", path.read_text())
        assert len(found) == OWN_PARTS.get(path.name, 0), path.name
