"""Known traffic from every site, with the kernel's own count of it; one line is too narrow, and one agent restarts meanwhile."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.patience import HANGS_S, wait_until
from tests.realnet.routers import Kernel, Routers

LASTS_S, SPARE_S = 105, 30  # the second: until all of it flows
FLOWS_BPS = 80e3  # less than the least of them
FLOWS = {
    "cpe001": ("seacom", "300k"),
    "cpe002": ("eassy", "200k"),
    "cpe003": ("tix", "250k"),
    "cpe004": ("seacom", "100k"),
    "cpe005": ("eassy", "350k"),
    "cpe006": ("tix", "250k"),
}
CEILING_BPS = 250e3  # cpe001's line is shaped to this: less than it is offered
RESTARTED, RESTARTS_AFTER_S = "cpe004", 45.0


@dataclass(frozen=True)
class Flow:
    """`kernel` counts beside it."""

    began: float
    kernel: Kernel

    def wait(self) -> float:
        """Until it ends; UTC seconds of that."""
        ended = self.began + LASTS_S
        time.sleep(max(0.0, ended - time.time()))
        return ended


def flows(kernel: Kernel, site: str) -> bool:
    """As the kernel counts, from one reading to the next."""
    if len(kernel.read) < 2:
        return False
    (before, one), (after, two) = (
        (each["t"], each["counters"][site]["wan0"]["out_octets"]) for each in kernel.read[-2:]
    )
    return bool((two - one) * 8 / (after - before) > FLOWS_BPS)


@contextmanager
def flowing(routers: Routers) -> Iterator[Flow]:
    routers.fault("rate", "pe1", "cpe001", CEILING_BPS)
    words = [f"{site}:{far}:{rate}:{LASTS_S + SPARE_S}" for site, (far, rate) in FLOWS.items()]
    restart = threading.Timer(RESTARTS_AFTER_S, routers.fault, ("snmp-restart", RESTARTED))
    with Kernel(routers.counters) as kernel, routers.traffic(*words) as sender:
        try:
            wait_until("every flow flows", lambda: all(flows(kernel, site) for site in FLOWS), every_s=0.2)
            restart.start()
            yield Flow(time.time() + 1.0, kernel)
        finally:
            restart.cancel()
            if restart.is_alive():
                restart.join(HANGS_S)
            sender.terminate()
    routers.fault("rate", "pe1", "cpe001", "500k")
