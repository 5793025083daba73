"""Plays a scenario in simulated time: life after life of the daemon on one stage, to the end."""

import asyncio
from functools import partial
from typing import Any

from noc.lab.actions import Act
from noc.scenario.channels import RecordingChannel
from noc.scenario.file import Play
from noc.scenario.house import HOUSE_DEEDS
from noc.scenario.life import Life
from noc.scenario.loop import perish
from noc.scenario.means import Simulated, Surroundings
from noc.scenario.stage import Killed, Stage, set_stage
from noc.scenario.timeline import Timeline
from noc.scenario.traps import LEAST_S, MOST_S, STATES, notice, traps_of


class Player:
    """One run. `run` may be called once."""

    def __init__(self, play: Play, *, seed: int, loss: float = 0.0, surroundings: Surroundings | None = None) -> None:
        """`surroundings`: others than simulated ones."""
        self.surroundings = surroundings or Simulated()
        self.stage: Stage = set_stage(play, seed=seed, loss=loss)
        self.timeline = Timeline(self._arrive)
        self.life: Life | None = None
        self.lives = 0
        self._told = 0
        self._defect: BaseException | None = None

    def run(self) -> Stage:
        """To the end of the scenario; the stage's ledger is open."""
        play = self.stage.play
        self._plan()
        now_s = 0.0
        while now_s < play.lasts_s:
            now_s = self._live(now_s)
        self.stage.say("end", f"after {play.lasts_s:g} s")
        return self.stage

    def _live(self, now_s: float) -> float:
        """One life; when the next one begins."""
        stage, loop = self.stage, self.surroundings.loop(now_s)
        self._begin(loop)
        loop.call_at(stage.play.lasts_s, loop.stop)
        try:
            loop.run_forever()
            if self._defect is not None:
                raise self._defect
            until_s = stage.play.lasts_s
        except Killed as death:
            stage.begin("daemon")
            until_s = min(loop.time() + death.restart_s, stage.play.lasts_s)
        finally:
            self._end(loop)
        self.timeline.pass_until(until_s)
        stage.passed_s = until_s
        return until_s

    def _begin(self, loop: asyncio.AbstractEventLoop) -> None:
        stage = self.stage
        self.lives += 1
        stage.loop = loop
        loop.set_exception_handler(self._broke)
        stage.end("daemon")
        stage.say("daemon", "starts" if self.lives == 1 else "starts again")
        self.life = Life(stage, loop, self.surroundings, self._channel)
        loop.create_task(self.life.begin()).add_done_callback(self._begun)
        self.timeline.bind(loop)

    def _begun(self, task: "asyncio.Task[None]") -> None:
        if not task.cancelled() and (defect := task.exception()) is not None:
            self._broke(task.get_loop(), {"exception": defect})

    def _broke(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """A defect of ours: a run that goes on without a part of the house would tell nothing."""
        self._defect = context.get("exception") or RuntimeError(str(context.get("message")))
        loop.stop()

    def _end(self, loop: asyncio.AbstractEventLoop) -> None:
        stage = self.stage
        life, stage.passed_s, stage.loop, self.life = self.life, loop.time(), None, None
        stage.ledger.closed = True
        self.timeline.bind(None)
        if life is not None:
            self.surroundings.close(loop, life.stack)
        perish(loop)
        stage.store.forget_handed()
        stage.ledger.closed = False

    def _channel(self, name: str) -> RecordingChannel:
        stage = self.stage
        return RecordingChannel(name, stage.gateways[name], stage.recorder, lambda: stage.now, stage.moment)

    def _arrive(self, at_s: float) -> None:
        self.stage.passed_s = max(self.stage.passed_s, at_s)

    def _plan(self) -> None:
        for act in self.stage.play.house:
            self.timeline.at(act.at, partial(self._do, act))
        self._await_change()

    def _await_change(self) -> None:
        change = self.stage.world.next_change
        if change is not None:
            self.timeline.at(change - self.stage.play.start, self._change)

    def _change(self) -> None:
        """Something happened in the network."""
        stage = self.stage
        at = stage.world.next_change
        if at is not None and at <= stage.now + 1e-6:
            stage.world.advance(at)
            for act in stage.world.done[self._told :]:
                words = " ".join((act.do, *act.on.values()))
                stage.recorder.line(act.at, "event", words + "".join(f" {k}={v}" for k, v in act.options.items()))
            self._told = len(stage.world.done)
            for device, name, subject in traps_of(stage.world, at):
                self.say_unasked(device, name, subject)
        self._await_change()

    def say_unasked(self, device: str, name: str, subject: str, after_s: float | None = None) -> None:
        """A device sends a trap, which arrives a little later, or not."""
        stage = self.stage
        wait_s = LEAST_S + stage.chance.random() * (MOST_S - LEAST_S) if after_s is None else after_s
        self.timeline.at(stage.now_s + wait_s, partial(self._trap, device, name, subject))

    def _trap(self, device: str, name: str, subject: str) -> None:
        stage = self.stage
        if not stage.ether.arrives(device, stage.now, stage.trap_loss):
            return
        if self.life is not None:
            self.life.hear(notice(stage.world.routers[device], name, stage.now, subject, STATES.get(name, "")))

    def _do(self, act: Act) -> None:
        self.stage.stirred_s = self.stage.now_s
        words = [act.do, *act.on.values(), *(f"{name}={value}" for name, value in act.options.items() if value != "")]
        self.stage.say("event", " ".join(words))
        HOUSE_DEEDS[act.do](self, act)
