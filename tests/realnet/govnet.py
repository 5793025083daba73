"""The real routers as our own inventory, configuration and secrets: what a NOC would write about them."""

import ipaddress
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

Lab = Mapping[str, Any]  # what `realnet.py inventory` says

ATTACHED_TO = "dar"  # the poller's own cable ends there, on noc0
ROLES = {"core": "core", "upstream": "edge", "pe": "regional", "cpe": "cpe"}
SITES = {"core": "core", "upstream": "upstream", "pe": "regional", "cpe": "lga"}
LINKS = {"submarine": "upstream", "ixp": "upstream", "access": "access"}
CIRCUITS = {"submarine": "iru", "ixp": "exchange", "backbone": "own", "access": "leased"}
OWN_BPS = 1_000_000_000  # of links that nothing shapes
V3 = {"version": "3", "credential": "routers", "traps": "default"}
TWINS = {  # one box asked once more, at its address on the access line, in a way that must fail (or not) by name
    "cpe006-community": {"version": "2c", "credential": "default"},
    "cpe005-wrong-community": {"version": "2c", "credential": "wrong"},
    "cpe004-wrong-user": {"version": "3", "credential": "wrong-user"},
    "cpe003-wrong-key": {"version": "3", "credential": "wrong-key"},
    "cpe002-wrong-privacy": {"version": "3", "credential": "wrong-privacy"},
}

REFUSED = {  # how our own mistakes look; wrong community and wrong privacy key meet silence, yet the router lives
    "cpe006-community": "up",
    "cpe005-wrong-community": "up agent-silent",
    "cpe004-wrong-user": "up credentials-refused",
    "cpe003-wrong-key": "up credentials-refused",
    "cpe002-wrong-privacy": "up agent-silent",
}


def write_home(home: Path, lab: Lab, **poll: float) -> Path:
    """noc.toml, secrets.toml and the inventory under `home`; gives the path of noc.toml. `poll`: its settings."""
    (home / "inventory").mkdir(parents=True)
    # JSON is YAML, and nobody reads this file
    (home / "inventory" / "lab.yaml").write_text(json.dumps(inventory(lab), indent=1))
    secrets = home / "secrets.toml"
    secrets.touch(0o600)
    secrets.write_text(secrets_text(lab))
    config = home / "noc.toml"
    config.write_text(config_text(poll))
    return config


def config_text(poll: Mapping[str, float]) -> str:
    settings = "".join(f"{name} = {value}\n" for name, value in poll.items())
    poller = f'[poller]\nattached_to = "{ATTACHED_TO}"\ngateway = "{ATTACHED_TO}"\n'
    return f'{poller}\n[notices]\ntraps = "0.0.0.0:162"\nsyslog = "0.0.0.0:514"\n\n[poll]\n{settings}'


def secrets_text(lab: Lab) -> str:
    cred = lab["cred"]
    right = {
        "user": cred["v3_user"],
        "auth": "SHA-1",
        "auth_password": cred["v3_auth_pass"],
        "priv": "AES-128",
        "priv_password": cred["v3_priv_pass"],
    }
    users = {
        "routers": right,
        "wrong-user": right | {"user": "nobody"},
        "wrong-key": right | {"auth_password": "not-the-password"},
        "wrong-privacy": right | {"priv_password": "not-the-password"},
    }
    text = f'[snmp]\ndefault = "{cred["community"]}"\nwrong = "not-the-community"\n'
    for name, user in users.items():
        text += f"\n[snmp.{name}]\n" + _lines(user)
    return text + "\n[ssh.default]\n" + _lines({"user": cred["ssh_user"], "password": cred["ssh_pass"]})


def _lines(table: Mapping[str, str]) -> str:
    return "".join(f"{name} = {json.dumps(value)}\n" for name, value in table.items())


def inventory(lab: Lab) -> dict[str, Any]:
    routers = lab["routers"]
    links = dict(map(_link, lab["links"]))
    providers = {link["provider"] for link in links.values()}
    return {
        "regions": {name: {"name": name} for name in sorted({_region(lab, name) for name in routers})},
        "sites": {
            name: {"name": name, "kind": SITES[one["role"]], "region": _region(lab, name)}
            for name, one in routers.items()
        }
        | {"noc": {"name": "NOC", "kind": "noc", "region": "core"}},
        "devices": {name: _device(one) for name, one in routers.items()} | dict(_twins(lab)),
        "links": links,
        "providers": {name: {"name": name} for name in sorted(providers)},
        "circuits": dict(_circuit(lab, link) for link in lab["links"]),
    }


def _region(lab: Lab, name: str) -> str:
    """A site's region is its regional router's; the cores and those beyond them stand in a region of their own."""
    one = lab["routers"][name]
    return f"pe{one['area']}" if one["role"] in ("pe", "cpe") else "core"


def _device(router: Lab) -> dict[str, Any]:
    """In band, where the way to it can break; only upstreams, of whose loopbacks no route speaks, over management."""
    inband = router["role"] != "upstream"
    address, other = (router["loopback"], router["mgmt"]) if inband else (router["mgmt"], router["loopback"])
    return {
        "site": router["name"],
        "address": address,
        "role": ROLES[router["role"]],
        "snmp": V3,
        "ssh": {"platform": "frr"},
        "probes": ["icmp", "snmp"],
        "sources": [other],
    }


def _twins(lab: Lab) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, snmp in TWINS.items():
        router = lab["routers"][name.partition("-")[0]]
        [address] = [one["addr"].split("/")[0] for one in router["ifs"] if one["name"] == "wan0"]
        yield name, {"site": "noc", "address": address, "snmp": snmp, "probes": ["icmp", "snmp"]}


def link_key(link: Lab) -> str:
    return f"{link['a'][0]}-{link['b'][0]}"


def _link(link: Lab) -> tuple[str, dict[str, Any]]:
    key, rate = link_key(link), int(link["bps"] or OWN_BPS)
    cores = link["kind"] == "backbone" and link["b"][0] == "dod"
    return key, {
        "a": ":".join(link["a"]),
        "b": ":".join(link["b"]),
        "role": "core" if cores else LINKS.get(link["kind"], "ring"),
        "provider": _provider(link),
        "circuit": key,
        "in_bps": rate,
        "out_bps": rate,
    }


def _provider(link: Lab) -> str:
    return link["b"][0] if link["kind"] in ("submarine", "ixp") else "own"


def _circuit(lab: Lab, link: Lab) -> tuple[str, dict[str, Any]]:
    """An upstream's anchors: its end of the line where the poller has a way to it, and an address in its network."""
    key, far = link_key(link), lab["routers"][link["b"][0]]
    circuit = {"provider": _provider(link), "reference": key, "kind": CIRCUITS[link["kind"]]}
    if "prefix" in far:
        near = [str(ipaddress.ip_network(link["net"])[2])] if link["a"][0] == ATTACHED_TO else []
        circuit["anchors"] = [*near, str(ipaddress.ip_network(far["prefix"])[1])]
    return key, circuit
