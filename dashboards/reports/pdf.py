"""The door to WeasyPrint: the page of a report as PDF, for paper and for letters. An extra, imported only where it is used."""

import logging
from typing import Any, Final

HOW: Final = "pip install 'govnet-noc[pdf]' and apt-get install libpangoft2-1.0-0 libharfbuzz-subset0"


class NoPdf(Exception):
    """WeasyPrint, or a library of the system that it needs, is not there; the text says how to get it."""


def pdf(page: str) -> bytes:
    """Nothing is fetched: whatever the page might name outside itself is refused."""
    try:
        from weasyprint import HTML
    except (ImportError, OSError) as error:  # OSError: a shared library of the system is missing
        raise NoPdf(
            f"PDF needs WeasyPrint and Pango ({str(error).splitlines()[0]}): {HOW}, or take --format html"
        ) from None
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    written: bytes = HTML(string=page, url_fetcher=_refuse).write_pdf()
    return written


def _refuse(url: str, *_: Any, **__: Any) -> Any:
    raise ValueError(f"a report fetches nothing: {url}")
