"""Styles and scripts: under names that change with their content, packed once, nothing else from that folder."""

import gzip
import json
import logging
import re
import shutil
from configparser import ConfigParser
from fnmatch import fnmatch
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.web.assets import FOLDER, KINDS, VENDORED, Assets
from dashboards.web.wallboard import PARTS
from tests.dashboards.web.visits import Visits

HOUSE = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def assets() -> Assets:
    return Assets()


def test_given_an_asset_then_it_is_kept_for_ever_and_packed_where_that_is_taken(visits: Visits, assets: Assets) -> None:
    address = assets.address("noc.css")
    plain = visits.get(address, "", headers={"accept-encoding": "identity"})
    packed = visits.get(address, "", headers={"accept-encoding": "gzip"})
    assert plain.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert plain.headers["content-type"] == "text/css; charset=utf-8"
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["vary"] == "accept-encoding"
    assert packed.content == plain.content == assets.named["noc.css"].content
    assert int(packed.headers["content-length"]) == len(assets.named["noc.css"].packed) < len(plain.content) / 2


def test_given_head_then_an_asset_is_described_and_not_sent(visits: Visits, assets: Assets) -> None:
    answer = visits.ask("HEAD", assets.address("page.js"), "", headers={"accept-encoding": "identity"})
    assert answer.content == b""
    assert int(answer.headers["content-length"]) == len(assets.named["page.js"].content)


TRICKS = ["../web/app.py", "..%2fweb%2fapp.py", "%2e%2e/web/app.py", "%00", "noc.css", "x" * 9000, "", "package.json"]


@pytest.mark.parametrize("trick", [*TRICKS, "/etc/passwd", "vendor/", ".npmrc", "noc.000000000000.css", "..\\app.py"])
def test_given_a_path_trick_then_404(visits: Visits, trick: str) -> None:
    assert visits.get(f"/static/{trick}", "").status_code == 404


def test_given_other_content_then_the_address_and_the_build_are_others(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("a {}")
    before = Assets(tmp_path)
    (tmp_path / "a.css").write_text("b {}")
    after = Assets(tmp_path)
    assert before.address("a.css") != after.address("a.css")
    assert before.build != after.build


def test_given_no_npm_then_pages_are_written_without_uplot_and_it_is_said_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.copytree(FOLDER, tmp_path / "static", ignore=shutil.ignore_patterns("vendor"))
    with caplog.at_level(logging.WARNING):
        found = Assets(tmp_path / "static")
    assert all(found.named[name].content == b"" for name in VENDORED)
    assert len(caplog.records) == 1
    assert "make vendor" in caplog.text


def test_given_a_name_that_is_a_mistake_then_it_is_none_that_is_passed_over(assets: Assets) -> None:
    with pytest.raises(KeyError):
        assets.address("nco.css")


def test_given_the_templates_then_every_asset_that_they_name_is_there(assets: Assets) -> None:
    named = {
        (path.name, name)
        for path in (HOUSE / "dashboards/templates").rglob("*.html")
        for name in re.findall(r"""["']([\w./-]+\.(?:css|js|svg|png))["'](?:\s*\|\s*asset|\) }})""", path.read_text())
    }
    assert named
    assert not [(path, name) for path, name in named if name not in assets.named]


def test_given_the_templates_then_each_is_one_that_something_renders() -> None:
    room = HOUSE / "dashboards"
    told = "\n".join(path.read_text() for kind in ("*.py", "*.html") for path in room.rglob(kind))
    names = {path.relative_to(room / "templates").as_posix() for path in (room / "templates").rglob("*.html")}
    parts = {f"wall/{part}.html" for part in PARTS}
    assert not [name for name in names - parts if f'"{name}"' not in told]


def test_given_our_files_then_nothing_in_them_is_asked_of_strangers(assets: Assets) -> None:
    for one in assets.named.values():
        if not one.name.startswith("vendor/"):
            assert not re.findall(rb"https?://(?!www\.w3\.org/)|@import|url\((?!['\"]?data:)", one.content), one.name


def test_given_comments_for_readers_then_they_are_not_sent_but_a_licence_is(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text(
        "/* for\n readers */\nlet a; /* b */\n\n/** c */\n  // d\n  a = 1; // e\n/* f */ a();\n"
    )
    (tmp_path / "b.js").write_text("/*! licence */\nlet b;")
    found = Assets(tmp_path)
    assert found.named["a.js"].content == b"let a; /* b */\na = 1; // e\n/* f */ a();"
    assert found.named["b.js"].content.startswith(b"/*! licence */")


def test_given_scripts_then_a_folder_is_one_that_says_addresses_and_changes_with_what_it_imports(
    tmp_path: Path,
) -> None:
    (tmp_path / "charts").mkdir()
    (tmp_path / "ages.js").write_text("export const now = 1, clock = 2;")
    (tmp_path / "charts/plot.js").write_text('import { now } from "../ages.js";\nexport const at = now;\n')
    (tmp_path / "charts/board.js").write_text(
        'import { clock, now } from "../ages.js";\nimport {\n  at,\n} from "./plot.js";\nat(clock, now);\n'
    )
    before = Assets(tmp_path)
    assert [name for name in before.named if name not in VENDORED] == ["ages.js", "charts.js"]
    assert before.needs("charts.js") == (before.address("ages.js"),)
    assert before.named["charts.js"].content.decode().split("\n") == [
        f'import {{ clock, now }} from "{before.address("ages.js")}";',
        "export const at = now;",
        "at(clock, now);",
    ]
    (tmp_path / "ages.js").write_text("export const now = 3, clock = 4;")
    after = Assets(tmp_path)
    assert before.address("charts.js") != after.address("charts.js")


@pytest.mark.parametrize("line", ['import { b } from "./gone.js";', 'import { b } from "./a.js";'])
def test_given_a_script_that_imports_what_is_not_there_or_itself_then_nothing_is_served(
    tmp_path: Path, line: str
) -> None:
    (tmp_path / "a.js").write_text(f"{line}\n")
    with pytest.raises((KeyError, ValueError)):
        Assets(tmp_path)


def test_given_our_scripts_then_every_import_is_one_that_a_browser_finds(assets: Assets) -> None:
    for one in assets.named.values():
        if one.name.endswith(".js") and one.name not in VENDORED:
            imports = re.findall(rb"""^.*\bimport\b.*$|["']\.{1,2}/""", one.content, re.MULTILINE)
            found = [re.fullmatch(rb'import \{[\w, ]+\} from "([\w/.]+)";', line) for line in imports]
            assert all(line and line[1].decode() in assets.at for line in found), one.name


def test_given_a_folder_of_scripts_then_no_two_parts_declare_the_same_name_and_no_text_goes_over_a_line() -> None:
    declared = re.compile(r"^(?:export )?(?:async )?(?:const|let|function|class) (\w+)", re.MULTILINE)
    folders: dict[Path, list[str]] = {}
    for path in FOLDER.rglob("*.js"):
        text = path.read_text()
        if "vendor" not in path.parts:
            assert all(line.count("`") % 2 == 0 for line in text.splitlines()), (
                path.name
            )  # lines are sent without indents
            # where parts are joined, another name is lost
            assert not re.search(r"^import \{[^}]* as ", text, re.MULTILINE), path.name
            folders.setdefault(path if path.parent == FOLDER else path.parent, []).extend(declared.findall(text))
    for folder, names in folders.items():
        assert sorted(names) == sorted(set(names)), folder.name


def test_given_the_wheel_then_it_takes_along_all_that_browsers_load_and_all_texts() -> None:
    setup = ConfigParser()
    setup.read(HOUSE / "setup.cfg")
    patterns = setup["options.package_data"]["dashboards"].split()
    room = HOUSE / "dashboards"
    loaded = [path for path in FOLDER.rglob("*") if path.suffix in KINDS]
    for path in [*loaded, *room.glob("templates/**/*.html"), *room.glob("locale/**/*.po")]:
        name = path.relative_to(room).as_posix()
        assert any(fnmatch(name, pattern) and name.count("/") == pattern.count("/") for pattern in patterns), name


def test_given_the_lockfile_then_it_says_what_package_json_asks_for_by_digest_and_names_no_server() -> None:
    asked = json.loads((FOLDER / "package.json").read_text())
    locked = json.loads((FOLDER / "package-lock.json").read_text())["packages"]
    for name, version in {**asked["dependencies"], **asked["devDependencies"]}.items():
        assert locked[f"node_modules/{name}"]["version"] == version
        assert locked[f"node_modules/{name}"]["integrity"].startswith("sha512-")
    assert "resolved" not in str(locked)


@given(st.binary(max_size=2000))
@settings(deadline=None, max_examples=30)
def test_given_any_content_then_what_is_packed_is_the_same(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    folder = tmp_path_factory.mktemp("any")
    (folder / "a.svg").write_bytes(content)
    one = Assets(folder).named["a.svg"]
    assert one.content == content
    assert not one.packed or gzip.decompress(one.packed) == content
