"""The process that sends to InfluxDB: reads the metric store, talks to the server, and tells the daemon what is there.

Started by `noc.influx.shipping`: its order comes on standard input as one line, receipts leave on standard output, pickled. It
ends when its input ends, so it never outlives the daemon, and may be killed at any instant: nothing is kept here.
"""

import json
import logging
import os
import pickle
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO, Final, Self

from inventory.secret import Secret
from inventory.secrets import Secrets
from noc.config import Config
from noc.influx.access import Access, Place, access_of
from noc.influx.client import open_server
from noc.influx.owed import Receipt, everything
from noc.influx.refused import NAME, SetAside
from noc.influx.shipper import Shipper
from noc.influx.source import Source
from noc.store.file import StoreError

log = logging.getLogger(__name__)

NICE: Final = 10
STORE_RETRY_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Order:
    """What to send where. `words` are token, user and password, None where there is none; never shown."""

    path: Path
    place: Place
    access: Access
    share: float

    @classmethod
    def of(cls, config: Config, secrets: Secrets) -> Self | None:
        """None without a url: nothing is to be sent."""
        section = config.influxdb
        if not section.url:
            return None
        place = Place(section.url, section.bucket, section.org, config.alerts.ca_file)
        return cls(config.metrics_file, place, access_of(secrets), section.backlog_share)

    @property
    def server(self) -> str:
        """Which server's having it is that the bookkeeping speaks of."""
        return " ".join((self.place.url, self.place.bucket, self.place.org)).strip()

    def line(self) -> bytes:
        words = [secret and secret.reveal() for secret in (self.access.token, self.access.user, self.access.password)]
        said = {"path": str(self.path), "place": asdict(self.place), "words": words, "share": self.share}
        return json.dumps(said).encode() + b"\n"

    @classmethod
    def read(cls, line: bytes) -> Self:
        said = json.loads(line)
        access = Access(*(word if word is None else Secret(word) for word in said["words"]))
        return cls(Path(said["path"]), Place(**said["place"]), access, said["share"])


@contextmanager
def sender(order: Order, acknowledge: Callable[[Receipt], None]) -> Iterator[Shipper]:
    """The sender itself, wherever it runs."""
    with ExitStack() as stack:
        source = stack.enter_context(Source(order.path))

        def made() -> None:
            log.warning(
                "InfluxDB had no database %r, it was made: all that is kept here is sent there", order.place.bucket
            )
            acknowledge(Receipt(owed=set(source.run(everything))))

        server = open_server(order.place, order.access, made=made)
        stack.callback(server.close)
        aside = SetAside(order.path.with_name(NAME))
        yield Shipper(source, server, acknowledge, aside, clock=time.time, steady=time.monotonic, share=order.share)


def serve(order: Order, results: BinaryIO) -> None:
    """Until killed, or nobody is left to take the receipts (BrokenPipeError)."""

    def acknowledge(receipt: Receipt) -> None:
        pickle.dump(receipt, results, pickle.HIGHEST_PROTOCOL)
        results.flush()

    failing = False
    with sender(order, acknowledge) as shipper:
        while True:
            try:
                time.sleep(shipper.step())
                failing = False
            except StoreError as error:
                if not failing:
                    log.error("sending to InfluxDB waits: %s", error)
                failing = True
                time.sleep(STORE_RETRY_S)


def main() -> None:
    os.nice(NICE)
    for number in (
        signal.SIGTERM,
        signal.SIGINT,
    ):  # said to the whole house: the daemon ends this process when it is ready
        signal.signal(number, signal.SIG_IGN)
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    order = Order.read(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with_input, daemon=True).start()
    try:
        serve(order, sys.stdout.buffer)
    except BrokenPipeError:
        os._exit(0)


def _end_with_input() -> None:
    sys.stdin.buffer.read()
    os._exit(0)
