"""A small GovNet with thirty-six hours of traffic of one link and one circuit, an outage and a hole in it."""

import time
from collections.abc import Iterator

import numpy as np
import pytest

from alerts.alarm import Severity
from alerts.cause import Impact
from alerts.incident import Incident, IncidentState
from alerts.subject import Subject
from alerts.window import Window
from inventory.batch import Batch
from inventory.states import Reason, State
from noc.config import load
from noc.ledger.ledger import open_ledger
from noc.store.writer import MetricStore
from noc.watching import told
from tests.dashboards.web.api.front import MINE, opened
from tests.dashboards.web.visits import Visits

LINK, CIRCUIT, OWN = "up-seacom-1", "iru-seacom-1", f"{MINE}-a"
HOURS = 36
RATES = ("in_bps", "out_bps", "in_errors_ps", "out_errors_ps", "in_discards_ps", "out_discards_ps")


@pytest.fixture(scope="session")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visits]:
    """For looking only. Down from 20 to 19 hours ago; nothing measured from 10 to 9 hours ago."""
    home = tmp_path_factory.mktemp("lines")
    with opened(home) as front:
        config, now = load(home / "noc.toml"), int(time.time()) // 300 * 300
        with MetricStore(config.metrics_file) as store:
            for at in range(now - HOURS * 3600, now, 300):
                if not now - 10 * 3600 <= at < now - 9 * 3600:
                    store.append(_polled(at, down=now - 20 * 3600 <= at < now - 19 * 3600))
            for at, state in (
                (now - HOURS * 3600, State.UP),
                (now - 20 * 3600, State.DOWN),
                (now - 19 * 3600, State.UP),
            ):
                store.append([told("link_state", "", at, [(LINK, state, float(at), Reason.NONE)])])
            store.append([told("watch_state", "", now - HOURS * 3600, [("poller", State.UP, None, Reason.NONE)])])
            store.commit()
        with open_ledger(config.ledger_url, clock=time.time) as ledger, ledger.transaction() as books:
            books.add_window(
                Window(
                    0, "maintenance", f"link={LINK}", "asha", "splice", now - 6 * 3600, now - 5 * 3600,
                    target="link", created_at=now - 86_400,
                )
            )  # fmt: skip
            books.add(
                Incident(
                    0, IncidentState.CLOSED, Severity.MAJOR, Severity.MAJOR, "reachability", (Subject("link", LINK),),
                    now - 20 * 3600, now - 20 * 3600, now - 20 * 3600, impact=Impact(circuits=(CIRCUIT,)),
                    recovered_at=now - 19 * 3600, resolved_at=now - 19 * 3600, closed_at=now - 18 * 3600,
                )
            )  # fmt: skip
        yield Visits(front)


def _polled(at: int, *, down: bool) -> list[Batch]:
    bps = 0.0 if down else 4e8 + 1e8 * np.sin(at / 20_000)
    own = [[4e6, 4e6], [1e6, 1e6], [0.0, 0.0], [0.0, 0.0], [0.0, 0.0], [0.0, 0.0]]
    values = np.array(own)
    values[:2, 0] = bps, bps / 3
    return [
        Batch("link", "", at, (LINK, OWN), RATES, values),
        Batch("circuit_traffic", "", at, (CIRCUIT,), ("in_bps", "out_bps"), np.array([[bps], [bps / 3]])),
        Batch(
            "interface",
            "dar-edge-1",
            at,
            ("xe-0/0/0", "=1+1"),
            ("in_bps", "oper_status"),
            np.array([[bps, 1.0], [1, 1]]),
        ),
        Batch("liveness", "", at, (f"{MINE}-r1",), ("rtt_ms", "loss_ratio"), np.array([[12.3], [0.0]])),
    ]
