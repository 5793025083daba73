"""Logging in and out, forms and their keys, one-time links, displays and tokens, as browsers and programs meet them."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.web.sources.accounts import Declined, Sought
from noc.accounts import acts
from noc.web.cases import LedgerCases
from noc.web.keys import LedgerKeys
from noc.web.passwords import Passwords
from tests.dashboards.web.api.front import MINE
from tests.dashboards.web.doors import PASSWORD, Doors, acts_caller, doors, hashed_in_ledger

KEY = re.compile(r'name="form_key" value="(\w+)"')


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with doors(tmp_path_factory.mktemp("doors")) as found:
        yield found


def added(front: Doors, name: str, role: str = "operator") -> str:
    hashed = front.keys.passwords.hashed(PASSWORD)
    with front.keys.held.acting() as books:
        acts.add_account(acts.Hand(books, "test", front.clock()), name, role, [MINE], password=hashed)
    return name


def log_in(front: Doors, name: str, password: str = PASSWORD, **more: str) -> tuple[int, str]:
    """(status, cookie header)."""
    answer = front.ask("/login", method="POST", form={"name": name, "password": password}, **more)
    return answer.status, f"noc_session={answer.cookies.get('noc_session', '')}"


def deeds(front: Doors, act: str) -> list[dict[str, object]]:
    return [dict(one.what) for one in front.accounts.deeds(Sought(act=act))]


def test_given_name_and_password_then_a_session_begins_where_one_wanted_to_go(front: Doors) -> None:
    form = {"name": " Viewer ", "password": PASSWORD, "next": "/sites?state=down"}
    answer = front.ask("/login", method="POST", form=form)
    assert (answer.status, answer.headers["location"]) == (303, "/sites?state=down")
    cookie = answer.headers["set-cookie"]
    assert all(part in cookie for part in ("HttpOnly", "SameSite=lax", "Path=/", "Max-Age=604800"))
    assert "Secure" not in cookie  # it was asked over http
    assert front.ask("/account", cookie=f"noc_session={answer.cookies['noc_session']}").status == 200
    assert hashed_in_ledger(front, answer.cookies["noc_session"])


@pytest.mark.parametrize(
    "way", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/a\r\nb", "/é", ""]
)
def test_given_a_way_out_of_the_house_then_one_lands_at_its_start(front: Doors, way: str) -> None:
    answer = front.ask("/login", method="POST", form={"name": "viewer", "password": PASSWORD, "next": way})
    assert (answer.status, answer.headers["location"]) == (303, "/")


def test_given_a_wrong_password_an_unknown_name_or_a_disabled_account_then_the_answer_is_the_same(front: Doors) -> None:
    front.accounts.disable("test", added(front, "gone"))
    tries = [("viewer", "not this one at all"), ("nobody-knows", PASSWORD), ("gone", PASSWORD)]
    texts = []
    for place, (name, password) in enumerate(tries):
        answer = front.ask(
            "/login", method="POST", form={"name": name, "password": password}, client=f"198.51.100.{place}"
        )
        assert answer.status == 403
        texts.append(answer.text.replace(name, "NAME"))
        assert not answer.cookies
    assert len({re.sub(r"[\d:.T-]+Z?", "", text) for text in texts}) == 1
    told = {(one["account"], one["why"]) for one in deeds(front, "log-in refused")}
    assert told == {("viewer", "wrong"), ("", "unknown"), ("gone", "disabled")}


def test_given_many_wrong_passwords_then_one_waits_ever_longer_but_the_owner_elsewhere_does_not(front: Doors) -> None:
    added(front, "tried")
    waits = []
    for _ in range(6):
        answer = front.ask("/login", method="POST", form={"name": "tried", "password": "x" * 20}, client="203.0.113.9")
        if answer.status == 429:
            waits.append(int(answer.headers["retry-after"]))
            front.clock.now += waits[-1]
    assert waits == [1, 2]
    assert log_in(front, "tried", client="192.0.2.50")[0] == 303
    assert log_in(front, "tried", client="203.0.113.9")[0] in (303, 429)


def test_given_an_attack_from_everywhere_then_who_was_in_from_there_comes_in_and_others_wait_half_a_minute_at_most(
    front: Doors,
) -> None:
    added(front, "wanted")
    assert log_in(front, "wanted", client="192.0.2.60")[0] == 303
    for place in range(40):
        answer = front.ask(
            "/login", method="POST", form={"name": "wanted", "password": "x" * 20}, client=f"203.0.113.{place + 20}"
        )
        if answer.status == 429:
            assert int(answer.headers["retry-after"]) <= 30
    assert log_in(front, "wanted", client="192.0.2.60")[0] == 303
    front.clock.now += 31
    assert log_in(front, "wanted", client="198.51.100.200")[0] == 303


def test_given_a_log_in_sent_by_another_site_then_nothing_is_done(front: Doors) -> None:
    for headers in ({"origin": "https://evil.example"}, {"origin": "null"}, {"sec_fetch_site": "cross-site"}):
        status, cookie = log_in(front, "viewer", **headers)
        assert (status, cookie) == (403, "noc_session=")
    assert log_in(front, "viewer", origin="http://noc.test")[0] == 303
    assert log_in(front, "viewer", sec_fetch_site="same-origin")[0] == 303


def test_given_a_session_then_logging_in_again_gives_another_one_and_ends_it(front: Doors) -> None:
    before, _ = front.with_cookie("viewer")
    status, after = log_in(front, "viewer", cookie=before)
    assert status == 303
    assert after != before
    assert front.ask("/account", cookie=before).status == 303
    assert front.ask("/account", cookie=after).status == 200


def test_given_a_log_out_then_the_session_is_over(front: Doors) -> None:
    cookie, key = front.with_cookie("viewer")
    assert front.ask("/logout", method="POST", form={}, cookie=cookie).status == 403
    answer = front.ask("/logout", method="POST", form={"form_key": key}, cookie=cookie)
    assert (answer.status, answer.headers["location"]) == (303, "/login")
    assert front.ask("/account", cookie=cookie).status == 303


def test_given_twelve_idle_hours_or_seven_days_then_a_session_is_over(front: Doors) -> None:
    cookie, _ = front.with_cookie("viewer")
    for _ in range(16):
        front.clock.now += 11 * 3600
        answer = front.ask("/account", cookie=cookie)
        if answer.status == 303:
            break
    assert answer.status == 303  # after 168 h, though it never was idle for 12
    cookie, _ = front.with_cookie("viewer")
    front.clock.now += 12 * 3600 + 1
    assert front.ask("/account", cookie=cookie).status == 303


def test_given_a_form_key_that_is_another_sessions_or_twice_or_in_the_address_then_nothing_is_done(
    front: Doors,
) -> None:
    cookie, key = front.with_cookie("admin")
    _, other = front.with_cookie("admin")
    for form in ({"form_key": other}, {"form_key": [key, key]}, {"form_key": key + "x"}, {"form_key": "é\0"}):
        answer = front.ask("/displays", method="POST", form={"name": "Not made", **form}, cookie=cookie)
        assert answer.status == 403
    assert front.ask(f"/displays?form_key={key}", method="POST", form={"name": "Not made"}, cookie=cookie).status == 403
    assert "Not made" not in {one.name for one in front.accounts.displays()}
    sent = front.ask("/displays", method="POST", form={"name": "By script"}, cookie=cookie, x_form_key=key)
    assert sent.status == 200


def test_given_a_form_from_before_the_last_log_in_then_what_was_typed_is_shown_and_not_lost(front: Doors) -> None:
    cookie, _ = front.with_cookie("operator")
    typed = "Spoke with TTCL, splice at km 40 <b>"
    stale = front.ask("/incidents/1/note", method="POST", form={"text": typed, "form_key": "0" * 32}, cookie=cookie)
    assert stale.status == 403
    assert "Spoke with TTCL, splice at km 40 &lt;b&gt;" in stale.text
    out = front.ask("/incidents/1/note", method="POST", form={"text": typed})
    assert out.status == 403
    assert "splice at km 40" in out.text
    foreign = front.ask("/incidents/1/note", method="POST", form={"text": typed}, origin="http://evil.example")
    assert foreign.status == 403
    assert "splice at km 40" not in foreign.text


def test_given_a_token_then_no_key_is_needed_and_it_may_no_more_than_its_scopes_and_its_account(front: Doors) -> None:
    read = front.accounts.add_token("admin", "admin", "reader", ["read"], None)
    viewer = front.accounts.add_token("admin", "viewer", "too much", ["read", "act", "admin"], None)
    for token in (read, viewer):
        bearer = f"Bearer {token}"
        assert front.ask("/sites", authorization=bearer).status == 200
        assert front.ask("/accounts", authorization=bearer).status == 403
        assert front.ask("/incidents/1/note", method="POST", form={"text": "x"}, authorization=bearer).status == 403
    front.accounts.disable("admin", "viewer")
    assert front.ask("/api/v1/sites", authorization=f"Bearer {viewer}").status == 401
    front.accounts.enable("admin", "viewer")
    number = next(one.number for one in front.accounts.tokens() if one.label == "reader")
    front.accounts.revoke_token("admin", number)
    answer = front.ask("/api/v1/sites", authorization=f"Bearer {read}")
    assert (answer.status, answer.headers["www-authenticate"].split(" ")[0]) == (401, "Bearer")


def test_given_a_token_then_it_changes_neither_password_nor_sessions_of_its_account(front: Doors) -> None:
    cookie, _ = front.with_cookie("viewer")
    for scopes in (["read"], ["read", "act", "admin"]):
        bearer = f"Bearer {front.accounts.add_token('admin', 'viewer', 'grafana', scopes, None)}"
        for path in ("/account/sessions/end", "/account/tokens/1/revoke", "/account/preferences", "/account/password"):
            assert front.ask(path, method="POST", form={"old": PASSWORD}, authorization=bearer).status == 403
    assert front.ask("/account", cookie=cookie).status == 200


def test_given_a_header_of_programs_with_nothing_in_it_then_the_session_still_needs_its_key(front: Doors) -> None:
    cookie, key = front.with_cookie("admin")
    for headers in ({"authorization": ""}, {"authorization": "", "origin": "https://evil.example"}):
        form = {"name": "Not by token"} | ({"form_key": key} if "origin" in headers else {})
        assert front.ask("/displays", method="POST", form=form, cookie=cookie, **headers).status == 403  # type: ignore[arg-type]
    assert "Not by token" not in {one.name for one in front.accounts.displays()}


def test_given_a_log_in_of_another_site_with_a_header_of_programs_then_nothing_is_done_either(front: Doors) -> None:
    for header in ("Basic eDp5", "Bearer x"):
        status, cookie = log_in(front, "viewer", origin="https://evil.example", authorization=header)
        assert (status, cookie) == (403, "noc_session=")


def test_given_a_displays_address_that_is_opened_without_end_then_the_ledger_is_not_filled_with_it(
    front: Doors,
) -> None:
    token = front.accounts.add_display("admin", "Flood", "en", "dark")
    found = [front.ask(f"/wall?token={token}") for _ in range(62)]
    assert {one.status for one in found[:60]} == {303}
    assert [one.status for one in found[60:]] == [429, 429]
    assert 0 < int(found[-1].headers["retry-after"]) <= 60
    front.clock.now += 60
    assert front.ask(f"/wall?token={token}").status == 303


def test_given_an_account_disabled_while_it_logs_in_then_it_is_not_in(front: Doors) -> None:
    class Late(Passwords):
        def outdated(self, kept: str) -> bool:
            front.accounts.disable("admin", "late")
            return False

    added(front, "late")
    cases = LedgerCases(front.config.ledger_url, front.clock)
    try:
        keys = LedgerKeys(cases, front.house.status.inventory, front.clock, Late(1, 8))
        with pytest.raises(Declined):
            keys.log_in("late", PASSWORD, acts_caller())
    finally:
        cases.close()


def test_given_a_token_with_an_end_then_it_opens_nothing_after_it(front: Doors) -> None:
    token = front.accounts.add_token("admin", "operator", "short", ["read"], 1)
    assert front.ask("/api/v1/sites", authorization=f"Bearer {token}").status == 200
    front.clock.now += 86_400
    assert front.ask("/api/v1/sites", authorization=f"Bearer {token}").status == 401


def test_given_a_displays_address_then_it_is_exchanged_for_a_cookie_that_sees_the_wall_alone_until_it_is_revoked(
    front: Doors,
) -> None:
    token = front.accounts.add_display("admin", "Left", "sw", "dark")
    answer = front.ask(f"/wall?token={token}&lang=en")
    assert (answer.status, answer.headers["location"]) == (303, "/wall?lang=en")
    assert answer.headers["referrer-policy"] == "no-referrer"
    cookie = f"noc_display={answer.cookies['noc_display']}"
    wall = front.ask("/wall", cookie=cookie, whole=False)
    assert wall.status == 200
    assert wall.cookies["noc_display"] == answer.cookies["noc_display"]  # given anew, so that it does not end
    kept_out = front.ask("/incidents/7?all=1", cookie=cookie)  # what the wall links to
    assert kept_out.status == 403 and 'href="/login?next=%2Fincidents%2F7%3Fall%3D1"' in kept_out.text
    for _ in range(20):  # a year and a half of nights
        front.clock.now += 28 * 86_400
        assert front.ask("/wall", cookie=cookie, whole=False).status == 200
    number = next(one.number for one in front.accounts.displays() if one.name == "Left")
    front.accounts.revoke_display("admin", number)
    assert front.ask("/wall", cookie=cookie, whole=False).status == 303
    assert front.ask(f"/wall?token={token}").status == 403


def test_given_an_admin_then_a_new_account_gets_in_by_a_link_that_is_good_once(front: Doors) -> None:
    cookie, key = front.with_cookie("admin")
    form = {"name": "Neema", "role": "institution", "institutions": [MINE], "form_key": key}
    made = front.ask("/accounts", method="POST", form=form, cookie=cookie)
    link = re.search(r"/setup\?key=([\w-]+)", made.text)
    assert link
    assert "neema" in front.ask(f"/setup?key={link[1]}").text
    chosen = {"key": link[1], "password": PASSWORD, "again": PASSWORD}
    assert front.ask("/setup", method="POST", form={**chosen, "again": "another one, longer"}).status == 422
    entered = front.ask("/setup", method="POST", form=chosen)
    assert entered.status == 303
    mine = f"noc_session={entered.cookies['noc_session']}"
    assert front.ask(f"/sites/{MINE}", cookie=mine).status == 200
    assert front.ask("/sites/gdc-dod", cookie=mine).status == 404
    assert front.ask("/setup", method="POST", form=chosen).status == 410
    front.ask("/accounts/neema/disable", method="POST", form={"form_key": key}, cookie=cookie)
    assert front.ask(f"/sites/{MINE}", cookie=mine).status == 303


def test_given_a_new_password_then_all_other_sessions_are_over(front: Doors) -> None:
    added(front, "changer")
    here, key = front.with_cookie("changer")
    there, _ = front.with_cookie("changer")
    new = "another long sentence"
    form = {"old": PASSWORD, "password": new, "again": new, "form_key": key}
    wrong = front.ask("/account/password", method="POST", form={**form, "old": "not it, not at all"}, cookie=here)
    assert wrong.status == 422
    assert front.ask("/account/password", method="POST", form=form, cookie=here).status == 303
    assert front.ask("/account", cookie=here).status == 200
    assert front.ask("/account", cookie=there).status == 303
    assert log_in(front, "changer", client="192.0.2.99")[0] == 403
    assert log_in(front, "changer", new, client="192.0.2.98")[0] == 303


def test_given_the_last_admin_then_nobody_disables_it_or_makes_it_less(front: Doors) -> None:
    cookie, key = front.with_cookie("admin")
    for path, form in (("/accounts/admin/disable", {}), ("/accounts/admin", {"role": "viewer"})):
        answer = front.ask(path, method="POST", form={**form, "form_key": key}, cookie=cookie)
        assert answer.status == 422
        assert "last admin" in answer.text


def test_given_every_act_then_the_audit_page_has_it_and_finds_it(front: Doors) -> None:
    cookie, _ = front.with_cookie("admin")
    front.accounts.add_display("admin", "<script>alert(1)</script>", "en", "dark")
    page = front.ask("/audit?act=display+add", cookie=cookie)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    assert "<script>alert" not in page.text
    found = front.ask("/audit?q=alert(1)", cookie=cookie).text.partition("<tbody>")[2].partition("</tbody>")[0]
    assert "display add" in found
    assert "log in" not in found
    assert front.ask("/audit?from=2026-13-99", cookie=cookie).status == 422
    assert front.ask("/audit?before=-1", cookie=cookie).status == 422
    assert front.ask("/audit?before=1", cookie=cookie).status == 200


@pytest.mark.parametrize("size", [257, 3_000, 900_000])
def test_given_a_password_longer_than_any_then_it_is_refused_without_being_worked_on(front: Doors, size: int) -> None:
    answer = front.ask(
        "/login", method="POST", form={"name": "big", "password": "x" * size}, client=f"100.64.{size % 200}.1"
    )
    assert answer.status in (403, 422)


def test_given_ten_megabytes_then_they_are_not_taken(front: Doors) -> None:
    assert front.ask("/login", method="POST", form=b"password=" + b"x" * (10 << 20)).status == 413


@settings(deadline=None, max_examples=60)
@given(st.text(alphabet=st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_characters="\x7f"), max_size=300))
def test_given_any_cookie_or_token_then_it_is_nobodys_and_nothing_breaks(front: Doors, text: str) -> None:
    assert front.ask("/account", cookie=f"noc_session={text}; noc_display={text}").status == 303
    assert front.ask("/api/v1/me", authorization=f"Bearer {text}").status == 401
    assert front.ask("/api/v1/me", authorization=text or "x").status == 401


def test_given_fields_twice_or_with_nul_then_they_are_not_understood(front: Doors) -> None:
    for form in ({"name": ["a", "b"], "password": "x"}, {"name": "a\0b", "password": "x"}):
        assert front.ask("/login", method="POST", form=form, client="100.65.1.1").status == 422
    assert front.ask("/login", method="POST", form=b"\xff\xfe=%zz&&&", client="100.65.1.2").status in (403, 422)
