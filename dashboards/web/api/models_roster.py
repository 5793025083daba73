"""The documents of the API that tell who is on call, who would be called, and what became of test messages."""

from typing import Annotated, Any

from pydantic import Field

from dashboards.web.api.models import Listed, Time, Told


class Person(Told):
    """A contact of the inventory."""

    contact: str
    name: str


class Held(Told):
    """Who holds a schedule."""

    schedule: str
    on_call: list[Person]
    by: Annotated[str, Field(description="rotation, override, holiday or gap")]
    shift: str | None
    begins: Annotated[Time, Field(alias="from")]
    until: Time | None
    then: list[Person]


class Override(Told):
    """Who stands in."""

    number: int
    schedule: str
    contact: str
    begins: Annotated[Time, Field(alias="from")]
    ends: Annotated[Time, Field(alias="to")]
    author: str
    reason: str
    ended_by: str | None


class Gap(Told):
    """Nobody's turn: it goes to the supervisor."""

    schedule: str
    begins: Annotated[Time, Field(alias="from")]
    ends: Annotated[Time, Field(alias="to")]


class Step(Told):
    """Who is told when nobody answered for so long."""

    after_s: float
    to: list[str]


class Chain(Told):
    """An escalation."""

    name: str
    steps: list[Step]


class Roster(Told):
    """Who is on call at one instant."""

    at: Annotated[Time, Field(description="The instant asked about.")]
    asked_at: Time
    schedules: list[Held]
    turns: list[Held]
    supervisor: list[Person]
    desk: list[Person]
    overrides: list[Override]
    gaps: list[Gap]
    chains: list[Chain]


class OneOverride(Told):
    """Who stands in, as it is after the act."""

    at: Time
    override: Override


class OverrideList(Listed):
    """Who stands in or will, and who did."""

    overrides: list[Override]


class Called(Told):
    """Somebody who would be told."""

    contact: str
    name: str
    telephone: Annotated[str | None, Field(description="In full for who may act; null: none.")]
    mail: Annotated[bool, Field(description="Has an address for mail.")]


class CallStep(Told):
    """Who is called when nobody has answered for so long."""

    after_s: float
    at: Time
    to: Annotated[list[str], Field(description="schedule:NAME, contact:KEY or supervisor", examples=[["schedule:noc"]])]
    instead: Annotated[bool, Field(description="Nobody of them can be reached: it goes to the supervisor.")]
    people: list[Called]


class Calls(Told):
    """Who would be called, and in which order."""

    at: Annotated[Time, Field(description="The instant asked about: when it would be told.")]
    asked_at: Time
    labels: Annotated[dict[str, Any], Field(description="By which the chain is chosen.")]
    chain: str
    steps: Annotated[list[CallStep], Field(description="Empty where such a severity wakes nobody.")]
    mail: Annotated[list[Person], Field(description="Who is written to, whatever its severity.")]


class Trial(Told):
    """A test message as it stands."""

    key: str
    contact: str
    fate: Annotated[str, Field(description="queued, sent, delivered, failed, cancelled or expired")]
    channels: Annotated[list[str], Field(description="Tried in this order.")]
    channel: Annotated[str | None, Field(description="That took it.")]
    queued_at: Time
    ended_at: Time | None
    error: Annotated[str | None, Field(description="Of the last try.")]


class TrialList(Told):
    """Test messages, the newest first."""

    at: Time
    messages: list[Trial]


class MadeTrials(TrialList):
    """Test messages that are queued; the daemon sends them."""
