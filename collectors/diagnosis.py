"""What a diagnosis says: the trials made, one by one, then the cause in a sentence and what to do about it."""

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple


@dataclass(frozen=True, slots=True)
class Trial:
    """One thing tried. `good` is None where the result speaks neither for nor against the device."""

    what: str
    result: str
    good: bool | None
    took_s: float


class Verdict(NamedTuple):
    """Of a cause: the sentence and the advice, with places for what is known of the device."""

    sentence: str
    advice: str


FINE = "fine"
VERDICTS: Mapping[str, Verdict] = {
    FINE: Verdict("{device} answers everything the poller asks.", ""),
    "unresolved": Verdict(
        "The name {address} is not known to DNS.",
        "Correct the address in the inventory, or the resolver of this machine.",
    ),
    "no-secret": Verdict(
        "No {secret} named {credential!r} is among the secrets.",
        "Add it to secrets.toml, or name another credential in the inventory.",
    ),
    "dead": Verdict(
        "Nothing at all answers at {address}: no ping, no SNMP.",
        "Look for power, the line and the route from this machine before looking at SNMP.",
    ),
    "closed": Verdict(
        "The device lives, but nobody listens on UDP port {port}.",
        "Start its SNMP agent, or correct the port in the inventory.",
    ),
    "silent": Verdict(
        "The device lives, but says nothing on UDP port {port}, to no version of SNMP.",
        "The agent is off, a filter drops the questions, or the {secret} is wrong: this agent does not let these be told apart.",
    ),
    "silent-unseen": Verdict(
        "Nothing answers on UDP port {port}, and whether the device lives this machine may not ask (no right to ping).",
        "Allow ping ('noc doctor' says how), then ask again.",
    ),
    "community": Verdict(
        "The SNMP agent lives, but is silent to our community: it is wrong, or not allowed from this address.",
        "Compare credential {credential!r} with the device's configuration, and its access list with this poller's address.",
    ),
    "version": Verdict(
        "The agent answers SNMP version {spoken} only, and the inventory says {version}.",
        "Write 'version: {spoken}' into the inventory, or turn on {version} on the device.",
    ),
    "no-v3": Verdict(
        "The device lives, but does not speak SNMPv3 on UDP port {port}.",
        "If it did so before, restart its agent: it hangs. Else turn on SNMPv3, open the filters, or correct the version here.",
    ),
    "user": Verdict(
        "The agent does not know the user {user!r}.",
        "Create the user on the device, or correct it in credential {credential!r}.",
    ),
    "user-silent": Verdict(
        "The agent says who it is, but is silent to the user {user!r}: name or keys are wrong, and it does not tell which.",
        "Compare credential {credential!r} with the device, the user first.",
    ),
    "authentication": Verdict(
        "The user {user!r} is known, but the authentication password or protocol ({auth}) is wrong.",
        "Compare auth and auth_password of credential {credential!r} with the device.",
    ),
    "privacy": Verdict(
        "User and authentication are right, but the privacy password or protocol ({priv}) is wrong.",
        "Compare priv and priv_password of credential {credential!r} with the device.",
    ),
    "level": Verdict(
        "The agent does not let the user {user!r} ask at the level {level}.",
        "Give the user that level on the device, or change auth and priv of credential {credential!r}.",
    ),
    "context": Verdict(
        "The agent does not know the context {context!r}.", "Correct the context of credential {credential!r}."
    ),
    "clock": Verdict(
        "The agent rejects our messages as too old even after its clock was taken over.",
        "Look at its snmpEngineBoots: an agent that lost them must get a new engine ID, or its users must be made anew.",
    ),
    "view": Verdict(
        "The agent knows us, but does not show what is asked for.",
        "Let its view (VACM) include at least 1.3.6.1.2.1 for {credential!r}.",
    ),
    "slow": Verdict(
        "The agent answers, but takes {slow_s:.1f} s for one value: too slow to be polled well.",
        "Look at its load, and at the line; other pollers may be asking it too much.",
    ),
    "large": Verdict(
        "The agent answers, but reading its interfaces takes {list_s:.0f} s.",
        "Let its view leave out interfaces nobody needs, or poll it less often.",
    ),
    "elsewhere": Verdict(
        "Answers come, but from another address or port than the one asked; they are not believed.",
        "Let the agent answer from {address} (source interface), or put the address it answers from into the inventory.",
    ),
    "garbled": Verdict(
        "Answers come, but they are no answers to what was asked.",
        "Something in between changes them, or the agent is broken: restart or update it.",
    ),
    "unsteady": Verdict(
        "The agent answers single questions, but not a whole poll: {error}.",
        "Look for loss on the line and for the load of the agent.",
    ),
    "empty": Verdict(
        "The agent answers, but shows no interface.", "Let its view (VACM) include 1.3.6.1.2.1.2 and .31."
    ),
}


@dataclass(slots=True)
class Diagnosis:
    """One device asked why. `known` fills the places of the sentence."""

    device: str
    address: str
    port: int
    version: str
    trials: list[Trial] = field(default_factory=list)
    cause: str = FINE
    known: dict[str, object] = field(default_factory=dict)
    took_s: float = 0.0

    def note(self, what: str, result: str, good: bool | None, since: float) -> None:
        """`since`: `time.monotonic()` when the trial began."""
        self.trials.append(Trial(what, result, good, time.monotonic() - since))

    def blame(self, cause: str, **known: object) -> None:
        self.cause = cause
        self.known.update(known)

    @property
    def sentence(self) -> str:
        return VERDICTS[self.cause].sentence.format_map(self._places())

    @property
    def advice(self) -> str:
        return VERDICTS[self.cause].advice.format_map(self._places())

    @property
    def fine(self) -> bool:
        return self.cause == FINE

    def content(self) -> dict[str, Any]:
        """JSON-able, keys stable."""
        said = {
            name: getattr(self, name)
            for name in ("device", "address", "port", "version", "cause", "sentence", "advice")
        }
        return {**said, "took_s": round(self.took_s, 3), "trials": [asdict(trial) for trial in self.trials]}

    def _places(self) -> dict[str, object]:
        return {
            "device": self.device,
            "address": self.address,
            "port": self.port,
            "version": self.version,
            **self.known,
        }
