"""Spreadsheets become an inventory whole, or every row that cannot be taken is named by its line."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.credentials import SnmpUser
from inventory.home import find_home, put
from inventory.importing import CsvError, Imported, read_csv, slug
from inventory.mistakes import MistakesError
from inventory.model import Probe, Snmp, Ssh
from inventory.reading import check, load
from inventory.secret import Secret
from inventory.secrets import missing_secrets, read_secrets, write_secrets
from inventory.skeleton import AlreadyThereError, write_skeleton

HEADER = "site,name,kind,region,device,address,port,community,version"
ROWS = [
    "core,Core,core,Dodoma,core-1,10.0.0.1,161,backbone,2c",
    'lga-a,"A, the council",lga,Dodoma,lga-a-r1,10.0.0.2,,public,2c',
    "lga-a,,,,lga-a-r2,10.0.0.3,1161,public,v2c",
    "mda-b,B,MDA,Dar es Salaam,mda-b-r1,host.example,,public,1",
]
LINKS = [
    "link,a_device,a_interface,b_device,b_interface,provider,circuit,in_bps,out_bps,role",
    "lga-a-a,core-1,ge-0/0/1,lga-a-r1,ether1,TTCL,T/1,10M,5M,access",
    "up,core-1,xe-0,external,,SEACOM,S/1,1G,,upstream",
]


def csv_file(directory: Path, rows: list[str], name: str = "devices.csv", encoding: str = "utf-8") -> Path:
    path = directory / name
    path.write_text("\n".join(rows) + "\n", encoding=encoding)
    return path


def refused(devices: Path, links: Path | None = None) -> list[tuple[str, int, str]]:
    with pytest.raises(CsvError) as error:
        read_csv(devices, links)
    return [(Path(one.file).name, one.line, one.message) for one in error.value.mistakes]


def test_given_a_row_a_device_then_sites_regions_and_credentials_are_made(tmp_path: Path) -> None:
    imported = read_csv(csv_file(tmp_path, [HEADER, *ROWS]))
    found = imported.inventory
    assert list(found.sites) == ["core", "lga-a", "mda-b"]
    assert list(found.regions) == ["Dodoma", "Dar es Salaam"]
    assert found.sites["lga-a"].name.en == "A, the council"
    assert [device.key for device in found.devices_at["lga-a"]] == ["lga-a-r1", "lga-a-r2"]
    assert [device.role for device in found.devices.values()] == ["core", "cpe", "cpe", "cpe"]
    assert [device.snmp.port for device in found.devices.values()] == [161, 161, 1161, 161]
    assert [device.snmp.version for device in found.devices.values()] == ["2c", "2c", "2c", "1"]
    assert [device.snmp.credential for device in found.devices.values()] == ["core-1", "default", "default", "default"]
    assert imported.secrets == {"core-1": Secret("backbone"), "default": Secret("public")}
    assert imported.warnings == ()


def test_given_a_table_of_links_then_providers_and_circuits_are_made(tmp_path: Path) -> None:
    imported = read_csv(csv_file(tmp_path, [HEADER, *ROWS]), csv_file(tmp_path, LINKS, "links.csv"))
    link = imported.inventory.links["lga-a-a"]
    assert (str(link.a), str(link.b), link.in_bps, link.out_bps) == (
        "core-1:ge-0/0/1",
        "lga-a-r1:ether1",
        10**7,
        5 * 10**6,
    )
    assert imported.inventory.links["up"].b.external and imported.inventory.links["up"].out_bps == 10**9
    assert imported.inventory.circuits[link.circuit].reference == "T/1"
    assert set(imported.inventory.providers) == {"TTCL", "SEACOM"}


def test_given_excels_habits_and_any_order_of_columns_then_the_same_is_read(tmp_path: Path) -> None:
    plain = read_csv(csv_file(tmp_path, [HEADER, *ROWS[:1]]))
    columns = "Version;Community;Port;Address;Device;Region;Kind;Name;Site"
    rows = ["sep=;", columns, "2c;backbone;161;10.0.0.1;core-1;Dodoma;core;Core;core"]
    path = tmp_path / "excel.csv"
    path.write_bytes(b"\xef\xbb\xbf" + "\r\n".join([*rows, ";;;;;;;;", ""]).encode())
    assert read_csv(path) == plain


def test_given_only_device_and_address_then_the_rest_is_assumed(tmp_path: Path) -> None:
    found = read_csv(csv_file(tmp_path, ["device,address", "r1,10.0.0.1", "r2,127.0.0.2"])).inventory
    assert found.site_of("r1").kind == "other" and found.site_of("r1").region == "unknown"
    assert found.devices["r1"].probes == (Probe("icmp"), Probe("snmp"))
    assert found.devices["r2"].probes == (Probe("snmp"),), "the kernel answers every ping to loopback"
    assert found.devices["r1"].snmp.credential == "default"


def test_given_columns_of_probes_and_role_then_they_are_taken(tmp_path: Path) -> None:
    rows = ["device,address,probes,role", "r1,10.0.0.1,tcp:443 udp-echo:7 snmp,switch"]
    device = read_csv(csv_file(tmp_path, rows)).inventory.devices["r1"]
    assert device.probes == (Probe("tcp", 443), Probe("udp-echo", 7), Probe("snmp"))
    assert device.role == "switch"


def test_given_columns_of_credential_ssh_and_sources_then_they_are_taken(tmp_path: Path) -> None:
    columns = "device,address,version,credential,community,platform,ssh_credential,ssh_port,sources"
    rows = [columns, "r1,10.0.0.1,3,default,,Cisco_IOS,,,10.0.1.1 10.0.1.2", "r2,10.0.0.2,v2c,,public,frr,lab,2222,"]
    imported = read_csv(csv_file(tmp_path, rows))
    first, second = imported.inventory.devices.values()
    assert (first.snmp, first.ssh) == (Snmp("3", "default"), Ssh("cisco_ios"))
    assert first.sources == ("10.0.1.1", "10.0.1.2") and second.sources == ()
    # the community must not take the name that a row gives to a user
    assert (second.snmp, second.ssh) == (Snmp("2c", "default-2"), Ssh("frr", "lab", 2222))
    assert imported.secrets == {"default-2": Secret("public")}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("r1,10.0.0.1,3,,public,,,", "SNMPv3 has no community"),
        ("r1,10.0.0.1,2c,x,public,,,", "community and credential"),
        ("r1,10.0.0.1,3,x,,,lab,", "go with a platform"),
        ("r1,10.0.0.1,3,x,,ios,,", "ssh.platform 'ios' is not one of arista_eos"),
        ("r1,10.0.0.1,3,x,,frr,,10.0.0.x", "'10.0.0.x' is not an IPv4 or IPv6 address"),
    ],
)
def test_given_cells_that_do_not_go_together_then_the_row_is_named(tmp_path: Path, row: str, message: str) -> None:
    columns = "device,address,version,credential,community,platform,ssh_credential,sources"
    ((_, line, words),) = refused(csv_file(tmp_path, [columns, row]))
    assert line == 2 and message in words and "public" not in words


def test_given_a_user_of_that_name_then_an_imported_community_gets_another(tmp_path: Path) -> None:
    home = tmp_path / "net"
    home.mkdir()
    write_secrets(home / "secrets.toml", {"default": SnmpUser("noc")})
    landed(home)
    secrets = read_secrets(home / "secrets.toml", {})
    assert secrets.user("default") == SnmpUser("noc") and secrets.find("default-2") == Secret("public")


def test_given_an_unknown_column_then_it_is_left_out_with_a_warning(tmp_path: Path) -> None:
    imported = read_csv(csv_file(tmp_path, ["device,address,colour,comunity", "r1,10.0.0.1,red,public"]))
    assert [(one.line, one.message, one.hint) for one in imported.warnings] == [
        (1, "column 'colour' is not used", ""),
        (1, "column 'comunity' is not used", "did you mean 'community'?"),
    ]


def test_given_names_that_cannot_be_keys_then_keys_are_made_and_names_kept(tmp_path: Path) -> None:
    found = read_csv(csv_file(tmp_path, ["site,device,address", "Makao Makuu,Core Router #1,10.0.0.1"])).inventory
    assert found.devices["core-router-1"].name == "Core Router #1"
    assert found.sites["makao-makuu"].name.en == "Makao Makuu"


def test_given_kinds_of_their_own_then_such_sites_are_other_ones_and_it_is_said_once(tmp_path: Path) -> None:
    rows = ["x,X,router,Dodoma,x-r1,10.0.0.9,,public,2c", "x,X,router,Dodoma,x-r2,10.0.0.8,,public,2c"]
    imported = read_csv(csv_file(tmp_path, [HEADER, *ROWS, *rows]))
    assert imported.inventory.sites["x"].kind == "other"
    assert [(one.line, one.message) for one in imported.warnings if "kind" in one.message] == [
        (6, "kind 'router' is taken as 'other'")
    ]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("x,X,lgaa,Dodoma,x-r1,10.0.0.9,,public,2c", "kind 'lgaa' is not one of mda, lga"),
        ("x,X,lga,Dodoma,,10.0.0.9,,public,2c", "the row names no device"),
        ("x,X,lga,Dodoma,x-r1,,,public,2c", "device 'x-r1' has no address"),
        ("x,X,lga,Dodoma,x-r1,10.0.0.999,,public,2c", "'10.0.0.999' is not an IPv4 or IPv6 address"),
        ("x,X,lga,Dodoma,x-r1,10.0.0.9,99999,public,2c", "snmp.port should be less than or equal to 65535"),
        ("x,X,lga,Dodoma,x-r1,10.0.0.9,snmp,public,2c", "snmp.port must be a whole number"),
        ("x,X,lga,Dodoma,x-r1,10.0.0.9,,public,4", "snmp.version '4' is not one of 1, 2c, 3"),
        ("x,X,lga,Dodoma,core-1,10.0.0.9,,public,2c", "duplicate device 'core-1', first on line 2"),
        ("x,X,lga,Dodoma,x-r1,10.0.0.2,,public,2c", "10.0.0.2 port 161 is the address of 'lga-a-r1' already"),
        ("x,X,lga,Dodoma,external,10.0.0.9,,public,2c", "'external' is the word for a provider's end"),
        ("lga-a,X,mda,Dodoma,x-r1,10.0.0.9,,public,2c", "site 'lga-a' has kind 'mda' here, but 'lga' on line 3"),
        ("lga-a,X,lga,Tanga,x-r1,10.0.0.9,,public,2c", "site 'lga-a' has region 'Tanga' here, but 'Dodoma' on line 3"),
        ("x,X,lga,Dodoma,x-r1,10.0.0.9", "the row has 6 cells, the table 9 columns"),
        ("x,X,lga,Dodoma,x-r1,10.0.0.9,,public,2c,more", "the row has 10 cells, the table 9 columns"),
    ],
)
def test_given_a_row_that_cannot_be_taken_then_it_is_named_by_line(tmp_path: Path, row: str, message: str) -> None:
    (found,) = refused(csv_file(tmp_path, [HEADER, *ROWS, row]))
    assert found[:2] == ("devices.csv", 6)
    assert message in found[2]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (",core-1,g,lga-a-r1,e,T,1,1M,1M,access", "the row names no link"),
        ("lga-a-a,core-1,g,lga-a-r1,e,T,1,1M,1M,access", "duplicate link 'lga-a-a', first on line 2"),
        ("x,core-9,g,lga-a-r1,e,T,1,1M,1M,access", "end a names 'core-9', which is no device"),
        ("x,core-1,,lga-a-r1,e,T,1,1M,1M,access", "end a needs a device and an interface"),
        ("x,core-1,g,lga-a-r1,e,T,1,0,1M,access", "in_bps: a rate of 0 is zero"),
        ("x,core-1,g,lga-a-r1,e,T,1,,1M,access", "in_bps: '' is not a rate"),
        ("x,core-1,g,lga-a-r1,e,T,1,1M,1M,wan", "role 'wan' is not one of"),
        ("x,core-1,ge-0/0/1,lga-a-r1,e,T,1,1M,1M,access", "end core-1:ge-0/0/1 is used by link 'lga-a-a' already"),
        ("x,core-1,g,core-1,e,T,1,1M,1M,access", "joins 'core-1' to itself"),
    ],
)
def test_given_a_link_that_cannot_be_taken_then_it_is_named_by_line(tmp_path: Path, row: str, message: str) -> None:
    devices, links = csv_file(tmp_path, [HEADER, *ROWS]), csv_file(tmp_path, [*LINKS, row], "links.csv")
    (found,) = refused(devices, links)
    assert found[:2] == ("links.csv", 4)
    assert message in found[2]


def test_given_a_bad_device_row_then_links_that_name_it_are_not_blamed(tmp_path: Path) -> None:
    rows = [HEADER, *ROWS]
    rows[2] = rows[2].replace(",lga,", ",lgga,")
    found = refused(csv_file(tmp_path, rows), csv_file(tmp_path, LINKS, "links.csv"))
    assert [one[:2] for one in found] == [("devices.csv", 3)]


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (b"", 1, "the first row must name the columns"),
        (b"site,device\nx,y\n", 1, "column 'address' is missing"),
        (b"device,address,device\nx,y,z\n", 1, "column 'device' stands twice"),
        (b"device,address\n", 0, "there is no row in it"),
        (b"device,address\nr1,10.0.0.1\ncaf\xe9,10.0.0.2\n", 3, "not UTF-8: byte 0xe9"),
        (b'device,address\nr1,"10.0.0.1\n', 0, "broken CSV"),
    ],
)
def test_given_a_table_that_is_none_then_that_is_said(tmp_path: Path, content: bytes, line: int, message: str) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    (found,) = refused(path)
    assert found[1] == line and message in found[2]


def test_given_a_quoted_cell_with_line_breaks_then_later_rows_keep_their_line(tmp_path: Path) -> None:
    (found,) = refused(csv_file(tmp_path, ["device,address,name", 'r1,10.0.0.1,"two', 'lines"', "r2,bad address,X"]))
    assert found[1] == 4


def landed(directory: Path, **wishes: bool | str) -> Imported:
    home = find_home(directory)
    links = csv_file(directory.parent, LINKS, "links.csv")
    imported = read_csv(csv_file(directory.parent, [HEADER, *ROWS]), links, known=home.known_secrets())
    put(home, imported, **wishes)  # type: ignore[arg-type]
    return imported


def test_given_an_import_to_a_new_directory_then_it_is_a_whole_home(tmp_path: Path) -> None:
    imported = landed(tmp_path / "net")
    inventory, mistakes, _ = check(tmp_path / "net" / "inventory")
    assert not mistakes and inventory == imported.inventory
    assert 'attached_to = "core-1"' in (tmp_path / "net" / "noc.toml").read_text()
    secrets = tmp_path / "net" / "secrets.toml"
    assert secrets.stat().st_mode & 0o777 == 0o600
    assert not missing_secrets(inventory, read_secrets(secrets, {}))
    yaml = "".join(path.read_text() for path in (tmp_path / "net" / "inventory").iterdir())
    assert "backbone" not in yaml and "public" not in yaml, "communities never stand in the inventory"


def test_given_an_untouched_skeleton_then_an_import_takes_its_place(tmp_path: Path) -> None:
    write_skeleton(tmp_path / "net")
    imported = landed(tmp_path / "net")
    assert load(tmp_path / "net" / "inventory") == imported.inventory
    assert 'attached_to = "core-1"' in (tmp_path / "net" / "noc.toml").read_text()
    names = sorted(path.name for path in (tmp_path / "net").iterdir())
    assert names == [".gitignore", "inventory", "noc.toml", "oncall.yaml", "secrets.toml"]


def test_given_an_inventory_of_ones_own_then_it_is_kept_unless_replaced(tmp_path: Path) -> None:
    landed(tmp_path / "net")
    own = tmp_path / "net" / "inventory" / "sites.yaml"
    own.write_text(own.read_text() + "# mine\n")
    before = {path: path.read_bytes() for path in sorted((tmp_path / "net").rglob("*")) if path.is_file()}
    with pytest.raises(AlreadyThereError):
        landed(tmp_path / "net")
    assert {path: path.read_bytes() for path in sorted((tmp_path / "net").rglob("*")) if path.is_file()} == before
    landed(tmp_path / "net", replace=True)
    assert "# mine" in (tmp_path / "net" / "inventory.before" / "sites.yaml").read_text()
    assert "# mine" not in own.read_text()


def test_given_the_inventory_directory_itself_then_its_home_is_found(tmp_path: Path) -> None:
    landed(tmp_path / "net")
    assert find_home(tmp_path / "net" / "inventory") == find_home(tmp_path / "net")


def test_given_an_attachment_that_is_no_device_then_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(MistakesError, match="'core-2' is no imported device"):
        landed(tmp_path / "net", attached_to="core-2")
    assert not (tmp_path / "net").exists()


def test_given_the_same_communities_again_then_credentials_keep_their_names(tmp_path: Path) -> None:
    landed(tmp_path / "net")
    secrets = (tmp_path / "net" / "secrets.toml").read_text()
    landed(tmp_path / "net", replace=True)
    assert (tmp_path / "net" / "secrets.toml").read_text() == secrets


def test_given_mistakes_then_no_community_is_shown(tmp_path: Path) -> None:
    rows = ["device,address,community,port", "r1,nowhere at all,SECRETVALUE,x", "r1,10.0.0.1,SECRETVALUE,1"]
    assert not any("SECRETVALUE" in one[2] for one in refused(csv_file(tmp_path, rows)))
    imported = read_csv(csv_file(tmp_path, ["device,address,community", "r1,10.0.0.1,SECRETVALUE"]))
    assert "SECRETVALUE" not in repr(imported)


@settings(deadline=None, max_examples=150)
@given(st.text())
def test_given_any_text_then_its_slug_is_a_key_or_empty(text: str) -> None:
    made = slug(text)
    assert made == "" or (made[0].isalnum() and set(made) <= set("abcdefghijklmnopqrstuvwxyz0123456789._-"))
