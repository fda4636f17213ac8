"""`manage.py serve`: everything starts, what dies comes back, and nothing is left when it ends."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from tests.ground import ROOT

WAIT = 60.0  # seconds until a test gives up


@dataclass
class Served:
    """A running `manage.py serve` and what it printed until its sign-in link."""

    process: subprocess.Popen[str]
    address: str
    link: str
    seconds: float

    def family(self) -> dict[str, psutil.Process]:
        """The direct children by the name of their command."""
        children = psutil.Process(self.process.pid).children()
        named: dict[str, psutil.Process] = {}
        for child in children:
            arguments = child.cmdline()
            if len(arguments) > 2:
                named[arguments[2]] = child
        return named

    def get(self, path: str) -> int:
        """The status of the answer to GET."""
        with urllib.request.urlopen(self.address + path, timeout=WAIT) as answer:
            return int(answer.status)

    def stop(self, number: int = signal.SIGTERM) -> str:
        """Stop it and return the rest of what it printed."""
        self.process.send_signal(number)
        output, _ = self.process.communicate(timeout=WAIT)
        return output


Serve = Callable[[], Served]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """`serve()`: start the app on a free port, on the test's own data; called again, on the same data."""
    running: list[subprocess.Popen[str]] = []

    def start() -> Served:
        began = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve"],
            cwd=ROOT,
            env={**environment(tmp_path), "PORT": "0"},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        running.append(process)
        printed = ""
        assert process.stdout is not None
        while not (link := re.search(r"(http://[^/\s]+)(/sign-in/\S+)", printed)):
            line = process.stdout.readline()
            assert line, f"ended before it printed a link: {printed}"
            printed += line
        return Served(process, link[1], link[2], time.monotonic() - began)

    yield start
    for process in running:
        if process.poll() is None:
            process.terminate()
            process.communicate(timeout=WAIT)


def environment(folder: Path) -> dict[str, str]:
    """The environment of an app with its data in this folder."""
    own = {"DATABASE_URL", "BROKER_URL", "SECRET_KEY", "HOST"}
    clean = {name: value for name, value in os.environ.items() if name not in own}
    return {**clean, "TASKPLANNER_VAR": str(folder / "var"), "LOG_LEVEL": "WARNING"}


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait for something that takes a moment; fail when it does not come."""
    deadline = time.monotonic() + WAIT
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def alive(process: psutil.Process) -> bool:
    """Whether a process still does anything; one that only waits to be reaped does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def ready(served: Served) -> bool:
    """Whether the web server, the sweep and the worker with its own children all run."""
    family = served.family()
    return family.keys() == {"serve_web", "work", "sweep_jobs"} and len(family["work"].children()) >= 1


def test_it_starts_serves_and_leaves_nothing_behind(serve: Serve) -> None:
    """Web server, worker and sweep run, the link signs in once, SIGTERM ends every process, data stays."""
    served = serve()
    wait_until(lambda: ready(served))
    assert served.get("/health/?format=text") == 200
    assert served.get(served.link) == 200
    with pytest.raises(urllib.error.HTTPError) as second:
        served.get(served.link)
    assert second.value.code == 410
    second.value.close()
    everything = psutil.Process(served.process.pid).children(recursive=True)
    assert "Stopped." in served.stop()
    assert served.process.returncode == 0
    assert [process for process in everything if alive(process)] == []


def test_what_dies_comes_back(serve: Serve) -> None:
    """Each child is started again after a SIGKILL; requests made meanwhile are answered."""
    served = serve()
    wait_until(lambda: ready(served))
    before = served.family()
    orphans = before["work"].children()
    for child in before.values():
        child.kill()
    assert served.get("/health/?format=text") == 200
    wait_until(lambda: ready(served))
    assert {child.pid for child in before.values()}.isdisjoint(
        child.pid for child in served.family().values()
    )
    assert [orphan for orphan in orphans if alive(orphan)] == []


def test_nothing_outlives_a_killed_supervisor(serve: Serve) -> None:
    """SIGKILL cannot be caught, yet the children notice and end."""
    served = serve()
    wait_until(lambda: ready(served))
    everything = psutil.Process(served.process.pid).children(recursive=True)
    served.process.kill()
    served.process.communicate(timeout=WAIT)
    wait_until(lambda: not any(alive(process) for process in everything))


def test_a_second_start_is_quick_and_keeps_the_data(
    serve: Serve, tmp_path: Path, record_figure: Callable[[str], None]
) -> None:
    """Ctrl-C, start again: same secret, same database."""
    first = serve()
    first.stop(signal.SIGINT)
    secret = (tmp_path / "var" / "secret-key").read_text()
    second = serve()
    assert second.get("/health/?format=text") == 200
    assert (tmp_path / "var" / "secret-key").read_text() == secret
    record_figure(f"first start {first.seconds:.1f} s, second {second.seconds:.1f} s until the link")


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    """The message says which port, and what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        run = subprocess.run(
            [sys.executable, "manage.py", "serve"],
            cwd=ROOT,
            env={**environment(tmp_path), "PORT": str(port)},
            capture_output=True,
            text=True,
            timeout=WAIT,
            check=False,
        )
    assert run.returncode == 1
    assert f"Port {port} on 127.0.0.1 is in use" in run.stderr
    assert f"PORT={port + 1} make run" in run.stderr
