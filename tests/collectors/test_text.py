"""Bytes of devices become safe text."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.text import text, text_or_none


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        (b"ge-0/0/1", "ge-0/0/1"),
        (b"DCI: to LAU-DC01\n20 67", "DCI: to LAU-DC01 20 67"),
        (b"eth0\0\0\0", "eth0"),
        ("上联".encode(), "上联"),
        (b"caf\xe9", "caf\\xe9"),
        (b'"quoted", and so on', '"quoted", and so on'),
        (b"\r\n \t", ""),
        ("rtl\u202eover".encode(), "rtl over"),
        (b"", ""),
        (None, ""),
        ("1.3.6.1", "1.3.6.1"),
    ],
)
def test_rule_40_bytes_of_every_kind_become_one_line(sent: bytes | str | None, shown: str) -> None:
    assert text(sent) == shown


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=64))
def test_rule_40_any_bytes_survive_csv_and_a_log_line(sent: bytes) -> None:
    shown = text(sent)
    file = io.StringIO()
    csv.writer(file).writerow(["before", shown, "after"])
    assert next(csv.reader(io.StringIO(file.getvalue()))) == ["before", shown, "after"]
    assert len(shown.splitlines()) <= 1
    assert "\0" not in shown
    shown.encode("utf-8")


def test_an_object_that_is_not_there_is_none_and_no_empty_text() -> None:
    assert text_or_none(None) is None
    assert text_or_none(b"") == ""
