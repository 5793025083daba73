"""Addresses of devices: IPv4, IPv6 or a host name, and an anchor's address with an optional port."""

import ipaddress
import re

_LABEL = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)\Z")
_LOOKS_NUMERIC = re.compile(r"[0-9.]+\Z")


def check_address(text: str) -> str:
    """The address in its shortest form; ValueError when it is none."""
    if _LOOKS_NUMERIC.match(text) or ":" in text:
        try:
            return str(ipaddress.ip_address(text))
        except ValueError:
            raise ValueError(f"{text!r} is not an IPv4 or IPv6 address") from None
    labels = text.removesuffix(".").split(".")
    if len(text) > 253 or not all(_LABEL.match(label) for label in labels):
        raise ValueError(f"{text!r} is neither an address nor a host name")
    return text


def check_source(text: str) -> str:
    """An IPv4 or IPv6 address in its shortest form: what datagrams come from is never a name. ValueError when it is none."""
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise ValueError(f"{text!r} is not an IPv4 or IPv6 address") from None


def is_loopback(address: str) -> bool:
    """Whether what is sent there never leaves this machine."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def split_port(text: str) -> tuple[str, int | None]:
    """'10.0.0.1' -> ('10.0.0.1', None), '10.0.0.1:7' and '[2001:db8::1]:7' -> (address, 7)."""
    bracketed = re.match(r"\[(.+)\]:(\d+)\Z", text)
    plain = re.match(r"([^:]+):(\d+)\Z", text)
    found = bracketed or plain
    return (found[1], int(found[2])) if found else (text, None)


def check_anchor(text: str) -> str:
    """An address, or address:port where one address serves many."""
    address, port = split_port(text)
    if port is not None and not 0 < port < 65536:
        raise ValueError(f"port {port} of {text!r} is not in 1 to 65535")
    address = check_address(address)
    if port is None:
        return address
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
