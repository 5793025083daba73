"""The documents of the API, as its description names them; answers are made as they are and held against these in tests."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field


class Told(BaseModel):
    """Anything that is told; keys may be added within a version, never taken away or given another meaning."""

    model_config = ConfigDict(extra="forbid")


Time = Annotated[str, Field(description="ISO 8601, UTC.", examples=["2026-11-22T02:14:00Z"])]
Labels = dict[str, str | float | list[str]]


class Problem(Told):
    """RFC 9457."""

    type: Annotated[str, Field(description="Address of what is told of this kind of problem.")]
    title: Annotated[str, Field(description="The kind of problem, always in the same words.")]
    status: int
    code: Annotated[
        str,
        Field(
            description="What it is, in a word for programs that never changes; new ones may come.",
            examples=["not-understood"],
        ),
    ]
    detail: Annotated[str, Field(description="What is wrong this time, and what to do.")]
    instance: Annotated[str, Field(description="The path that was asked.")]
    problems: Annotated[dict[str, str], Field(description="Every mistake: where it is -> what it is.")] = {}
    hints: Annotated[list[str], Field(description="What was perhaps meant.")] = []


class Daemon(Told):
    """The daemon that measures: what is older than its last write is not known to hold."""

    state: Annotated[str, Field(description="running, silent, stopped or never-ran")]
    version: str | None = None
    started: Time | None = None
    written_at: Time | None
    data_age_s: float | None
    blind_since: Annotated[
        Time | None,
        Field(description="Since when it is cut off from the network: all states are of then. null: it sees."),
    ] = None


class StatusOf(Told):
    """How one of them stands."""

    key: str
    state: Annotated[str, Field(description="up, degraded, unknown, unreachable or down")]
    since: Time | None
    reason: str
    flags: list[str]
    at: Annotated[Time | None, Field(description="When that was last known.")]
    age_s: Annotated[float | None, Field(description="How old that is.")]
    stale: Annotated[bool, Field(description="Older than 2.5 intervals: not known to hold any more.")]
    labels: Annotated[dict[str, Any], Field(description="What it is; what selectors ask for.")]
    figures: Annotated[dict[str, Any], Field(description="What it measures; a figure not known is absent.")]
    note: str
    sentence: str


class Listed(Told):
    """One page of everything that was selected."""

    at: Time
    total: Annotated[int, Field(description="Selected, on all pages.")]
    next: Annotated[str | None, Field(description="Cursor of the page after; null on the last one.")]


class StatusList(Listed):
    """How everything that was selected stands."""

    daemon: Daemon
    counts: Annotated[dict[str, int], Field(description="State -> how many of those selected.")]
    warnings: list[str]


class SiteList(StatusList):
    """Sites and how they stand."""

    sites: list[StatusOf]


class LinkList(StatusList):
    """Links and how they stand."""

    links: list[StatusOf]


class DeviceList(StatusList):
    """Devices and how they stand."""

    devices: list[StatusOf]


class OneOf(Told):
    at: Time
    daemon: Daemon


class OneSite(OneOf):
    """How one site stands."""

    site: StatusOf


class OneLink(OneOf):
    """How one link stands."""

    link: StatusOf


class OneDevice(OneOf):
    """How one device stands."""

    device: StatusOf
