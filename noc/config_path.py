"""Where the configuration and the data are, found with the standard library alone: status commands start with this."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path

DEMO = Path("demo/noc.toml")  # what `make run` writes
SYSTEM_WIDE = Path("/etc/govnet-noc/noc.toml")
DATA_DIR = "data"  # the setting's default, relative to the file


class NoConfigError(Exception):
    """No configuration where one was looked for, or one that is no TOML; the text says what to do."""


def find_config(given: Path | None, environ: Mapping[str, str] | None = None, here: Path | None = None) -> Path:
    """`-c`, else $NOC_CONFIG, ./noc.toml, the system-wide one, what `make run` wrote. What was named must be there."""
    environ = os.environ if environ is None else environ
    named = given or (Path(environ["NOC_CONFIG"]) if environ.get("NOC_CONFIG") else None)
    if named is not None:
        if named.is_file():
            return named
        raise NoConfigError(f"{named}: no such file; 'noc init DIR' writes a configuration")
    for place in ((here or Path()) / "noc.toml", SYSTEM_WIDE, (here or Path()) / DEMO):
        if place.is_file():
            return place
    raise NoConfigError(
        f"no configuration: neither ./noc.toml nor {SYSTEM_WIDE} is there; name one with -c, or write one with 'noc init DIR'"
    )


def data_dir(config: Path) -> Path:
    """The directory of metrics.db. Reads that one setting; 'noc check' judges the rest."""
    try:
        settings = tomllib.loads(config.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise NoConfigError(f"{config}: {error}") from error
    section = settings.get("data")
    named = section.get("dir") if isinstance(section, dict) else None
    return config.resolve().parent / (named if isinstance(named, str) else DATA_DIR)
