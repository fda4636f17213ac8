"""A small supervisor: starts a few child processes, restarts those that die, and leaves none behind.

Each child leads a process group of its own, so that whatever it started goes with it. It also holds the
read end of a pipe as its standard input: the pipe closes when the supervisor is gone, however it went, and
the child then ends itself (`end_with_supervisor`).
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import FrameType

import structlog

SUPERVISED = "TASKPLANNER_SUPERVISED"  # set for children
BACK_OFF = (0.2, 1.0, 3.0, 10.0)  # seconds before each restart in a row; the last one repeats
STEADY_AFTER = 30.0  # a child that ran this long starts from the shortest pause again
GRACE = 5.0  # seconds that children have to end by themselves
TICK = 0.1

log = structlog.get_logger(__name__)


@dataclass
class Child:
    """One supervised process: its name in the log, its command line, descriptors it inherits."""

    name: str
    command: Sequence[str]
    descriptors: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    restarts: int = 0
    start_not_before: float = field(default=0.0)

    def start(self, now: float) -> None:
        """Start the process in a group of its own."""
        self.process = subprocess.Popen(  # noqa: S603  the commands are the supervisor's own
            list(self.command),
            stdin=subprocess.PIPE,
            pass_fds=self.descriptors,
            start_new_session=True,
            env={**os.environ, SUPERVISED: "1"},
        )
        self.started_at = now

    def signal_group(self, number: int) -> None:
        """Signal the process and everything it started; nobody being left is fine."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)

    def bury(self, now: float) -> None:
        """After the process died: end what it left behind and set the time of the next start."""
        assert self.process is not None
        self.signal_group(signal.SIGKILL)
        if self.process.stdin is not None:
            self.process.stdin.close()
        self.restarts = 0 if now - self.started_at > STEADY_AFTER else self.restarts
        self.start_not_before = now + BACK_OFF[min(self.restarts, len(BACK_OFF) - 1)]
        self.restarts += 1
        self.process = None


class Supervisor:
    """Keeps its children running until it is told to stop by SIGINT, SIGTERM or SIGHUP."""

    def __init__(self, children: Sequence[Child]) -> None:
        self._children = list(children)
        self._stopping = threading.Event()

    def run(self) -> None:
        """Start all children and watch them; return when all have ended after a signal to stop."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        try:
            while not self._stopping.is_set():
                self._watch(time.monotonic())
                self._stopping.wait(TICK)
        finally:
            self._stop()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._stopping.set()

    def _watch(self, now: float) -> None:
        for child in self._children:
            if child.process is not None and child.process.poll() is not None:
                log.warning("child ended, restarting", child=child.name, status=child.process.returncode)
                child.bury(now)
            if child.process is None and now >= child.start_not_before:
                child.start(now)

    def _stop(self) -> None:
        running = [child for child in self._children if child.process is not None]
        for child in running:
            assert child.process is not None
            child.process.terminate()
        deadline = time.monotonic() + GRACE
        for child in running:
            assert child.process is not None
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0.0, deadline - time.monotonic()))
            child.signal_group(signal.SIGKILL)
            child.process.wait()


def end_with_supervisor() -> None:
    """In a child: end this process and its group when the supervisor is gone. Does nothing without one."""
    if SUPERVISED not in os.environ:
        return
    pipe = os.dup(sys.stdin.fileno())
    os.dup2(os.open(os.devnull, os.O_RDONLY), sys.stdin.fileno())
    threading.Thread(target=_wait_for_end, args=(pipe,), name="supervised", daemon=True).start()


def _wait_for_end(pipe: int) -> None:
    while os.read(pipe, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE)
    os.killpg(os.getpgrp(), signal.SIGKILL)
