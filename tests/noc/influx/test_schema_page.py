"""docs/influxdb.md cannot lie about measurements, tags, fields and types."""

import re
from pathlib import Path

from alerts.rules.measurements import MEASUREMENTS
from inventory.quantities import QUANTITIES
from noc.influx.fields import TAGS, TYPES, tag_keys

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "influxdb.md").read_text()


def test_given_the_measurements_then_the_page_names_each_with_its_tags_and_known_fields() -> None:
    told = dict(re.findall(r"^\| `(\w+)` \| ((?:`\w+`(?:, )?)+ \| .*) \|$", PAGE, re.M))
    assert sorted(set(TAGS) - set(told)) == []
    for name in TAGS:
        tags, _, fields = told[name].partition(" | ")
        assert tags == ", ".join(f"`{key}`" for key in tag_keys(name) if key), name
        listed = set(re.findall(r"`(\w+)`", fields))
        assert listed and listed <= set(TYPES), name
        if name in MEASUREMENTS:
            assert set(MEASUREMENTS[name].quantities) <= listed, name


def test_given_the_fields_then_the_page_has_the_type_of_each() -> None:
    lines = [
        f"| `{name}` | {kind} | {QUANTITIES[name].resolution:g} | {QUANTITIES[name].unit} | {QUANTITIES[name].label} |"
        for name, kind in TYPES.items()
    ]
    assert [line for line in lines if line not in PAGE] == []
