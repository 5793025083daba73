"""The documents of the API that tell of capacity: contracts, who holds them, requests, what if."""

from typing import Annotated, Any

from pydantic import Field

from dashboards.web.api.models import Listed, Time, Told

Day = Annotated[str, Field(description="ISO 8601, a local day.", examples=["2027-01-01"])]


class Percentile(Told):
    """95th of five-minute means; provisional while slots are missing."""

    bps: int | None
    rank: int
    present: int
    expected: int
    provisional: bool


class Use(Told):
    """Of one direction in a month; null is not known."""

    base_bps: int
    now_bps: int | None
    now_at: Time | None
    now_age_s: float | None
    mean_bps: int | None
    peak_bps: int | None
    peak_at: Time | None
    p95: Percentile
    p95_ratio: float | None
    level: float
    above_level_s: int
    flat_top_s: int
    burst_s: Annotated[
        int | None, Field(description="Above what is committed; null where nothing is known of commits.")
    ]
    refused_s: int


class Headroom(Told):
    """When the level is reached."""

    answer: str
    on: Day | None
    early: Day | None
    late: Day | None
    days_left: int | None
    level_bps: int
    p95_30d_bps: int | None
    growth_a_year: float | None
    history_days: int


class Side(Use):
    """One direction of a contract."""

    delivered_bps: int
    capacity_bps: int
    reserved_bps: int
    allocated_bps: int
    free_bps: int
    over_committed_from: Day | None
    headroom: Headroom


class OverSubscribed(Told):
    """Who answers for a request beyond capacity."""

    request: str
    by: str
    why: str


class Contract(Told):
    """Capacity bought: what is delivered, held, used."""

    key: str
    name: str
    provider: str
    circuits: list[str]
    since: Annotated[Day, Field(alias="from")]
    until: Annotated[Day | None, Field(alias="to")]
    rule: str
    level: float
    wrong: list[str]
    over_subscribed: list[OverSubscribed]
    billed: dict[str, Percentile]
    inwards: Annotated[Side, Field(alias="in")]
    out: Side


class Pool(Told):
    """Contracts that stand in for each other."""

    key: str
    contracts: list[str]
    diversity: str


class ProviderUse(Told):
    """All contracts of a provider together."""

    key: str
    inwards: Annotated[Use, Field(alias="in")]
    out: Use


class CircuitFigures(Told):
    """A circuit in a month."""

    key: str
    provider: str
    reference: str
    state: str
    stale: bool
    since: Time | None
    reason: str
    wrong: list[str]
    inwards: Annotated[Use, Field(alias="in")]
    out: Use
    rtt_ms: float | None
    rtt_now_ms: float | None
    rtt_top_ms: float | None
    loss_ratio: float | None
    discards: int | None
    available: float | None
    up_s: float
    down_s: float
    planned_s: float
    unknown_s: float
    faults: int


class CircuitFigureList(Listed):
    """Circuits in a month."""

    made_at: Time
    month: str
    until: Time
    circuits: list[CircuitFigures]


class Overview(Told):
    """Contracts and circuits in a month."""

    at: Time
    made_at: Annotated[Time, Field(description="When the figures were computed.")]
    month: str
    since: Annotated[Time, Field(alias="from")]
    until: Time
    closed: bool
    wrong: list[str]
    pools: list[Pool]
    contracts: list[Contract]
    providers: list[ProviderUse]
    circuits: list[CircuitFigures]


class Holder(Told):
    """What an institution holds and uses; null is not measured."""

    key: str
    measured: bool
    commit_in_bps: float | None
    commit_out_bps: float | None
    iru_use: dict[str, Use] | None
    access_use: dict[str, Use] | None


class HolderList(Listed):
    """What institutions hold and use."""

    institutions: list[Holder]


class Balance(Told):
    """One contract and direction on a day."""

    contract: str
    direction: str
    delivered_bps: int
    capacity_bps: int
    allocated_bps: int
    reserved_bps: int
    free_bps: int
    over_committed_from: Day | None


class Term(Told):
    """Rates over days, half-open."""

    since: Annotated[Day, Field(alias="from")]
    until: Day | None
    in_bps: int
    out_bps: int


class Signature(Told):
    """Who answers for going beyond capacity."""

    by: str
    why: str


class Request(Told):
    """A request as it stands."""

    number: int
    reference: str
    institution: str
    pool: str | None
    contracts: dict[str, int]
    in_bps: int
    out_bps: int
    since: Annotated[Day, Field(alias="from")]
    until: Day | None
    state: str
    author: str
    approver: str | None
    recorded_at: Time
    over_subscribed: Signature | None
    asks: Annotated[list[Term] | None, Field(description="What waits for an approver.")]
    asked_by: str | None


class Deed(Request):
    """One act on a request, and how it stood then."""

    act: str
    who: str
    reason: str | None


class Posting(Told):
    """One line of the ledger."""

    contract: str
    direction: str
    source: str
    target: str
    bps: int
    since: Annotated[Day, Field(alias="from")]
    until: Day | None
    act: str
    request: int | None
    author: str
    recorded_at: Time


class Ledger(Told):
    """Who holds what on a day, as known at a time."""

    at: Time
    on: Day
    known: Time
    contracts: list[Balance]
    allocations: list[Request]
    postings: list[Posting] | None = None


class RequestList(Listed):
    """Requests."""

    requests: list[Request]


class RequestStory(Told):
    """One request with every act and posting."""

    at: Time
    request: Request
    acts: list[Deed]
    postings: list[Posting]


class OneRequest(Told):
    """A request as it stands after the act."""

    at: Time
    request: Request


class WhatIf(Told):
    """What would happen."""

    at: Time
    question: str
    growth_a_month: float | None
    used_share: dict[str, float]
    uncarried_bps: dict[str, int]
    outcomes: list[dict[str, Any]]
