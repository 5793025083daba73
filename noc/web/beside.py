"""A process beside the web that computes what is dear, one job after the other; started when needed, ended when idle."""

import logging
import os
import pickle
import queue
import subprocess
import sys
import threading
from concurrent.futures import Future
from dataclasses import replace
from typing import Final

from dashboards.web.refusal import Away, NotNow
from inventory.sentence import Sentence
from noc.config import Config
from noc.web.jobs import Failed, Job, Wish

log = logging.getLogger(__name__)

WORKER: Final = ("-m", "noc.web.figures")
IDLE_S: Final = 900.0
LIMIT_S: Final = 180.0  # a job that takes longer hangs
MOST_WAITING: Final = 32
ENDED: Final = Sentence("ended", "the web is being ended")
FAILED: Final = Sentence("not-computed", "the figures could not be computed; the log of the web says more")
Asked = Job | Wish


class Beside:
    """Safe in several threads. What it computes never holds up who answers requests: it is another process."""

    def __init__(
        self, config: Config, worker: tuple[str, ...] = WORKER, *, idle_s: float = IDLE_S, most: int = MOST_WAITING
    ) -> None:
        self._config, self._worker, self._idle_s = config, worker, idle_s
        self._jobs: queue.Queue[tuple[Asked, Future[object]] | None] = queue.Queue(most)
        self._turn = threading.Lock()
        self._thread: threading.Thread | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._known: object = None  # the ground that the process has
        self._closed = False
        self.done = 0
        self.cpu_s = 0.0  # of processes that ended

    def ask(self, job: Asked) -> "Future[object]":
        """Its answer, some time later. Away: too many wait already, or it is closed."""
        future: Future[object] = Future()
        with self._turn:
            if self._closed:
                raise Away(ENDED)
            try:
                self._jobs.put_nowait((job, future))
            except queue.Full:
                raise Away(Sentence("busy", "too much is being computed already")) from None
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="figures", daemon=True)
                self._thread.start()
        return future

    def close(self) -> None:
        with self._turn:
            self._closed = True
            thread, process = self._thread, self._process
            if process is not None:
                process.kill()
            if thread is not None:
                self._jobs.put(None)
        if thread is not None:
            thread.join()

    def _work(self) -> None:
        """Jobs in turn until there was none for long; the process ends with it."""
        while True:
            try:
                found = self._jobs.get(timeout=self._idle_s)
            except queue.Empty:
                found = None
            if found is None:
                with self._turn:
                    if self._jobs.empty() or self._closed:
                        self._thread = None
                        self._end()
                        self._refuse_all()
                        return
                continue
            job, future = found
            if future.set_running_or_notify_cancel():
                self._answer(job, future)

    def _answer(self, job: Asked, future: "Future[object]") -> None:
        try:
            answer = self._computed(job)
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            self._end()
            if not self._closed:
                log.error("figures could not be computed: %s", error or type(error).__name__)
            future.set_exception(Away(FAILED))
            return
        self.done += 1
        if isinstance(answer, Failed):
            future.set_exception(Away(answer.text) if answer.again else NotNow(answer.text))
        else:
            future.set_result(answer)

    def _computed(self, job: Asked) -> object:
        process = self._started()
        assert process.stdin is not None and process.stdout is not None
        limit = threading.Timer(LIMIT_S, process.kill)
        limit.start()
        ground = job.ground if isinstance(job, Job) else None
        if isinstance(job, Job) and ground is not None and ground.stamp == self._known:
            job = replace(job, ground=None)
        try:
            pickle.dump(job, process.stdin, pickle.HIGHEST_PROTOCOL)
            self._known = ground.stamp if ground else self._known
            process.stdin.flush()
            return pickle.load(process.stdout)
        finally:
            limit.cancel()

    def _started(self) -> subprocess.Popen[bytes]:
        with self._turn:
            if self._closed:
                raise EOFError("closed")
            if self._process is None:
                threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), "1")
                environment = os.environ | threads | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
                command = [sys.executable, *self._worker]
                process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
                self._process = process
                assert process.stdin is not None
                pickle.dump(self._config, process.stdin, pickle.HIGHEST_PROTOCOL)
            return self._process

    def _end(self) -> None:
        process, self._process, self._known = self._process, None, None
        if process is not None:
            process.kill()
            process.communicate()

    def _refuse_all(self) -> None:
        while not self._jobs.empty():
            found = self._jobs.get_nowait()
            if found is not None:
                found[1].set_exception(Away(ENDED))
