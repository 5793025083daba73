"""Sessions, tokens and displays over a real ledger: what is kept, what is forgotten, and what a ledger that is away means."""

import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from alerts.books import LedgerError
from dashboards.web.refusal import Away
from dashboards.web.sources.accounts import Caller, Declined, Sought, TooOften
from dashboards.web.viewer import RIGHTS, Right, Role
from inventory.model import Inventory
from inventory.reading import load as load_inventory
from inventory.skeleton import write_sample
from noc.accounts import acts
from noc.ledger import access
from noc.ledger.ledger import open_ledger
from noc.web import keys as keys_room
from noc.web.accounts import LedgerAccounts
from noc.web.cases import LedgerCases
from noc.web.held import GRACE_S
from noc.web.keys import LedgerKeys
from noc.web.passwords import Passwords
from noc.web.seen import EVERY_S
from noc.web.setup import bring_up, setup_lines, setup_link
from tests.noc.ledger.test_postgresql import server as postgresql_server

PASSWORD = "grey walls hum softly"
HERE = Caller("192.0.2.1", "Firefox")
server = postgresql_server


class Clock:
    now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class House:
    url: str
    clock: Clock
    inventory: Inventory
    cases: LedgerCases
    keys: LedgerKeys
    accounts: LedgerAccounts

    def add(self, name: str, role: str = "admin", *institutions: str) -> str:
        kept = self.keys.passwords.hashed(PASSWORD)
        with self.keys.held.acting() as books:
            acts.add_account(acts.Hand(books, "test", self.clock()), name, role, institutions, password=kept)
        return name

    def log_in(self, name: str, caller: Caller = HERE) -> str:
        return self.keys.log_in(name, PASSWORD, caller)


@pytest.fixture(scope="module")
def inventory(tmp_path_factory: pytest.TempPathFactory) -> Inventory:
    home = tmp_path_factory.mktemp("net")
    write_sample(home, sites=3)
    return load_inventory(home / "inventory")


def opened(url: str, inventory: Inventory) -> Iterator[House]:
    clock = Clock()
    cases = LedgerCases(url, clock)
    keys = LedgerKeys(cases, lambda: inventory, clock, Passwords(1, 8))
    yield House(url, clock, inventory, cases, keys, LedgerAccounts(keys, lambda: inventory, clock))
    cases.close()


@pytest.fixture
def house(tmp_path: Path, inventory: Inventory) -> Iterator[House]:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    assert setup_link(url, "http://noc.test")
    yield from opened(url, inventory)


def test_given_no_ledger_then_the_first_start_makes_it_and_prints_a_link_until_there_is_an_account(
    tmp_path: Path, inventory: Inventory
) -> None:
    url = f"sqlite:///{tmp_path / 'deep' / 'ledger.db'}"
    first = setup_link(url, "https://noc.test/")
    second = setup_link(url, "https://noc.test/")
    assert first is not None and second is not None
    assert first != second
    assert second.startswith("https://noc.test/setup?key=")
    for house in opened(url, inventory):
        old, new = (link.partition("key=")[2] for link in (first, second))
        assert (house.keys.invited(old), house.keys.invited("x" * 43)) == (None, None)
        house.clock.now = time.time()
        with pytest.raises(Declined, match="name-letters"):
            house.keys.accept(new, "a b", PASSWORD, HERE)
        cookie = house.keys.accept(new, "Asha", PASSWORD, HERE, language="sw")
        viewer = house.keys.of_session(cookie)
        assert viewer is not None
        assert (viewer.name, viewer.role, viewer.language) == ("asha", Role.ADMIN, "sw")
        with pytest.raises(Declined, match="link-spent"):
            house.keys.accept(new, "b", PASSWORD, HERE)
    assert setup_link(url, "https://noc.test/") is None


def test_given_several_that_start_at_once_then_the_ledger_is_made_once(tmp_path: Path) -> None:
    url, failed = f"sqlite:///{tmp_path / 'ledger.db'}", []

    def start() -> None:
        try:
            bring_up(url)
        except LedgerError as error:
            failed.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    with open_ledger(url, clock=Clock()) as ledger, ledger.reading() as books:
        assert not access.accounts(books)


def test_given_a_link_of_yesterday_then_it_is_good_no_more(house: House) -> None:
    key = house.accounts.add("test", "neema", "viewer", [], "sw")
    assert house.keys.invited(key) == "neema"
    house.clock.now += 86_400
    assert house.keys.invited(key) is None
    with pytest.raises(Declined, match="link-spent"):
        house.keys.accept(key, "", PASSWORD, HERE)


def test_given_two_who_open_the_same_link_at_once_then_one_gets_in(house: House) -> None:
    key = house.accounts.add("test", "neema", "viewer", [], "sw")
    found: list[object] = []

    def accept() -> None:
        try:
            found.append(house.keys.accept(key, "", PASSWORD, HERE))
        except Declined as error:
            found.append(error)

    threads = [threading.Thread(target=accept) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(one, str) for one in found) == 1


def test_given_a_ledger_of_an_older_version_then_it_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    url = f"sqlite:///{path}"
    assert setup_link(url, "")
    with closing(sqlite3.connect(path)) as db:
        for table in ("account", "session", "token", "display", "invitation"):
            db.execute(f"DROP TABLE {table}")
        db.execute("UPDATE alembic_version SET version_num = '0003'")
        db.commit()
    with pytest.raises(LedgerError, match="older"), open_ledger(url, clock=Clock()):
        pass
    assert setup_link(url, "")


def test_given_a_ledger_that_cannot_be_made_then_it_is_said_and_the_web_starts_without() -> None:
    (line,) = setup_lines("sqlite:////proc/nowhere/ledger.db", "http://x")
    assert "nobody can log in yet" in line


def test_given_secrets_then_the_ledger_holds_none_of_them(house: House, tmp_path: Path) -> None:
    house.add("asha")
    secrets = [
        house.log_in("asha"),
        house.accounts.add_token("asha", "asha", "robot", ["read"], None),
        screen := house.accounts.add_display("asha", "left", "sw", "dark"),
        house.keys.exchange(screen, HERE),
        house.accounts.add("asha", "b", "viewer", [], "sw"),
    ]
    content = (tmp_path / "ledger.db").read_bytes()
    assert not [one for one in (*secrets, PASSWORD) if one.encode() in content]


def test_given_an_account_that_is_disabled_by_another_process_then_its_sessions_and_tokens_are_over_at_once(
    house: House,
) -> None:
    house.add("root")
    cookie, token = (
        house.log_in(house.add("asha", "viewer")),
        house.accounts.add_token("root", "asha", "t", ["read"], 1),
    )
    assert house.keys.of_session(cookie) and house.keys.of_token(token)
    with open_ledger(house.url, clock=house.clock) as other, other.transaction() as books:
        acts.disable_account(acts.Hand(books, "root", house.clock()), "asha")
    assert house.keys.of_session(cookie) is None and house.keys.of_token(token) is None
    house.accounts.enable("root", "asha")
    assert house.keys.of_session(cookie) is None  # it is not there again
    assert house.keys.of_token(token)


def test_given_a_role_that_changes_then_the_next_click_has_it(house: House) -> None:
    house.add("root")
    cookie = house.log_in(house.add("asha", "viewer"))
    house.accounts.change("root", "asha", "institution", ["lga-chamwino"])
    viewer = house.keys.of_session(cookie)
    assert viewer is not None
    assert (viewer.role, viewer.sites, viewer.institutions) == (
        Role.INSTITUTION,
        frozenset({"lga-chamwino"}),
        frozenset({"lga-chamwino"}),
    )
    with pytest.raises(Declined, match="institution-unknown"):
        house.accounts.change("root", "asha", "institution", ["lga-atlantis"])
    with pytest.raises(Declined, match="institution-needed"):
        house.accounts.change("root", "asha", "institution", [])


def test_given_an_institution_that_has_left_the_inventory_then_its_viewer_sees_nothing(house: House) -> None:
    cookie = house.log_in(house.add("asha", "institution", "lga-chamwino"))
    gone = LedgerKeys(house.cases, lambda: replace(house.inventory, institutions={}), house.clock, Passwords(1, 8))
    viewer = gone.of_session(cookie)
    assert viewer is not None
    assert viewer.sites == frozenset()


def test_given_scopes_then_a_token_has_the_rights_that_both_it_and_its_account_have(house: House) -> None:
    house.add("root")
    for role in ("viewer", "operator", "admin"):
        house.add(role, role)
        for scopes in (["read"], ["act"], ["read", "act"], ["read", "act", "admin"]):
            viewer = house.keys.of_token(house.accounts.add_token("root", role, "t", scopes, None))
            assert viewer is not None
            assert viewer.rights <= RIGHTS[Role(role)]
            assert (Right.ACT in viewer.rights) == ("act" in scopes and role != "viewer")
            assert (Right.SEE in viewer.rights) == ("read" in scopes)
            assert (Right.ADMIN in viewer.rights) == ("admin" in scopes and role == "admin")
            assert viewer.form_key == ""
    with pytest.raises(Declined, match="scope-unknown"):
        house.accounts.add_token("root", "admin", "t", ["everything"], None)


def test_given_many_sessions_then_those_unseen_for_longest_end(house: House) -> None:
    house.add("asha")
    first = house.log_in("asha")
    for _ in range(keys_room.MOST_SESSIONS):
        house.clock.now += 1
        last = house.log_in("asha")
    assert house.keys.of_session(first) is None
    assert house.keys.of_session(last)
    assert len(house.accounts.sessions("asha")) == keys_room.MOST_SESSIONS


def test_given_requests_then_when_they_came_is_written_now_and_then_and_all_together(house: House) -> None:
    cookie = house.log_in(house.add("asha"))
    token = house.accounts.add_token("asha", "asha", "t", ["read"], None)
    before = house.cases.version()
    for _ in range(100):
        house.clock.now += EVERY_S / 200
        house.keys.of_session(cookie)
        house.keys.of_token(token)
    assert house.cases.version() == before
    assert house.accounts.tokens()[0].used_at == house.clock.now
    house.clock.now += EVERY_S
    house.keys.of_session(cookie)
    with open_ledger(house.url, clock=house.clock) as other, other.reading() as books:
        (session,), (used,) = access.sessions_of(books, account="asha").values(), access.tokens(books)
    assert session.seen_at == house.clock.now
    assert used.used_at is not None


def test_given_a_ledger_that_cannot_be_read_then_who_was_in_stays_in_for_a_while_and_nobody_else_comes(
    house: House, tmp_path: Path
) -> None:
    cookie = house.log_in(house.add("asha"))
    assert house.keys.of_session(cookie)
    path = tmp_path / "ledger.db"
    shutil.move(path, tmp_path / "away")
    path.write_bytes(b"no ledger at all, but long enough to be looked at" * 100)
    house.clock.now += 60
    assert house.keys.of_session(cookie)
    assert house.keys.of_session("another") is None
    with pytest.raises(Away):
        house.keys.log_in("asha", PASSWORD, HERE)
    house.clock.now += GRACE_S
    with pytest.raises(Away):
        house.keys.of_session(cookie)
    shutil.move(tmp_path / "away", path)
    house.clock.now += 1
    assert house.keys.of_session(cookie)


def test_given_parameters_of_argon2_that_change_then_the_next_log_in_keeps_the_password_with_the_new_ones(
    house: House,
) -> None:
    house.add("asha")
    dearer = LedgerKeys(house.cases, lambda: house.inventory, house.clock, Passwords(2, 16))
    cookie = house.log_in("asha")
    dearer.log_in("asha", PASSWORD, HERE)
    with dearer.held.reading() as books:
        assert not dearer.passwords.outdated(access.password_of(books, "asha"))
    assert house.keys.of_session(cookie)  # no reason to be logged out
    assert house.log_in("asha")


def test_given_wrong_old_passwords_then_changing_it_is_slowed_down_as_logging_in_is(house: House) -> None:
    cookie = house.log_in(house.add("asha"))
    with pytest.raises(TooOften):
        for _ in range(12):
            with pytest.raises(Declined, match="password-wrong"):
                house.accounts.choose_password(
                    "asha", "wrong one here", "another long sentence", cookie=cookie, caller=HERE
                )
    assert len(house.accounts.deeds(Sought(act="log-in refused"))) == 6


def test_given_failures_then_a_restart_is_no_fresh_start_for_who_guesses(house: House) -> None:
    house.add("asha")
    house.add("neema")
    for name, address in [("asha", "198.51.100.7")] * 3 + [("neema", "198.51.100.8")] * 3 + [("no-one", "203.0.113.9")]:
        with pytest.raises(Declined):
            house.keys.log_in(name, "wrong one here", Caller(address))
    house.keys.log_in("neema", PASSWORD, Caller("198.51.100.9"))
    again = LedgerKeys(house.cases, lambda: house.inventory, house.clock, house.keys.passwords)
    for _ in range(2):  # the fourth at once, the fifth after a second
        with pytest.raises(TooOften):
            for _ in range(2):
                with pytest.raises(Declined):
                    again.log_in("asha", "wrong one here", Caller("198.51.100.7"))
        house.clock.now += 1.5
    assert again.log_in("asha", PASSWORD, HERE)  # the owner elsewhere is not held up
    house.clock.now += 3600
    later = LedgerKeys(house.cases, lambda: house.inventory, house.clock, house.keys.passwords)
    assert later.log_in("asha", PASSWORD, Caller("198.51.100.7"))


def test_given_two_admins_who_disable_each_other_then_one_is_left(house: House) -> None:
    house.add("a")
    house.add("b")
    house.accounts.disable("a", "b")
    with pytest.raises(Declined, match="last-admin"):
        house.accounts.disable("b", "a")
    house.accounts.enable("a", "b")
    house.accounts.disable("b", "a")


def test_given_every_act_then_it_is_in_the_audit_with_who_did_it_and_no_secret(house: House) -> None:
    house.add("root")
    key = house.accounts.add("root", "asha", "operator", [], "sw")
    house.keys.accept(key, "", PASSWORD, HERE)
    token = house.accounts.add_token("root", "asha", "robot", ["read"], 30)
    screen = house.accounts.add_display("root", "left", "sw", "dark")
    house.keys.exchange(screen, HERE)
    house.accounts.revoke_token("root", 1)
    house.accounts.revoke_display("root", 1)
    house.accounts.change("root", "asha", "viewer", [])
    house.accounts.reset("root", "asha")
    house.accounts.disable("root", "asha")
    house.accounts.enable("root", "asha")
    cookie = house.log_in("root")
    house.keys.log_out(cookie)
    deeds = house.accounts.deeds(Sought(most=1000))
    told = [(one.who, one.act) for one in reversed(deeds)]
    wanted = [
        ("root", "account add"),
        ("asha", "account password"),
        ("asha", "log in"),
        ("root", "api token add"),
        ("root", "display add"),
        ("left", "display opened"),
        ("root", "api token revoke"),
        ("root", "display revoke"),
        ("root", "account role"),
        ("root", "account reset"),
        ("root", "account disable"),
        ("root", "account enable"),
        ("root", "log in"),
        ("root", "log out"),
    ]
    assert told[1:] == wanted
    text = repr(deeds)
    assert not [one for one in (key, token, screen, cookie, PASSWORD, "argon2") if one in text]


def test_given_the_audit_then_it_is_found_by_who_act_text_and_time_a_page_at_a_time(house: House) -> None:
    house.add("root")
    for number in range(5):
        house.clock.now += 10
        house.accounts.add_display("root", f"Screen {number}", "sw", "dark")
    first = house.accounts.deeds(Sought(act="display add", most=2))
    rest = house.accounts.deeds(Sought(act="display add", before=first[-1].number))
    assert [one.what["name"] for one in (*first, *rest)] == [f"Screen {number}" for number in (4, 3, 2, 1, 0)]
    assert [one.what["name"] for one in house.accounts.deeds(Sought(words="SCREEN 3"))] == ["Screen 3"]
    assert not house.accounts.deeds(Sought(words="%"))
    assert len(house.accounts.deeds(Sought(since=house.clock.now - 15, until=house.clock.now))) == 1


def test_given_postgresql_then_all_of_it_works_there_too(server: str, inventory: Inventory) -> None:
    assert setup_link(server, "")
    for house in opened(server, inventory):
        house.clock.now = time.time()
        cookie = house.log_in(house.add("asha"))
        token = house.accounts.add_token("asha", "asha", "robot", ["read"], None)
        screen = house.keys.exchange(house.accounts.add_display("asha", "left", "sw", "dark"), HERE)
        assert house.keys.of_session(cookie) and house.keys.of_token(token) and house.keys.of_session(screen)
        house.clock.now += EVERY_S
        assert house.keys.of_session(screen)
        assert house.accounts.displays()[0].seen_at == house.clock.now
        assert house.accounts.deeds(Sought(words="ROBOT"))
        house.accounts.revoke_display("asha", 1)
        house.keys.log_out(cookie)
        assert house.keys.of_session(screen) is None and house.keys.of_session(cookie) is None
