"""The process that makes reports beside the web: a page of paper takes seconds, and no open page waits for it.

Started by `noc.web.beside`: the configuration and then wishes come on standard input, reports leave on standard output, all
pickled. It ends when its input ends.
"""

import os
import pickle
import sys
from contextlib import suppress
from typing import BinaryIO

from noc.config import Config
from noc.issued import NotIssued, issue
from noc.store.file import StoreError
from noc.web.jobs import NICE, Failed, Printing


def printed(config: Config, wish: Printing) -> bytes | Failed:
    try:
        return issue(config, wish.inventory, wish.wanted, wish.now)
    except NotIssued as error:
        return Failed(str(error), again=False)
    except StoreError as error:
        return Failed(str(error))


def serve(wishes: BinaryIO, reports: BinaryIO) -> None:
    """Until the wishes end."""
    with suppress(EOFError):
        config = pickle.load(wishes)
        while True:
            pickle.dump(printed(config, pickle.load(wishes)), reports, pickle.HIGHEST_PROTOCOL)
            reports.flush()


if __name__ == "__main__":
    with suppress(OSError):
        os.nice(NICE)
    serve(sys.stdin.buffer, sys.stdout.buffer)
