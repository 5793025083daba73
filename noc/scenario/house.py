"""What each act on the NOC itself does: one function an action, told the player and the act."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING

from noc.lab.actions import Act
from noc.scenario.acts import MOODS
from noc.scenario.people import PEOPLES_DEEDS
from noc.scenario.playing import Playing
from noc.scenario.stage import Killed
from noc.scenario.traps import index_of

if TYPE_CHECKING:
    from noc.scenario.channels import Gateway
    from noc.scenario.stage import Stage

_PAGING = ("sms", "modem")
_STEP_S = 0.05  # traps of a storm arrive in bursts of so long


def _undone(player: Playing, act: Act, undo: Callable[[], None]) -> None:
    """What `for` asks."""
    if act.lasts_s is not None:
        player.timeline.at(act.at + act.lasts_s, undo)


def _named(stage: "Stage", act: Act) -> Iterator["Gateway"]:
    wanted = str(act["channel"])
    return (gateway for name, gateway in stage.gateways.items() if wanted in (name, "all"))


def _gateway_down(player: Playing, act: Act) -> None:
    for gateway in _named(player.stage, act):
        gateway.mood = MOODS[str(act["how"])]
    _settle_deafness(player.stage)
    _undone(player, act, partial(_gateway_up, player, act))


def _gateway_up(player: Playing, act: Act) -> None:
    player.stage.say("event", f"gateway_up {act['channel']}")
    for gateway in _named(player.stage, act):
        gateway.mood = "takes"
    _settle_deafness(player.stage)


def _settle_deafness(stage: "Stage") -> None:
    """Nobody can be woken while every channel that wakes is down."""
    waking = [gateway for name, gateway in stage.gateways.items() if name in _PAGING]
    deaf = all(gateway.mood != "takes" for gateway in waking)
    (stage.begin if deaf else stage.end)("gateway")


def _clock_step(player: Playing, act: Act) -> None:
    player.stage.offset_s += act.number("s")


def _kill(player: Playing, act: Act) -> None:
    if player.life is None:
        return  # it is dead already
    if act["when"]:
        player.stage.doomed = str(act["when"]), act.number("restart")
        return
    raise Killed(act.number("restart"))


def _poller_cut(player: Playing, act: Act) -> None:
    player.stage.ether.cut = True
    player.surroundings.cut(pulled=True)
    player.stage.begin("poller")
    _undone(player, act, partial(_poller_mend, player, act))


def _poller_mend(player: Playing, _: Act) -> None:
    player.stage.say("event", "poller_mend")
    player.stage.ether.cut = False
    player.surroundings.cut(pulled=False)
    player.stage.end("poller")


def _disk_full(player: Playing, act: Act) -> None:
    player.stage.fill_disk(full=True)
    _undone(player, act, partial(_disk_free, player, act))


def _disk_free(player: Playing, _: Act) -> None:
    player.stage.say("event", "disk_free")
    player.stage.fill_disk(full=False)


def _traps_lost(player: Playing, act: Act) -> None:
    player.stage.trap_loss = max(player.stage.play.traps, act.number("ratio"))
    _undone(player, act, partial(_traps_heard, player, act))


def _traps_heard(player: Playing, _: Act) -> None:
    player.stage.say("event", "traps_heard")
    player.stage.trap_loss = player.stage.play.traps


def _trap(player: Playing, act: Act) -> None:
    subject = ""
    if "interface" in act.on:
        router = player.stage.world.routers[act.on["device"]]
        subject = index_of(router, router.number_of[act.on["interface"]], player.stage.now)
    player.say_unasked(act.on["device"], str(act["name"]), subject)


def _trap_storm(player: Playing, act: Act) -> None:
    """Its ports go down and come up in turn, says the device; none of it is true."""
    _burst(player, act, 0)


def _burst(player: Playing, act: Act, sent: int) -> None:
    router = player.stage.world.routers[act.on["device"]]
    until = min(int(act.number("count")), sent + max(1, int(act.number("rate") * _STEP_S)))
    for number in range(sent, until):
        turn, port = divmod(number, len(router.ports))
        name = "linkUp" if turn % 2 else "linkDown"
        player.say_unasked(router.device.key, name, index_of(router, port, player.stage.now), after_s=0.0)
    if until < act.number("count"):
        gap_s = max(_STEP_S, 1 / act.number("rate"))
        player.timeline.at(player.stage.now_s + gap_s, partial(_burst, player, act, until))


Deed = Callable[[Playing, Act], None]
HOUSE_DEEDS: Mapping[str, Deed] = {
    "gateway_down": _gateway_down,
    "gateway_up": _gateway_up,
    "clock_step": _clock_step,
    "kill": _kill,
    "poller_cut": _poller_cut,
    "poller_mend": _poller_mend,
    "disk_full": _disk_full,
    "disk_free": _disk_free,
    "traps_lost": _traps_lost,
    "traps_heard": _traps_heard,
    "trap": _trap,
    "trap_storm": _trap_storm,
    **PEOPLES_DEEDS,
}
