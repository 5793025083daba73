"""Which configuration file is meant: the one said, else $NOC_CONFIG, ./noc.toml, /etc/govnet-noc/noc.toml.

Standard library only: the quick status commands ask here too.
"""

from collections.abc import Mapping
from pathlib import Path

SYSTEM_FILE = Path("/etc/govnet-noc/noc.toml")


def config_file(said: Path | None, environment: Mapping[str, str], home: Path = Path()) -> Path:
    """The file to read; where there is none anywhere, the one that should be in `home`."""
    if said is not None:
        return said
    if environment.get("NOC_CONFIG"):
        return Path(environment["NOC_CONFIG"])
    local = home / "noc.toml"
    return SYSTEM_FILE if SYSTEM_FILE.exists() and not local.exists() else local
