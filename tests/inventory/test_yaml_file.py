"""The door to YAML: text stays text, lines are known, bombs are cut off."""

from pathlib import Path

from inventory.yaml_file import MOST_DEPTH, Block, Flow, read_file, write_file


def read(directory: Path, text: str) -> Block:
    path = directory / "x.yaml"
    path.write_text(text, encoding="utf-8")
    file = read_file(path)
    assert not file.mistakes, file.mistakes
    return file.top


def test_given_scalars_that_yaml_would_guess_at_then_they_stay_as_written(tmp_path: Path) -> None:
    top = read(tmp_path, "a: no\nb: 0712\nc: 1e3\nd: 2026-11-21\ne: 12:30\nf: 2c\ng: 'null'\n")
    assert list(top.values()) == ["no", "0712", "1e3", "2026-11-21", "12:30", "2c", "null"]


def test_given_a_plain_null_then_it_is_nothing(tmp_path: Path) -> None:
    assert list(read(tmp_path, "a:\nb: ~\nc: null\n").values()) == [None, None, None]


def test_given_nested_blocks_then_every_key_and_element_knows_its_line(tmp_path: Path) -> None:
    top = read(tmp_path, "# note\na:\n  b: 1\n\n  c:\n    - x\n    - {d: 2}\n")
    assert top.lines == {"a": 2}
    assert top["a"].lines == {"b": 3, "c": 5}
    assert top["a"]["c"].lines == [6, 7]


def test_given_an_alias_then_it_stands_for_its_anchor(tmp_path: Path) -> None:
    top = read(tmp_path, "a: &p [icmp, snmp]\nb: *p\n")
    assert top["b"] == ["icmp", "snmp"]


def test_given_a_billion_laughs_then_it_is_cut_off_with_its_line(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    path = tmp_path / "bomb.yaml"
    path.write_text("\n".join(lines))
    file = read_file(path)
    assert [(one.line, one.message) for one in file.mistakes] == [(5, "aliases stand for more than 100000 values")]
    assert not file.whole


def test_given_an_anchor_that_holds_itself_then_it_is_a_mistake_and_no_loop(tmp_path: Path) -> None:
    path = tmp_path / "loop.yaml"
    path.write_text("a: &a\n  b: *a\n")
    assert [one.line for one in read_file(path).mistakes] == [2]


def test_given_very_deep_nesting_then_it_is_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "deep.yaml"
    path.write_text("a: " + "[" * 5000 + "]" * 5000)
    assert f"nested deeper than {MOST_DEPTH} levels" in read_file(path).mistakes[0].message


def test_given_a_byte_order_mark_and_windows_lines_then_the_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "windows.yaml"
    path.write_bytes(b"\xef\xbb\xbf# Notice\r\na: 1\r\nb: 2\r\n")
    file = read_file(path)
    assert (dict(file.top), file.notice, file.mistakes) == ({"a": "1", "b": "2"}, "Notice", ())


def test_given_an_unclosed_quote_then_the_hint_says_where_it_began(tmp_path: Path) -> None:
    path = tmp_path / "quote.yaml"
    path.write_text("a: 1\nb: 'x\nc: 2\nd: 3\n")
    (mistake,) = read_file(path).mistakes
    assert mistake.hint == "while scanning a quoted scalar, begun on line 2"


def test_given_a_file_that_cannot_be_read_then_that_is_the_mistake(tmp_path: Path) -> None:
    assert "cannot be read" in read_file(tmp_path / "none.yaml").mistakes[0].message


def test_given_sections_then_they_are_written_one_key_a_line_and_read_back(tmp_path: Path) -> None:
    path = tmp_path / "out.yaml"
    write_file(
        path, {"s": {"k": {"name": Flow(en="A: b", sw="Ä"), "list": ("x", "y"), "port": "no"}}}, ["Notice", "more"]
    )
    assert path.read_text(encoding="utf-8") == (
        "# Notice\n# more\ns:\n  k:\n    name: {en: 'A: b', sw: Ä}\n    list: [x, y]\n    port: 'no'\n"
    )
    assert read_file(path).top == {"s": {"k": {"name": {"en": "A: b", "sw": "Ä"}, "list": ["x", "y"], "port": "no"}}}
