"""Which InfluxDB server, where in it, and what is shown to it to be let in."""

import base64
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from inventory.secret import Secret
from inventory.secrets import Secrets
from noc.influx.contract import Denied

WRITE_1: Final = "/write"
WRITE_2: Final = "/api/v2/write"
TOKENS_SINCE: Final = (1, 8)  # earlier versions have no /api/v2/write


@dataclass(frozen=True, slots=True)
class Access:
    """A token, or a user with a password, or nothing."""

    token: Secret | None = None
    user: Secret | None = None
    password: Secret | None = None

    @property
    def header(self) -> dict[str, str]:
        if self.token:
            return {"Authorization": f"Token {self.token.reveal()}"}
        if self.user:
            pair = f"{self.user.reveal()}:{self.password.reveal() if self.password else ''}"
            return {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}
        return {}

    @property
    def word(self) -> str:
        return "token" if self.token else "user and password" if self.user else ""


@dataclass(frozen=True, slots=True)
class Place:
    """As in noc.toml: `bucket` is one of 2.x and 3, or a database of 1.x, perhaps with "/" and a retention policy."""

    url: str
    bucket: str = "noc"
    org: str = ""
    ca_file: str = ""  # authorities believed beside the system's

    @property
    def database(self) -> list[tuple[str, str]]:
        """As parameters of /write and /query."""
        name, _, policy = self.bucket.partition("/")
        return [("db", name), *([("rp", policy)] if policy else [])]


def access_of(secrets: Secrets) -> Access:
    """From [influxdb] in secrets.toml, from the environment or systemd's credentials."""
    return Access(*(secrets.word("influxdb", name) for name in ("token", "user", "password")))


def is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def in_the_open(url: str) -> bool:
    """Whether what is sent there, credentials too, can be read on the way."""
    return urlsplit(url).scheme == "http" and not is_loopback(url)


def numbers(version: str) -> tuple[int, ...]:
    """ "1.6.7~rc0" -> (1, 6); () where it says nothing."""
    parts = version.split(".")[:2]
    digits = ["".join(letter for letter in part if letter.isdecimal())[:6] for part in parts]
    return tuple(int(part) for part in digits if part)


def write_path(place: Place, access: Access, version: str) -> str:
    """Users and passwords are the way of 1.x, which later versions keep; tokens that of 2.x and 3. Raises Denied."""
    known = numbers(version)
    if access.token and known and known < TOKENS_SINCE:
        raise Denied(
            f"{place.url} is InfluxDB {version}, which knows no tokens; give user and password under [influxdb] "
            "of the secrets instead"
        )
    if access.token:
        return WRITE_2
    return WRITE_1 if access.user or (known and known[0] < 2) else WRITE_2


def write_query(place: Place) -> list[tuple[str, str]]:
    """Parameters of /write."""
    return [*place.database, ("precision", "s")]
