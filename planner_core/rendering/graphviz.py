"""The Graphviz engines: `dot` where it is installed, else pygraphviz in a warm child process.

Both run outside the server's process, under a time limit and a memory limit: a graph made to be slow costs
its author a drawing, and nobody else anything. Callers show a table where this module raises.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from dataclasses import dataclass
from importlib.util import find_spec
from math import ceil
from typing import Literal

from planner_core.errors import PlannerError
from planner_core.rendering.pool import DrawingFailed, DrawingTooSlow, EngineMissing, WorkerPool
from planner_core.rendering.worker import MEMORY_LIMIT, PNG_DPI

__all__ = [
    "DrawingFailed",
    "DrawingFormat",
    "DrawingTooSlow",
    "Engine",
    "EngineReport",
    "NoEngine",
    "available_engine",
    "probe",
    "render",
    "render_svg",
]

Engine = Literal["dot", "pygraphviz"]
DrawingFormat = Literal["svg", "pdf", "png"]

TIME_LIMIT = 10.0
FORCE = "TASKPLANNER_GRAPHVIZ"
_TRIAL = "digraph { a -> b }"
_INSTALL = (
    "Drawings need Graphviz, and none was found. Install it (on Debian or Ubuntu: apt-get install "
    "--no-install-recommends graphviz) or run: pip install 'pygraphviz>=2'."
)
# The shell sets the limits and becomes `dot`: a hook between fork and exec is not safe in a threaded server.
_LIMITED = 'ulimit -v "$1" 2>/dev/null; ulimit -t "$2" 2>/dev/null; shift 2; exec "$@"'
# SERVER_NAME without GV_FILE_PATH makes Graphviz refuse to load any file that a graph names.
# Nothing else of the server's environment, such as its passwords, is the children's business.
_PASSED_ON = (
    *("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "TEMP", "SYSTEMROOT", "PYTHONPATH"),
    *("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "GVBINDIR", "FONTCONFIG_FILE", "FONTCONFIG_PATH"),
    *("XDG_CACHE_HOME", "XDG_CONFIG_HOME"),
)
_ENVIRONMENT = {name: os.environ[name] for name in _PASSED_ON if name in os.environ} | {
    "SERVER_NAME": "taskplanner"
}

_pool = WorkerPool(_ENVIRONMENT)
_slots = threading.BoundedSemaphore(max(2, os.cpu_count() or 2))
_working: set[Engine] = set()


class NoEngine(PlannerError):
    """No Graphviz can be used on this machine; the text says what to install."""


@dataclass(frozen=True, slots=True)
class EngineReport:
    """Whether an engine draws on this machine, with its version or what stands in its way."""

    engine: Engine
    usable: bool
    detail: str


def available_engine() -> Engine | None:
    """Say which engine draws: `dot` on PATH, else pygraphviz 2.0 or later, else None.

    The environment variable TASKPLANNER_GRAPHVIZ (dot, pygraphviz or none) forces the answer, as far as
    that engine works; NoEngine is raised for any other value. The first call tries the engine, later ones
    remember that it worked.
    """
    return next((engine for engine in _candidates() if engine in _working or _try(engine).usable), None)


def probe() -> tuple[EngineReport, ...]:
    """Try every engine with a small drawing, in order of preference, whatever the environment forces."""
    return _try("dot"), _try("pygraphviz")


def render_svg(dot: str, *, time_limit: float = TIME_LIMIT) -> str:
    """Draw DOT source as SVG, as Graphviz writes it: pass it through `svg.clean_svg` before showing it.

    Raises as `render` does.
    """
    return render(dot, format="svg", time_limit=time_limit).decode()


def render(dot: str, *, format: DrawingFormat, time_limit: float = TIME_LIMIT) -> bytes:
    """Draw DOT source as a file of the given format; PNG has 144 dots an inch.

    The layout is `dot`'s unless the source says `layout=...` itself (`nop2` keeps pinned positions).
    Raises NoEngine, DrawingTooSlow after `time_limit` seconds (waiting for a free slot included at most once
    more) and DrawingFailed where Graphviz refuses the source, runs out of memory or crashes.
    """
    engine = available_engine()
    if engine is None:
        raise NoEngine(_INSTALL)
    if not _slots.acquire(timeout=time_limit):
        raise DrawingTooSlow("Too many drawings are being made at once. Try again in a moment.")
    try:
        if engine == "dot":
            return _run_dot(dot.encode(), format, time_limit)
        return _pool.draw(dot.encode(), format, time_limit)
    finally:
        _slots.release()


def _candidates() -> tuple[Engine, ...]:
    forced = os.environ.get(FORCE, "")
    if forced == "":
        return ("dot", "pygraphviz")
    if forced == "dot":
        return ("dot",)
    if forced == "pygraphviz":
        return ("pygraphviz",)
    if forced == "none":
        return ()
    raise NoEngine(f"{FORCE} is “{forced}”: write dot, pygraphviz or none, or leave it out.")


def _try(engine: Engine) -> EngineReport:
    report = _try_dot() if engine == "dot" else _try_pygraphviz()
    if report.usable:
        _working.add(engine)
    return report


def _try_dot() -> EngineReport:
    path = shutil.which("dot")
    if path is None:
        return EngineReport("dot", False, "dot is not on the PATH")
    try:
        _run_dot(_TRIAL.encode(), "svg", TIME_LIMIT)
    except (DrawingFailed, DrawingTooSlow) as error:
        return EngineReport("dot", False, str(error))
    return EngineReport("dot", True, path)


def _try_pygraphviz() -> EngineReport:
    if find_spec("pygraphviz") is None:
        return EngineReport("pygraphviz", False, "pygraphviz is not installed")
    try:
        version = _pool.version()
        _pool.draw(_TRIAL.encode(), "svg", TIME_LIMIT)
    except (EngineMissing, DrawingFailed, DrawingTooSlow) as error:
        return EngineReport("pygraphviz", False, str(error))
    return EngineReport("pygraphviz", True, f"pygraphviz {version}")


def _run_dot(dot: bytes, format: DrawingFormat, time_limit: float) -> bytes:
    path = shutil.which("dot")
    if path is None:
        raise DrawingFailed("dot is no longer on the PATH.")
    command = [path, f"-T{format}", *([f"-Gdpi={PNG_DPI}"] if format == "png" else [])]
    if os.name == "posix":
        limits = [str(MEMORY_LIMIT // 1024), str(ceil(time_limit) + 2)]
        command = ["/bin/sh", "-c", _LIMITED, "sh", *limits, *command]
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command; the graph goes to its standard input
            command, input=dot, capture_output=True, timeout=time_limit, env=_ENVIRONMENT, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise DrawingTooSlow(f"The drawing was stopped after {time_limit:g} seconds.") from error
    if done.returncode != 0 or not done.stdout:
        said = done.stderr.decode(errors="replace").strip()[:200]
        raise DrawingFailed(f"Graphviz refused this drawing: {said or 'it ran out of memory or crashed'}.")
    return done.stdout
