"""The house keeps its own rules: sizes, words, no patches, doors."""

import ast
import re
import statistics
from functools import cache
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]
ROOMS = ("noc", "collectors", "inventory", "alerts", "dashboards")
MODULES = sorted(path for room in ROOMS for path in (HOUSE / room).rglob("*.py"))
NAMES = {path.relative_to(HOUSE).as_posix(): path for path in MODULES}
NOT_USED = {"manager", "handler", "helper", "helpers", "utils", "util", "common", "misc", "base"}


@cache
def named(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    """Every function and class of a module, inner ones too; read once, asked by several tests."""
    tree = ast.walk(ast.parse(path.read_text()))
    return [node for node in tree if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)]


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in named(path) if not isinstance(node, ast.ClassDef)]


def lines_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of the body without its docstring: that is documentation, not length."""
    first = node.body[0]
    documented = (
        isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    )
    docstring = (first.end_lineno or 0) - first.lineno + 1 if documented else 0
    return (node.end_lineno or 0) - node.body[0].lineno + 1 - docstring


@pytest.mark.parametrize("name", NAMES)
def test_given_a_module_then_it_is_small_and_says_what_it_is(name: str) -> None:
    text = NAMES[name].read_text()
    assert text.count("\n") <= 400, f"{name} has more than 400 lines"
    if text.strip():
        assert ast.get_docstring(ast.parse(text)), f"{name} opens with no sentence"
    long = [
        f"{f.name} ({f.end_lineno - f.lineno + 1})" for f in functions(NAMES[name]) if f.end_lineno - f.lineno >= 50
    ]
    assert not long, f"{name}: functions over 50 lines: {long}"
    many = [
        f.name
        for f in functions(NAMES[name])
        if len([a for a in f.args.posonlyargs + f.args.args if a.arg not in ("self", "cls")]) > 5
    ]
    assert not many or "/cli/" in name, f"{name}: over 5 positional arguments: {many}"


def test_given_all_functions_then_their_median_is_short() -> None:
    assert statistics.median(lines_of(f) for path in MODULES for f in functions(path)) <= 8


@pytest.mark.parametrize("name", NAMES)
def test_given_a_module_then_no_word_is_one_we_do_not_use(name: str) -> None:
    names = [node.name for node in named(NAMES[name])]
    words = {word.lower() for each in [*names, Path(name).stem] for word in re.findall(r"[A-Z]?[a-z]+", each)}
    assert not words & NOT_USED, f"{name}: {words & NOT_USED}"


@pytest.mark.parametrize("name", NAMES)
def test_given_a_module_then_nothing_is_left_undone(name: str) -> None:
    assert not re.search(r"\b(TODO|FIXME|XXX|NotImplementedError)\b", NAMES[name].read_text())


def test_given_the_tests_then_nothing_is_patched() -> None:
    this = Path(__file__).resolve()
    patched = re.compile(r"mock\.patch|monkeypatch[.]setattr|Magic[M]ock")
    assert not [p.name for p in (HOUSE / "tests").rglob("*.py") if p != this and patched.search(p.read_text())]


def test_given_the_rooms_then_their_packages_import_nothing() -> None:
    assert not [p for p in MODULES if p.name == "__init__.py" and p.read_text().strip()]


def test_given_the_tree_then_no_file_names_a_path_of_one_machine() -> None:
    home = str(HOUSE.parent) + "/"
    kinds = {".py", ".md", ".toml", ".yaml", ".cfg", ".service"}
    hidden = {".venv", "demo", "build", ".hypothesis"}
    files = [
        p
        for p in HOUSE.rglob("*")
        if p.suffix in kinds and not hidden & set(p.relative_to(HOUSE).parts) and p.is_file()
    ]
    assert not [p for p in files if len(home) > 3 and home in p.read_text(errors="replace")]
