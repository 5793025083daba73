"""The process that makes, closes and verifies reports beside the web: that takes seconds, and no open page waits for it.

Started by `noc.web.beside`: the configuration and then wishes come on standard input, reports leave on standard output, all
pickled. It ends when its input ends.
"""

import json
import os
import pickle
import sys
from contextlib import suppress
from typing import BinaryIO

from alerts.books import LedgerError
from dashboards.reports.reading import NoReport, read
from noc.closing import CannotClose, close_month
from noc.config import Config
from noc.issued import NotIssued, issue
from noc.issuing import other_version
from noc.store.file import StoreError
from noc.verifying import Unheard, verified
from noc.web.jobs import NICE, Closing, Failed, Printing, Verifying, Wish


def done(config: Config, wish: Wish) -> bytes | Failed:
    try:
        if isinstance(wish, Printing):
            return issue(config, wish.inventory, wish.wanted, wish.now)
        if isinstance(wish, Closing):
            close_month(config, wish.inventory, wish.month, wish.who, wish.now)
            return b""
        return told(config, wish)
    except (NotIssued, CannotClose) as error:
        return Failed(str(error), again=False)
    except (StoreError, LedgerError) as error:
        return Failed(str(error))


def told(config: Config, wish: Verifying) -> bytes:
    """`mistake` where what was handed back is no report that can be verified here, else what differs."""
    try:
        claim = read(wish.text)
        found = [(one.what, one.was, one.now) for one in verified(config, wish.inventory, claim)]
    except (NoReport, Unheard) as error:
        return json.dumps({"mistake": str(error)}).encode()
    differences = [{"what": what, "was": str(was), "now": str(now)} for what, was, now in found]
    return json.dumps(
        {
            "report": claim.report,
            "month": str(claim.period.month),
            "institution": claim.institution,
            "unlike": other_version(claim),
            "differences": differences,
        }
    ).encode()


def serve(wishes: BinaryIO, reports: BinaryIO) -> None:
    """Until the wishes end."""
    with suppress(EOFError):
        config = pickle.load(wishes)
        while True:
            pickle.dump(done(config, pickle.load(wishes)), reports, pickle.HIGHEST_PROTOCOL)
            reports.flush()


if __name__ == "__main__":
    with suppress(OSError):
        os.nice(NICE)
    serve(sys.stdin.buffer, sys.stdout.buffer)
