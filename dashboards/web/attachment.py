"""Answers that a browser keeps as a file of their own."""

from fastapi.responses import Response


def spreadsheet(text: str, name: str) -> Response:
    """CSV as NAME.csv; led by the mark by which spreadsheets know UTF-8."""
    headers = {"content-disposition": f'attachment; filename="{name}.csv"'}
    return Response("\ufeff" + text, media_type="text/csv; charset=utf-8", headers=headers)
