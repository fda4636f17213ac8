"""Warm child processes that draw with pygraphviz, each under a time limit and a memory limit."""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import threading
from math import ceil
from pathlib import Path
from typing import IO

from planner_core.errors import PlannerError
from planner_core.rendering import worker as protocol

START_LIMIT = 20.0
DRAWINGS_PER_WORKER = 500  # Graphviz leaks a little with each drawing; a fresh process costs 50 ms


class EngineMissing(PlannerError):
    """pygraphviz cannot be used on this machine; the text says why."""


class DrawingTooSlow(PlannerError):
    """A drawing was stopped at its time limit."""


class DrawingFailed(PlannerError):
    """Graphviz refused a drawing, ran out of memory or crashed."""


class Worker:
    """One child process. Used by one thread at a time."""

    def __init__(self, environment: dict[str, str]) -> None:
        # By path and not by module: `-m` would import all of planner_core first. -P keeps this folder,
        # which has modules of common names, off the child's import path.
        command = [sys.executable, "-P", str(Path(protocol.__file__))]
        self._process = subprocess.Popen(  # noqa: S603 - our own file, run by our own interpreter
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            bufsize=0,
        )
        self._drawings = 0
        status, body = self._exchange(b"", START_LIMIT)
        if status != protocol.DRAWN:
            self.close()
            raise EngineMissing(body.decode(errors="replace"))
        self.version = body.decode()

    @property
    def reusable(self) -> bool:
        """Whether the process still runs and is not due for replacement."""
        return self._process.poll() is None and self._drawings < DRAWINGS_PER_WORKER

    def draw(self, dot: bytes, format_name: str, time_limit: float) -> bytes:
        """Draw, or raise DrawingTooSlow or DrawingFailed."""
        self._drawings += 1
        header = protocol.REQUEST.pack(format_name.encode().ljust(8), ceil(time_limit), len(dot))
        status, body = self._exchange(header + dot, time_limit)
        if status != protocol.DRAWN:
            raise DrawingFailed(f"Graphviz refused this drawing: {body.decode(errors='replace')[:200]}.")
        return body

    def _exchange(self, request: bytes, time_limit: float) -> tuple[int, bytes]:
        """Send a request and wait for its answer; kill the process when the time is up."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        deadline = _Deadline(self._process, time_limit)
        try:
            _write_all(self._process.stdin, request)
            status, length = protocol.ANSWER.unpack(_read_exactly(self._process.stdout, protocol.ANSWER.size))
            body = _read_exactly(self._process.stdout, length)
        except (EOFError, OSError) as error:
            expired = deadline.meet()
            self.close()
            if expired:
                raise DrawingTooSlow(f"The drawing was stopped after {time_limit:g} seconds.") from error
            raise DrawingFailed("Graphviz ran out of memory or crashed on this drawing.") from error
        if deadline.meet():
            self.close()
        return status, body

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        self.release()

    def release(self) -> None:
        """Close this process's ends of the pipes; the child ends by itself when nobody holds them."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def disown(self) -> None:
        """Forget a child that belongs to the process this one was forked from."""
        self.release()
        self._process.returncode = 0


class _Deadline:
    """Kills a process when the time is up, unless it was met before."""

    def __init__(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        self._process = process
        self._lock = threading.Lock()
        self._met = False
        self._expired = False
        self._timer = threading.Timer(seconds, self._expire)
        self._timer.daemon = True
        self._timer.start()

    def _expire(self) -> None:
        with self._lock:
            if not self._met:
                self._expired = True
                self._process.kill()

    def meet(self) -> bool:
        """Stop the timer and say whether it had gone off before."""
        with self._lock:
            self._met = True
            self._timer.cancel()
            return self._expired


class WorkerPool:
    """Keeps workers warm between drawings; how many run at once is the caller's business."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment
        self._lock = threading.Lock()
        self._idle: list[Worker] = []
        self._all: set[Worker] = set()
        atexit.register(self.close)
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._forget)

    def draw(self, dot: bytes, format_name: str, time_limit: float) -> bytes:
        """Draw with an idle worker, or a new one. Raises EngineMissing, DrawingTooSlow, DrawingFailed."""
        worker = self._take()
        try:
            return worker.draw(dot, format_name, time_limit)
        finally:
            self._give_back(worker)

    def version(self) -> str:
        """The version of pygraphviz that the workers run. Raises EngineMissing."""
        worker = self._take()
        self._give_back(worker)
        return worker.version

    def close(self) -> None:
        """End all workers. The next drawing starts a new one."""
        with self._lock:
            workers, self._idle, self._all = self._all, [], set()
        for worker in workers:
            worker.close()

    def _take(self) -> Worker:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        worker = Worker(self._environment)
        with self._lock:
            self._all.add(worker)
        return worker

    def _give_back(self, worker: Worker) -> None:
        with self._lock:
            if worker.reusable and worker in self._all:
                self._idle.append(worker)
                return
            self._all.discard(worker)
        worker.close()

    def _forget(self) -> None:
        # The workers answer to the parent: two processes on one pipe would read each other's drawings.
        workers, self._idle, self._all = self._all, [], set()
        self._lock = threading.Lock()
        for worker in workers:
            worker.disown()


def _write_all(pipe: IO[bytes], data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[pipe.write(view) :]


def _read_exactly(pipe: IO[bytes], size: int) -> bytes:
    parts: list[bytes] = []
    while size:
        part = pipe.read(min(size, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
