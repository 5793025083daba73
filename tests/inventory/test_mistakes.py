"""Every kind of mistake people make in inventory files, named with its file and line, all at once."""

from pathlib import Path

import pytest

from inventory.mistakes import Mistake
from inventory.reading import InventoryError, check, load

SOUND = """\
regions:
  Dodoma: {name: Dodoma}
sites:
  core: {name: Core, kind: core, region: Dodoma}
  lga-a: {name: {en: A council, sw: Halmashauri A}, kind: lga, region: Dodoma}
devices:
  core-1: {site: core, address: 10.0.0.1, role: core}
  lga-a-r1: {site: lga-a, address: 10.0.0.2}
providers:
  ttcl: {name: TTCL}
circuits:
  c-1: {provider: ttcl, reference: T/1}
links:
  lga-a-a: {a: "core-1:ge-0", b: "lga-a-r1:ge-0", role: access, provider: ttcl, circuit: c-1, in_bps: 10M, out_bps: 5M}
"""


def written(directory: Path, **files: str | bytes) -> Path:
    for name, text in files.items():
        path = directory / f"{name}.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return directory


def mistakes(directory: Path) -> list[tuple[str, int, str, str]]:
    inventory, found, _ = check(directory)
    assert inventory is None, "nothing may be taken where there is a mistake"
    return [(Path(one.file).name, one.line, one.message, one.hint) for one in found]


def only(directory: Path) -> tuple[str, int, str, str]:
    found = mistakes(directory)
    assert len(found) == 1, found
    return found[0]


def test_given_sound_files_then_there_is_an_inventory_without_mistakes(tmp_path: Path) -> None:
    inventory = load(written(tmp_path, all=SOUND))
    assert inventory.links["lga-a-a"].in_bps == 10_000_000
    assert inventory.sites["lga-a"].name.in_language("sw") == "Halmashauri A"
    assert inventory.devices["lga-a-r1"].snmp.version == "2c"


@pytest.mark.parametrize(
    ("section", "line", "message", "hint"),
    [
        # unknown and missing keys, wrong types
        ("contacts:\n  x: {name: X, telefone: '112'}", 2, "contact 'x': unknown key 'telefone'", "'telephone'?"),
        ("contacts:\n  x:\n    email: a@b.tz", 2, "contact 'x': key 'name' is missing", ""),
        ("contacts:\n  x:\n    name: [X]", 3, "contact 'x': name must be text, not a list", ""),
        ("contacts:\n  x:\n    name:", 3, "contact 'x': name is empty", ""),
        ('contacts:\n  x: {name: "a\\nb"}', 2, "name: 'a\\nb' must be one line of text", ""),
        ("contacts:\n  x:", 2, "contact 'x': it is empty", ""),
        ("contacts:\n  x: hello", 2, "contact 'x': it must be a mapping of keys, not 'hello'", ""),
        ("contact: {}", 1, "unknown section 'contact'", "did you mean 'contacts'?"),
        ("contacts: [a]", 1, "section 'contacts' must be a mapping by key", ""),
        ("contacts:\n  'a b': {name: X}", 2, "contact: key 'a b' may hold letters", ""),
        ("services:\n  x: {name: X, sites: core}", 2, "service 'x': sites must be a list", ""),
        # enumerations, addresses of people
        ("sites:\n  x:\n    name: X\n    kind: lgaa\n    region: Dodoma", 4, "site 'x': kind 'lgaa' is not one of mda", "'lga'"),
        ("contacts:\n  x: {name: X, language: fr}", 2, "contact 'x': language 'fr' is not one of sw, en", ""),
        ("contacts:\n  x:\n    name: X\n    email: nobody", 4, "email: 'nobody' is not an e-mail address", ""),
        ("contacts:\n  x:\n    name: X\n    telephone: call me", 4, "telephone: 'call me' is not a telephone", ""),
        ("services:\n  x: {name: X, url: 'ftp//x'}", 2, "url: 'ftp//x' is not a web address", ""),
        # devices
        ("devices:\n  x:\n    site: core\n    address: 10.0.0.256", 4, "'10.0.0.256' is not an IPv4 or IPv6", ""),
        ("devices:\n  x:\n    site: core\n    address: 'fe80::zz'", 4, "'fe80::zz' is not an IPv4 or IPv6", ""),
        ("devices:\n  x:\n    site: core\n    address: under score!", 4, "is neither an address nor a host name", ""),
        ("devices:\n  x:\n    site: core\n    address: 10.0.0.1", 4, "10.0.0.1 port 161 is the address of 'core-1'", ""),
        ("devices:\n  external: {site: core, address: 10.0.0.9}", 2, "'external' is the word for a provider's end", ""),
        ("devices:\n  x: {site: core, address: 10.0.0.9, snmp: {prot: 161}}", 2, "unknown key 'snmp.prot'", "'port'?"),
        ("devices:\n  x: {site: core, address: 10.0.0.9, snmp: {port: 70000}}", 2, "snmp.port should be less", ""),
        ("devices:\n  x: {site: core, address: 10.0.0.9, snmp: {port: many}}", 2, "snmp.port must be a whole number", ""),
        ("devices:\n  x: {site: core, address: 10.0.0.9, snmp: {version: 4}}", 2, "snmp.version '4' is not one of", ""),
        ("devices:\n  x: {site: core, address: 10.0.0.9, probes: [tcp]}", 2, "probe tcp needs a port", ""),
        ("devices:\n  x: {site: core, address: 10.0.0.9, probes: [pong]}", 2, "probes.0.method 'pong' is not one of", ""),
        ("devices:\n  x: {site: core, address: 10.0.0.9, probes: []}", 2, "probes must not be empty", ""),
        # logins and sources
        ("devices:\n  x:\n    address: 10.0.0.9\n    ssh: {platform: cisco-ios}", 4, "ssh.platform 'cisco-ios'", "'cisco_ios'?"),
        ("devices:\n  x:\n    address: 10.0.0.9\n    ssh:\n      platfrom: frr", 5, "unknown key 'ssh.platfrom'", "'platform'?"),
        ("devices:\n  x: {site: core, address: 10.0.0.9, ssh: {}}", 2, "key 'ssh.platform' is missing", ""),
        ("devices:\n  x: {site: core, address: 10.0.0.9, ssh: {platform: frr, port: 0}}", 2, "ssh.port should be greater", ""),
        ("devices:\n  x: {site: core, address: 10.0.0.9, sources: [lo0.x.go.tz]}", 2, "'lo0.x.go.tz' is not an IPv4 or", ""),
        ("devices:\n  x: {site: core, address: 10.0.0.9, sources: [10.0.0.1]}", 2, "10.0.0.1 belongs to 'core-1' already", ""),
        # references
        ("devices:\n  x:\n    site: lga-b\n    address: 10.0.0.9", 3, "device 'x': site 'lga-b' is no site", "'lga-a'?"),
        ("sites:\n  x: {name: X, kind: lga, region: Dodomo}", 2, "site 'x': region 'Dodomo' is no region", "'Dodoma'?"),
        ("sites:\n  x: {name: X, kind: other, region: Dodoma, parent: cor}", 2, "parent 'cor' is no site", "'core'?"),
        ("circuits:\n  x: {provider: ttc, reference: X}", 2, "circuit 'x': provider 'ttc' is no provider", "'ttcl'?"),
        ("institutions:\n  x: {name: X, kind: mda, site: croe}", 2, "institution 'x': site 'croe' is no site", "'core'?"),
        ("services:\n  x:\n    name: X\n    sites:\n      - core\n      - cora", 6, "service 'x': sites 'cora' is no", "'core'?"),
        # cycles
        ("sites:\n  x: {name: X, kind: other, region: Dodoma, parent: x}", 2, "cycle of parents: x -> x", ""),
        # YAML itself
        ("contacts:\n  x: {name: X}\n  x: {name: Y}", 3, "duplicate key 'x', first on line 2", ""),
        ("contacts:\n  x:\n    name: X\n    name: Y", 4, "duplicate key 'name', first on line 3", ""),
        ("contacts:\n  x: {name: 'X}\n", 3, "broken YAML", ""),
        ("contacts:\n\tx: {name: X}", 2, "broken YAML", ""),
        ("contacts: {}\n---\ncontacts: {}", 2, "a second document", ""),
        ("contacts:\n  x: {name: !!python/name:os.system X}", 2, "tag 'tag:yaml.org,2002:python/name:os.system'", ""),
        ("contacts:\n  x: *nobody", 2, "alias '*nobody' stands for nothing above it", ""),
        ("contacts:\n  [a, b]: {name: X}", 2, "a key must be a word", ""),
        ("- a\n- b", 1, "the file must be made of sections", ""),
        ("contacts:\n  x: {name: a\x07b}", 2, "control character U+0007", ""),
    ],
)  # fmt: skip
def test_given_a_mistake_then_its_file_line_and_hint_are_named(
    tmp_path: Path, section: str, line: int, message: str, hint: str
) -> None:
    written(tmp_path, all=SOUND, more=section)
    found = [one for one in mistakes(tmp_path) if one[0] == "more.yaml" and message in one[2]]
    assert [(one[1], hint in one[3]) for one in found] == [(line, True)], mistakes(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("in_bps: 10M", "in_bps: 0", "in_bps: a rate of 0 is zero"),
        ("in_bps: 10M", "in_bps: -5M", "in_bps: a rate of -5M is negative"),
        ("in_bps: 10M", "in_bps: 10", "in_bps: 10 bit/s is under 1 kb/s: did you mean 10M?"),
        ("in_bps: 10M", "in_bps: 900T", "in_bps: 900T is over 10 Tb/s"),
        ("in_bps: 10M", "in_bps: fast", "in_bps: 'fast' is not a rate"),
        ("in_bps: 10M, ", "", "key 'in_bps' is missing"),
        ("lga-a-r1:ge-0", "lga-a-r1", "b: end 'lga-a-r1' is not written device:interface"),
        ("lga-a-r1:ge-0", "core-1:ge-1", "joins 'core-1' to itself"),
        ("lga-a-r1:ge-0", "lga-a-r2:ge-0", "end b names 'lga-a-r2', which is no device"),
        ("core-1:ge-0", "external", "the external end is 'b', ours is 'a'"),
        ("role: access", "role: acess", "role 'acess' is not one of"),
    ],
)
def test_given_a_bad_link_then_its_line_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    found = only(written(tmp_path, all=SOUND.replace(old, new)))
    assert found[:2] == ("all.yaml", 14)
    assert message in found[2]


def test_given_one_end_on_two_links_then_both_places_are_named(tmp_path: Path) -> None:
    second = """\
circuits:
  c-2: {provider: ttcl, reference: T/2}
links:
  again: {a: "core-1:ge-0", b: external, role: upstream, provider: ttcl, circuit: c-2, in_bps: 1M, out_bps: 1M}
"""
    name, line, message, _ = only(written(tmp_path, all=SOUND, more=second))
    assert (name, line) == ("more.yaml", 4)
    assert "end core-1:ge-0 is used by link 'lga-a-a' already" in message
    assert message.endswith("all.yaml:14)")


def test_given_the_same_key_in_two_files_then_both_places_are_named(tmp_path: Path) -> None:
    name, line, message, _ = only(written(tmp_path, all=SOUND, more="providers:\n  ttcl: {name: Other}\n"))
    assert (name, line) == ("more.yaml", 2)
    assert message.startswith("duplicate provider 'ttcl', first in ") and message.endswith("all.yaml:10")


def test_given_a_cycle_of_three_parents_then_it_is_told_once(tmp_path: Path) -> None:
    ring = "sites:\n" + "".join(
        f"  {key}: {{name: X, kind: other, region: Dodoma, parent: {parent}}}\n"
        for key, parent in (("r", "p"), ("p", "q"), ("q", "r"), ("hanging", "p"))
    )
    name, line, message, _ = only(written(tmp_path, all=SOUND, more=ring))
    assert (name, line, message) == ("more.yaml", 3, "site 'p': cycle of parents: p -> q -> r -> p")


def test_given_bytes_that_are_not_utf8_then_file_and_line_are_named(tmp_path: Path) -> None:
    found = only(written(tmp_path, all=SOUND, more=b"contacts:\n  x:\n    name: caf\xe9\n"))
    assert found == ("more.yaml", 3, "not UTF-8: byte 0xe9", "save the file as UTF-8")


def test_given_many_mistakes_in_several_files_then_all_are_told_at_once_in_order(tmp_path: Path) -> None:
    written(
        tmp_path,
        a=SOUND.replace("in_bps: 10M", "in_bps: 0").replace("10.0.0.2", "10.0.0.999"),
        b="contacts:\n  x: {name: X, email: no}\n  y: {nam: Y}\n",
        c="sites:\n  z: {name: Z, kind: mda, region: Nowhere}\n",
    )
    with pytest.raises(InventoryError) as refused:
        load(tmp_path)
    places = [(Path(one.file).name, one.line) for one in refused.value.mistakes]
    assert places == [("a.yaml", 8), ("a.yaml", 14), ("b.yaml", 2), ("b.yaml", 3), ("b.yaml", 3), ("c.yaml", 2)]
    assert str(refused.value).count("\n") == len(places) - 1


def test_given_a_bad_site_then_what_refers_to_it_is_not_blamed(tmp_path: Path) -> None:
    found = only(written(tmp_path, all=SOUND.replace("kind: lga", "kind: nonsense")))
    assert "kind 'nonsense'" in found[2]


def test_given_a_broken_file_then_what_may_stand_in_its_rest_is_not_called_missing(tmp_path: Path) -> None:
    devices = "devices:\n  x: {site: in-the-rest, address: 10.0.0.9}\n"
    name, line, message, _ = only(written(tmp_path, all=SOUND, b="sites:\n  'unclosed\n", c=devices))
    assert (name, line, message[:11]) == ("b.yaml", 3, "broken YAML")


def test_given_no_directory_or_no_files_then_that_is_the_mistake(tmp_path: Path) -> None:
    assert check(tmp_path / "none")[1] == (
        Mistake(str(tmp_path / "none"), 0, "no such directory", "'noc init DIR' writes one"),
    )
    assert "no *.yaml file here" in check(tmp_path)[1][0].message


def test_given_two_agents_behind_one_address_with_own_credentials_then_they_are_taken(tmp_path: Path) -> None:
    proxied = "devices:\n  x: {site: core, address: 10.0.0.1, snmp: {credential: other}}\n"
    assert load(written(tmp_path, all=SOUND, more=proxied)).devices["x"].snmp.credential == "other"


def test_given_one_source_of_two_devices_then_both_places_are_named(tmp_path: Path) -> None:
    more = """\
devices:
  x: {site: core, address: 10.0.0.8, sources: ["2001:DB8::1", 10.0.0.8]}
  y:
    site: core
    address: 10.0.0.9
    sources:
      - 10.0.1.9
      - 2001:db8:0::1
"""
    file, line, message, _ = only(written(tmp_path, all=SOUND, more=more))
    assert (file, line) == ("more.yaml", 8)
    assert "device 'y': source 2001:db8::1 belongs to 'x' already" in message and "more.yaml:2" in message


def test_given_doubtful_but_lawful_entries_then_they_are_warnings(tmp_path: Path) -> None:
    doubtful = """\
sites:
  lga-b: {name: B, kind: lga, region: Dodoma}
providers:
  other: {name: Other}
circuits:
  unused: {provider: other, reference: U/1}
contacts:
  silent: {name: Nobody}
"""
    foreign = SOUND.replace("role: access, provider: ttcl", "role: access, provider: other")
    inventory, found, warnings = check(written(tmp_path, all=foreign, more=doubtful))
    assert inventory is not None and not found
    assert [(Path(one.file).name, one.line) for one in warnings] == [
        ("all.yaml", 14),
        ("more.yaml", 2),
        ("more.yaml", 6),
        ("more.yaml", 8),
    ]


def test_given_thousands_of_dangling_references_then_all_are_told_in_reasonable_time(tmp_path: Path) -> None:
    sites = "".join(f"  s-{n}: {{name: S, kind: other, region: Dodoma}}\n" for n in range(3000))
    devices = "".join(f"  d-{n}: {{site: t-{n}, address: 10.1.{n // 250}.{n % 250}}}\n" for n in range(3000))
    assert len(mistakes(written(tmp_path, all=SOUND, b=f"sites:\n{sites}", c=f"devices:\n{devices}"))) == 3000
