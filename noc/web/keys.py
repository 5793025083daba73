"""Who is at the door, by what the ledger keeps."""

from dashboards.web.viewer import Viewer
from noc.web.cases import LedgerCases


class LedgerKeys:
    """`KeySource` over the ledger."""

    def __init__(self, cases: LedgerCases) -> None:
        self._cases = cases

    def of_session(self, cookie: str) -> Viewer | None:
        return None

    def of_token(self, token: str) -> Viewer | None:
        return None
