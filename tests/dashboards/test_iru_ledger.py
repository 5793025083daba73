"""Tables of the capacity ledger: they fit 80 columns whatever things are called, and say what is beyond capacity."""

from dashboards.iru_ledger import Asked, ledger_json, ledger_lines
from dashboards.iru_request import announced, story_lines
from inventory.accounts.acts import Ask
from inventory.accounts.request import Term
from inventory.model import Institution, Inventory, Name
from tests.inventory.accounts.stage import NOW, WHY, M, Stage, contract, day, network

LONG = "a-contract-of-a-very-long-name-that-somebody-thought-was-a-good-idea"
WHOSE = "an-institution-with-a-name-as-long-as-a-sentence-in-a-law-of-the-united-republic"


def stage() -> Stage:
    contracts = network(contract(LONG, pool="p"), contract("sea", pool="p")).contracts
    people = {WHOSE: Institution(WHOSE, Name("x"), "school"), "school": Institution("school", Name("y"), "school")}
    made = Stage(inventory=Inventory(institutions=people, contracts=contracts))
    term = Term(day(0), day(30), 12_345_678, M)
    made.acts("kim").add(Ask("L/1", WHOSE, {LONG: 2, "sea": 1}, term))
    made.acts("ali").approve(1)
    made.acts("kim", WHY).add(Ask("L/2", "school", {"sea": 1}, Term(day(5), None, 100 * M, 100 * M)))
    return made


def test_given_long_names_then_tables_fit_and_say_what_is_beyond() -> None:
    made = stage()
    asked = Asked(day(6), None, (LONG, "sea"))
    lines = list(ledger_lines(made.book, asked, made.inventory.contracts, 80))
    tables = [line for line in lines if "OVER-COMMITTED" not in line]
    assert all(len(line) <= 80 for line in tables)
    assert any("12.345678" in line and "approved" in line for line in lines)
    assert "2 requests, 1 of them approved" in lines
    assert any(line.startswith("p, all") for line in lines)
    assert lines[-2] == "sea in: OVER-COMMITTED by 4.115226 Mb/s (R-2 over-subscribed)"
    posted = list(ledger_lines(made.book, asked, made.inventory.contracts, 80, lines=True))
    assert all(len(line) <= 80 for line in posted if "OVER-COMMITTED" not in line)


def test_given_one_contract_then_rates_are_its_share() -> None:
    made = stage()
    lines = list(ledger_lines(made.book, Asked(day(1), None, ("sea",)), made.inventory.contracts, 80))
    assert lines[1].startswith("R-1") and " 4.115226 " in lines[1]


def test_given_an_early_knowledge_then_nothing_stood_there() -> None:
    made = stage()
    asked = Asked(day(6), NOW - 5, ("sea",))
    assert "nothing stood in the ledger then" in list(ledger_lines(made.book, asked, made.inventory.contracts, 80))
    found = ledger_json(made.book, asked, NOW)
    assert found["allocations"] == [] and found["contracts"][0]["capacity_bps"] == 0


def test_given_a_story_then_every_act_has_its_name_and_line() -> None:
    made = stage()
    lines = list(story_lines(made.book, 1, made.at, 80))
    assert any("add by kim" in line for line in lines) and any("approve by ali" in line for line in lines)
    assert "OVER-SUBSCRIBED by H. Mfinanga: census week" in announced(made.book.requests[2], signed=True)
