"""What the cells of a device's row in a spreadsheet mean: how it is asked, logged in to, heard and probed."""

from typing import Any

from inventory.addresses import is_loopback
from inventory.csv_table import Row

PENDING = "pending"  # credential of a community that has no name yet
_VERSIONS = {"1": "1", "v1": "1", "2": "2c", "2c": "2c", "v2": "2c", "v2c": "2c", "3": "3", "v3": "3"}


def snmp_of(row: Row) -> dict[str, str]:
    """As it would stand in the YAML files. ValueError: a community where it cannot be used."""
    written = row.get("version", "2c")
    snmp = {"version": _VERSIONS.get(written.lower(), written), "port": row.get("port", "161")}
    if row.get("community") and row.get("credential"):
        raise ValueError("community and credential: one of them says how to ask")
    if row.get("community") and snmp["version"] == "3":
        raise ValueError("SNMPv3 has no community: name a user of secrets.toml in column credential")
    if row.get("community"):
        snmp["credential"] = PENDING
    elif row.get("credential"):
        snmp["credential"] = row.get("credential")
    return snmp


def ssh_of(row: Row) -> dict[str, str] | None:
    """As it would stand in the YAML files; None: never logged in to."""
    cells = {"platform": row.get("platform"), "credential": row.get("ssh_credential"), "port": row.get("ssh_port")}
    said = {key: cell for key, cell in cells.items() if cell}
    if said and "platform" not in said:
        raise ValueError("ssh_credential and ssh_port go with a platform")
    if said:
        said["platform"] = said["platform"].lower()
    return said or None


def sources_of(row: Row) -> list[str]:
    """Addresses, blanks between them."""
    return row.get("sources").split()


def probes_of(row: Row) -> list[Any]:
    """Cells like 'icmp snmp tcp:443'; on loopback, where the kernel answers every ping, SNMP alone."""
    words = row.get("probes").lower().split()
    if not words:
        return ["snmp"] if is_loopback(row.get("address")) else ["icmp", "snmp"]
    pairs = (word.partition(":") for word in words)
    return [{"method": method, "port": port} if port else method for method, _, port in pairs]
