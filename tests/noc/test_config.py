"""noc.toml: every mistake at once, with its line and what to do."""

from pathlib import Path

import pytest

from inventory.mistakes import MistakesError
from noc.config import load

GOOD = '[poller]\nattached_to = "noc-r1"\ngateway = "noc-r1"\n'


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "noc.toml"
    path.write_text(text)
    return path


def test_given_the_least_configuration_then_defaults_fill_it(tmp_path: Path) -> None:
    config = load(written(tmp_path, GOOD))
    assert config.poll.liveness_s == 5 and config.poll.counters_s == 30
    assert config.metrics_file == tmp_path / "data" / "metrics.db"
    assert config.inventory.path == tmp_path / "inventory"


def test_given_many_mistakes_then_all_are_named_with_their_lines(tmp_path: Path) -> None:
    text = '[poler]\nx = 1\n[poll]\nlivenes_s = 5\ncounters_s = 0\n[poller]\ngateway = "a"\n'
    with pytest.raises(MistakesError) as caught:
        load(written(tmp_path, text))
    said = {(m.line, m.hint) for m in caught.value.mistakes}
    assert said == {(1, "did you mean 'poller'?"), (4, "did you mean 'liveness_s'?"), (5, ""), (6, "")}
    assert "attached_to" in str(caught.value)


@pytest.mark.parametrize("text", ["[poller\n", "\x00", 'a = "unclosed\n'])
def test_given_no_toml_then_the_line_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(MistakesError) as caught:
        load(written(tmp_path, text))
    assert "not TOML" in str(caught.value)


def test_given_no_file_then_it_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(MistakesError, match="noc init"):
        load(tmp_path / "none.toml")
