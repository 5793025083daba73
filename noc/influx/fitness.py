"""What `noc check` says of [influxdb] before anything is sent: what cannot work, and who could listen."""

from collections.abc import Iterator

from inventory.mistakes import Mistake
from inventory.secrets import Secrets
from noc.config import Config
from noc.influx.access import Access, access_of, in_the_open


def check_influxdb(config: Config, secrets: Secrets) -> tuple[Mistake, ...]:
    """Warnings; no secret is part of them."""
    return tuple(
        Mistake(str(config.secrets.file), 0, message, hint) for message, hint in _wrong(config, access_of(secrets))
    )


def _wrong(config: Config, access: Access) -> Iterator[tuple[str, str]]:
    section = config.influxdb
    if not section.url:
        if config.store.history == "influxdb":
            yield '[store] history is "influxdb" and [influxdb] url is empty: nothing older is read', ""
        return
    if not section.bucket.partition("/")[0]:
        yield "[influxdb] bucket is empty: no server takes that", 'write bucket = "noc"'
    if access.word and in_the_open(section.url):
        yield f"[influxdb] url is not https: everybody on the way reads the {access.word}", "write https://"
    if access.token and access.user:
        yield "[influxdb] has a token and a user: the token is shown to the server, the user never", ""
    if (access.user is None) != (access.password is None):
        yield "[influxdb] has a user or a password, and not both", ""
