"""What a server's answer other than yes means, and what a person can do about it."""

import json
import re
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Final

from noc.influx.access import Access, Place
from noc.influx.contract import Denied, InfluxError, Refused, Unreachable

LONGEST_WAIT_S: Final = 3600.0  # Retry-After is obeyed up to this
NEVER: Final = frozenset({400, 413, 422})  # statuses of lines that will never be taken, or not so many at once
AGAIN: Final = frozenset({0, 408, 425, 429})  # and all from 500 up
_SHOWN: Final = 300  # letters of what a server says
_LACKING = re.compile(r"(database|retention policy|bucket|organization name) .{0,200}not found|not found: ", re.I)
_DROPPED = re.compile(r"^partial write: .*\bdropped=(\d{1,9})$")  # 1.x and 2.x
_FORBIDDEN = re.compile(r"not authorized|authorization failed|unable to parse authentication", re.I)


def refusal(
    place: Place, access: Access, path: str, status: int, said: tuple[str, Mapping[str, str]], *, now: float
) -> InfluxError:
    """`said` is the answer's text and headers; `now` is UTC seconds, for a Retry-After that is a date."""
    body, headers = said
    text = message(body)
    where, quoted = f"{place.url}{path}", f" ({text})" if text else ""
    if _LACKING.search(text):
        return Denied(f"{where}: {text}; {_advice(404, place, access)}")
    if status in NEVER:
        counted = _DROPPED.search(text)
        return Refused(f"{where} refuses this{quoted}", int(counted[1]) if counted else 0)
    if status in AGAIN or status >= 500:
        return Unreachable(f"{where} answers {status}{quoted}", after_s(headers.get("Retry-After", ""), now))
    if 300 <= status < 400:
        return Denied(f"{where} points elsewhere; set [influxdb] url to {headers.get('Location', 'it')[:_SHOWN]}")
    return Denied(f"{where} answers {status}{quoted}; {_advice(status, place, access)}")


def query_error(place: Place, text: str) -> InfluxError:
    """An answer of status 200 that holds an error."""
    shown = _shown(text)
    if _LACKING.search(shown):
        return Denied(f"{place.url}/query: {shown}; {_advice(404, place, Access())}")
    return (Denied if _FORBIDDEN.search(shown) else Refused)(f"{place.url}/query: {shown}")


def lacks_database(error: InfluxError) -> bool:
    return "database not found" in str(error)


def message(body: str) -> str:
    """The words in an answer: of its JSON where there is some."""
    try:
        said = json.loads(body)
    except ValueError:
        return _shown(body)
    if isinstance(said, dict):
        for key in ("error", "message"):
            if isinstance(said.get(key), str):
                return _shown(said[key])
    return _shown(body)


def after_s(written: str, now: float) -> float | None:
    """Retry-After: seconds, or an HTTP date (RFC 9110, 10.2.3); None where it is neither."""
    written = written.strip()
    if re.fullmatch(r"\d{1,9}", written):
        return min(float(written), LONGEST_WAIT_S)
    try:
        then = parsedate_to_datetime(written)
    except ValueError:
        return None
    then = then if then.tzinfo else then.replace(tzinfo=UTC)
    return min(max(0.0, then.timestamp() - now), LONGEST_WAIT_S)


def _advice(status: int, place: Place, access: Access) -> str:
    if status == 401 and access.word:
        return f"the {access.word} under [influxdb] of the secrets is not accepted"
    if status == 401:
        return "it wants a token, or user and password, under [influxdb] of the secrets"
    if status == 403:
        return f"these credentials may not do this in {place.bucket!r}"
    if status == 404:
        return f"is {place.bucket!r} the right [influxdb] bucket, and is the url right?"
    return "is [influxdb] url that of an InfluxDB?"


def _shown(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text[: _SHOWN + 1]).strip()[:_SHOWN]
