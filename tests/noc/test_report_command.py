"""`noc report` as people use it: every format, verified; one slot, one interval, one figure changed, and it is named."""

import csv
import io
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from dashboards.reports.pdf import NoPdf, pdf
from inventory.batch import Batch
from noc.cli.main import main
from tests.noc.reported import DAY, HOUR, MINUTE, RATES, START, Reported

SITE, LINK = "lga-chamwino", "core-dar-dod-1"
MONTH = "2026-02"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Reported:
    """A month with a fault of 43 minutes, two hours of planned work, an hour of a link, two days of slots."""
    stage = Reported(tmp_path_factory.mktemp("month"))
    fault, cut = stage.fault("site", SITE, 5 * DAY, 43 * MINUTE), stage.fault("link", LINK, 6 * DAY, HOUR)
    stage.write([*stage.watched(), *fault, *cut, *stage.traffic()])
    stage.window(f"key={SITE}", 9 * DAY, 2 * HOUR)
    return stage


@pytest.fixture
def stage(kept: Reported, tmp_path: Path) -> Iterator[Reported]:
    """The same, to be changed: what is changed is put back."""
    files = [*kept.config.data.dir.iterdir(), kept.config.inventory.path / "sites.yaml"]
    before = {file: file.read_bytes() for file in files if file.is_file()}
    yield kept
    for file in kept.config.data.dir.iterdir():
        if file not in before:
            file.unlink()
    for file, octets in before.items():
        file.write_bytes(octets)


def noc(stage: Reported, *words: str, code: int = 0) -> Result:
    done = CliRunner().invoke(main, [*stage.command, *words])
    assert done.exit_code == code, done.output
    return done


def made(stage: Reported, report: str, form: str, *words: str) -> Path:
    path = stage.home / f"{report}.{form}"
    noc(stage, "report", report, "--month", MONTH, "-o", str(path), *words)
    return path


def differing(stage: Reported, path: Path) -> str:
    return noc(stage, "report", "verify", str(path), code=1).stdout


@pytest.mark.parametrize("report", ["sla", "capacity", "iru"])
@pytest.mark.parametrize("form", ["html", "json", "csv"])
def test_given_a_report_then_it_is_verified(kept: Reported, report: str, form: str) -> None:
    path = made(kept, report, form)
    assert "verified: every figure" in noc(kept, "report", "verify", str(path)).stdout


def test_rule_30_given_the_worked_month_then_the_command_says_what_was_worked(kept: Reported) -> None:
    content = json.loads(made(kept, "sla", "json").read_text())
    (row,) = (each for each in content["figures"] if (each["kind"], each["key"]) == ("site", SITE))
    assert (row["agreed_s"], row["down_s"], row["planned_s"]) == (670 * HOUR, 43 * MINUTE, 2 * HOUR)
    assert row["availability"] == 0.99893
    assert content["period"]["from"] == "2026-01-31T21:00:00Z"


@pytest.mark.parametrize("report", ["sla", "iru"])
def test_given_one_institution_then_its_report_is_of_it_alone_and_verified(kept: Reported, report: str) -> None:
    for form in ("html", "csv"):
        path = made(kept, report, form, "--institution", SITE, "--lang", "sw")
        assert "verified" in noc(kept, "report", "verify", str(path)).stdout
    content = json.loads(made(kept, "sla", "json", "--institution", SITE).read_text())
    assert {row["kind"] for row in content["figures"]} == {"institution", "site", "link"}


def test_given_one_slot_changed_in_the_store_then_it_is_named_with_its_day(stage: Reported) -> None:
    paths = [made(stage, "capacity", form) for form in ("html", "json", "csv")]
    links = tuple(stage.inventory.links)
    rates = np.array([[link.in_bps, link.out_bps] for link in stage.inventory.links.values()], dtype=np.float64).T
    values = rates * (0.5 + 0.4 * np.sin(300 / 46) * np.array([[1.0], [0.5]]))
    values[0, links.index(LINK)] += 7
    stage.write([Batch("link", "", START + 300 * 300, links, RATES, values)])
    page, data, table = (differing(stage, path) for path in paths)
    assert f"slots link {LINK} in on 2026-02-02" in page
    assert f"slots link {LINK} in on 2026-02-02" in data
    assert f"slots link {LINK} out" not in data
    assert "sha256-inputs" in table


def test_given_one_interval_changed_in_the_store_then_it_is_named(stage: Reported) -> None:
    paths = [made(stage, "sla", form) for form in ("html", "json", "csv")]
    stage.write(stage.fault("site", SITE, 12 * DAY, 10 * MINUTE))
    page, data, table = (differing(stage, path) for path in paths)
    assert f"time of site {SITE} 2026-02-12T21:00:00Z down" in data
    assert f"site {SITE} availability" in page
    assert f"site {SITE} down_s: the report says 2580, it is 3180" in table


def test_given_planned_work_entered_after_a_fault_then_it_changes_nothing(stage: Reported) -> None:
    path = made(stage, "sla", "json")
    stage.window(f"key={SITE}", 5 * DAY, HOUR, created=5 * DAY + HOUR)
    assert "verified" in noc(stage, "report", "verify", str(path)).stdout


def test_given_a_figure_changed_in_json_then_it_is_named(kept: Reported) -> None:
    path = made(kept, "sla", "json")
    content = json.loads(path.read_text())
    row = next(each for each in content["figures"] if (each["kind"], each["key"]) == ("provider", "ttcl"))
    row["availability"] = 1.0
    path.write_text(json.dumps(content))
    said = differing(kept, path)
    assert "sha256 result" in said
    assert "provider ttcl availability: the report says 1.000000, it is 0.9999" in said


def test_given_a_figure_changed_in_json_and_its_digest_with_it_then_it_is_named(kept: Reported) -> None:
    from dashboards.reports.document import digests

    path = made(kept, "capacity", "json")
    content = json.loads(path.read_text())
    row = next(each for each in content["figures"] if each["kind"] == "contract")
    row["p95_bps"] -= 1
    content["sha256"] = digests(content)
    path.write_text(json.dumps(content))
    assert re.search(r"contract \S+ in p95_bps: the report says \d+, it is \d+", differing(kept, path))


def test_given_a_figure_changed_on_the_page_alone_then_it_is_named(kept: Reported) -> None:
    path = made(kept, "sla", "html")
    text = path.read_text()
    assert text.count("99.893 %") >= 2
    path.write_text(text.replace("99.893 %", "99.983 %", 1))
    assert f"{SITE} availability: the report says 99.983 %, it is 99.893 %" in differing(kept, path)


def test_given_a_sentence_changed_on_the_page_then_its_line_is_named(kept: Reported) -> None:
    path = made(kept, "sla", "html")
    path.write_text(path.read_text().replace("Downtime begins", "Downtime never begins", 1))
    assert re.search(r"line \d+ of the page", differing(kept, path))


def test_given_a_cell_changed_in_csv_then_it_is_named(kept: Reported) -> None:
    path = made(kept, "iru", "csv")
    text = path.read_text()
    path.write_text(text.replace(",775000000,", ",776000000,", 1), newline="")
    assert re.search(
        r"contract \S+ in delivered_bps: the report says 776000000, it is 775000000", differing(kept, path)
    )


def test_given_times_on_a_page_then_their_column_says_what_they_are_and_lines_are_not_faint(kept: Reported) -> None:
    for language, unit in (("en", "h:min:s"), ("sw", "saa:dk:sek")):
        page = noc(kept, "report", "capacity", "--month", MONTH, "--lang", language).stdout
        assert f"<small>{unit}</small>" in page and "stroke-width:2.5px!important" in page


@pytest.mark.parametrize("form", ["html", "json", "csv"])
def test_given_a_report_of_what_is_held_made_before_the_month_was_closed_then_it_still_holds(
    stage: Reported, form: str
) -> None:
    path = made(stage, "iru", form)
    time.sleep(1.1)  # the second is said
    noc(stage, "report", "close", "--month", MONTH)
    assert "verified" in noc(stage, "report", "verify", str(path)).stdout
    path.write_text(path.read_text().replace("775000000", "776000000", 1), newline="")
    assert "delivered_bps" in differing(stage, path) or "sha256" in differing(stage, path)


def test_given_a_line_taken_out_of_csv_then_it_is_named(kept: Reported) -> None:
    path = made(kept, "sla", "csv")
    lines = path.read_text().splitlines()
    path.write_text("\r\n".join(line for line in lines if f",site,{SITE}," not in line) + "\r\n", newline="")
    assert f"site {SITE}: the report says nothing, it is there" in differing(kept, path)


def test_given_a_closed_month_then_its_figures_stay_and_what_changed_since_is_named(stage: Reported) -> None:
    before = made(stage, "sla", "json")
    said = noc(stage, "report", "close", "--month", MONTH, "--as", "asha").stdout
    assert [line.split()[0] for line in said.splitlines()] == ["sla", "capacity", "iru"]
    assert "closed already" in noc(stage, "report", "close", "--month", MONTH, code=2).stderr
    assert "verified" in noc(stage, "report", "verify", str(before)).stdout
    stage.write(stage.fault("site", SITE, 12 * DAY, 10 * MINUTE))
    after = made(stage, "sla", "html")
    assert "Closed on" in after.read_text()
    content = json.loads(made(stage, "sla", "json").read_text())
    (row,) = (each for each in content["figures"] if (each["kind"], each["key"]) == ("site", SITE))
    assert row["down_s"] == 43 * MINUTE, "as it was when it was closed"
    told = differing(stage, after)
    assert f"site {SITE} down_s, computed again: the report says 2580, it is 3180" in told


@pytest.mark.parametrize(
    ("report", "file", "was", "now"),
    [
        ("sla", "sites.yaml", "Chamwino District Council", "Chamwino Council"),
        ("sla", "links.yaml", "provider: ega", "provider: ttcl"),
        ("capacity", "links.yaml", "in_bps: 2M", "in_bps: 3M"),
    ],
)
def test_given_a_closed_month_and_another_inventory_since_then_the_report_holds(
    stage: Reported, report: str, file: str, was: str, now: str
) -> None:
    noc(stage, "report", "close", "--month", MONTH)
    path = made(stage, report, "html")
    changed = stage.config.inventory.path / file
    before = changed.read_text()
    assert was in before
    changed.write_text(before.replace(was, now))
    try:
        assert "verified" in noc(stage, "report", "verify", str(path)).stdout
    finally:
        changed.write_text(before)


def test_given_another_day_of_closing_on_the_page_then_it_is_named(stage: Reported) -> None:
    noc(stage, "report", "close", "--month", MONTH)
    path = made(stage, "sla", "html")
    path.write_text(re.sub(r'"frozen_at":"\d{4}', '"frozen_at":"2025', path.read_text()))
    assert "frozen_at: the report says 2025" in differing(stage, path)


def test_given_a_hostile_name_then_it_is_data_in_every_format(stage: Reported) -> None:
    hostile = "</script><script>alert(1)</script>&amp;=cmd"
    sites = stage.config.inventory.path / "sites.yaml"
    text = sites.read_text()
    assert "en: Chamwino District Council" in text
    sites.write_text(
        text.replace("en: Chamwino District Council", f"en: '{hostile}'").replace(
            "en: Liwale District Council", 'en: "=1+2 @x"'
        )
    )
    page = made(stage, "sla", "html")
    assert "<script>alert" not in page.read_text()
    assert page.read_text().count("<script") == 1
    assert "verified" in noc(stage, "report", "verify", str(page)).stdout
    table = made(stage, "sla", "csv")
    rows = list(csv.DictReader(io.StringIO(table.read_text())))
    assert {row["name"] for row in rows if (row["kind"], row["key"]) == ("site", "lga-liwale")} == {"'=1+2 @x"}
    assert all(not cell or cell[0] not in "=+@\t" for row in rows for cell in row.values())
    assert "verified" in noc(stage, "report", "verify", str(table)).stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("sla", "--month", "2026-13"), "is no month, as 2026-10"),
        (("sla", "--month", "2099-01"), "2099-01 is still to come"),
        (("sla", "--month", "2019-01"), "no states were kept of 2019-01; the first are of 2026-01"),
        (("capacity", "--month", "2019-01"), "no five-minute slots were kept of 2019-01"),
        (("iru", "--month", "2011-01"), "no contract of capacity runs in 2011-01"),
        (("sla", "--month", MONTH, "--institution", "lga-chamwin"), "did you mean 'lga-chamwino'?"),
        (("close", "--month", "2099-01"), "2099-01 is not over"),
        (("close", "--month", "2011-01"), "there is nothing to close of 2011-01"),
        (("verify", "nowhere.html"), "No such file"),
    ],
)
def test_given_bad_input_then_one_line_says_what_and_nothing_is_written(
    kept: Reported, tmp_path: Path, words: tuple[str, ...], says: str
) -> None:
    place = tmp_path / "report.html"
    more = ("-o", str(place)) if words[0] in ("sla", "capacity", "iru") else ()
    done = noc(kept, "report", *words, *more, code=2)
    assert says in done.stderr
    assert "Traceback" not in done.output
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"%PDF-1.7",
        b"\xff\xfe",
        b"{",
        b"[" * 100_000,
        b"{}",
        b'{"report": "sla", "month": "2026-02", "figures": [NaN]}',
        b'<script type="application/json" id="report-data">' + b'{"a":' * 5000,
        b"report,month,for_institution,until,closed,known\r\n",
        b"report,month,for_institution,until,closed,known\r\nsla,2026-02,,2026-03-28T21:00:00Z,true,\r\n",
        json.dumps({"report": "sla", "month": "2026-02", "institution": None, "figures": [1]}).encode(),
    ],
)
def test_given_a_file_that_is_no_report_then_one_line_says_so(kept: Reported, tmp_path: Path, octets: bytes) -> None:
    path = tmp_path / "what"
    path.write_bytes(octets)
    done = noc(kept, "report", "verify", str(path), code=2)
    assert len(done.stderr.strip().splitlines()) == 1


def test_given_a_report_full_of_nonsense_then_it_is_not_verified_and_nothing_breaks(kept: Reported) -> None:
    path = made(kept, "sla", "json")
    content: dict[str, Any] = json.loads(path.read_text())
    content["figures"] = [{"kind": ["site"], "key": None, "down_s": {"a": 1}}]
    content["spans"] = 7
    content["inputs"] = {"states": {"site x": [1]}, "more": {}}
    path.write_text(json.dumps(content))
    assert "NOT verified" in differing(kept, path)


def test_given_pdf_then_it_is_one(kept: Reported) -> None:
    try:
        pdf("<p>one page</p>")
    except NoPdf as error:
        pytest.skip(str(error))
    assert made(kept, "iru", "pdf", "--institution", SITE).read_bytes().startswith(b"%PDF")


def test_given_a_page_of_another_version_then_its_figures_are_compared_and_that_is_said(kept: Reported) -> None:
    path = made(kept, "sla", "html")
    text = path.read_text().replace('"version":"', '"version":"9.').replace("GovNet NOC 0", "GovNet NOC 9.0")
    path.write_text(text.replace("Downtime begins", "Downtime starts"))
    done = noc(kept, "report", "verify", str(path))
    assert "made by version 9." in done.stderr
    path.write_text(text.replace("99.893 %", "99.983 %"))
    assert "availability: the report says 99.983 %" in differing(kept, path)
