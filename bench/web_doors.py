"""What it costs to know who asks: with each request, after somebody committed, and when any right has changed.

python bench/web_doors.py                   200 displays and 50 people are logged in
python bench/web_doors.py --displays 1000
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent)]

from dashboards.web.sources.accounts import Caller  # noqa: E402
from inventory.model import Inventory  # noqa: E402
from noc.accounts import acts  # noqa: E402
from noc.ledger.access import MOVED  # noqa: E402
from noc.ledger.ledger import SqlLedger, open_ledger  # noqa: E402
from noc.web.cases import LedgerCases  # noqa: E402
from noc.web.keys import LedgerKeys  # noqa: E402
from noc.web.passwords import Passwords  # noqa: E402
from noc.web.setup import bring_up  # noqa: E402

PASSWORD = "grey walls hum softly"
SCREENS = 20  # of one display


def cost(times: int, act: Callable[[], object]) -> float:
    """Microseconds of processor time of this process, each."""
    begun = time.process_time()
    for _ in range(times):
        act()
    return (time.process_time() - begun) / times * 1e6


def let_in(keys: LedgerKeys, people: int, displays: int) -> str:
    """A display's cookie, when all of them are in."""
    hashed, here, cookie = keys.passwords.hashed(PASSWORD), Caller("192.0.2.1", "bench"), ""
    for number in range(people):
        with keys.held.acting() as books:
            acts.add_account(acts.Hand(books, "bench", time.time()), f"p{number}", "operator", password=hashed)
        keys.log_in(f"p{number}", PASSWORD, here)
    for number in range(0, displays, SCREENS):
        with keys.held.acting() as books:
            token = acts.add_display(acts.Hand(books, "bench", time.time()), f"d{number}")
        for _ in range(min(SCREENS, displays - number)):
            cookie = keys.exchange(token, here)
    return cookie


def marked(ledger: SqlLedger, name: str) -> None:
    with ledger.transaction() as books:
        books.put_mark(name, str(time.time_ns()))


def read_mark(ledger: SqlLedger) -> None:
    with ledger.reading() as books:
        books.mark("any")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--displays", type=int, default=200)
    parser.add_argument("--people", type=int, default=50)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        url = f"sqlite:///{home}/ledger.db"
        bring_up(url)
        cases = LedgerCases(url, time.time)
        keys = LedgerKeys(cases, Inventory, time.time, Passwords(1, 8))
        cookie = let_in(keys, asked.people, asked.displays)
        with open_ledger(url, clock=time.time) as daemon:
            told(keys, cookie, daemon)
        cases.close()
    dear = Passwords()
    kept = dear.hashed(PASSWORD)
    print(f"log-in: argon2id {cost(5, lambda: dear.right(kept, PASSWORD)) / 1000:.0f} ms", end="; ")
    print(f"of an unknown name {cost(5, lambda: dear.right('', PASSWORD)) / 1000:.0f} ms")
    return 0


def told(keys: LedgerKeys, cookie: str, daemon: SqlLedger) -> None:
    read = cost(1000, lambda: read_mark(daemon))
    still = cost(3000, lambda: keys.of_session(cookie))
    committing = cost(200, lambda: marked(daemon, "bench"))
    after = cost(200, lambda: (marked(daemon, "bench"), keys.of_session(cookie))) - committing
    anew = cost(100, lambda: (marked(daemon, MOVED), keys.of_session(cookie))) - committing
    print(f"one row read from the ledger (baseline)      {read:7.0f} us")
    for what, found in (
        ("who asks, nothing changed", still),
        ("who asks, first after a commit", after),
        ("who asks, first after any right has changed", anew),
    ):
        print(f"{what:<44} {found:7.0f} us  {found / read:5.2f} x")


if __name__ == "__main__":
    sys.exit(main())
