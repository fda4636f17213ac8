"""The engines: they draw, refuse, stop in time, and come back after that."""

from __future__ import annotations

import os
import random
import re
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from planner_core.errors import PlannerError
from planner_core.rendering import graphviz
from planner_core.rendering.graphviz import DrawingFailed, DrawingTooSlow, NoEngine
from planner_core.rendering.pool import DRAWINGS_PER_WORKER, WorkerPool


def slow_graph() -> str:
    """A graph that takes `dot` far longer than any test may."""
    rnd = random.Random(7)
    edges = "".join(f"{rnd.randrange(200)} -> {rnd.randrange(200)};" for _ in range(4000))
    return f"digraph {{ {edges} }}"


def test_draws_svg(engine: str) -> None:
    """A graph comes back as SVG that holds its nodes, by their ids."""
    drawing = graphviz.render_svg('digraph { a [id="task-1"]; a -> b }')
    assert drawing.count("<g ") == 4
    assert 'id="task&#45;1"' in drawing


@pytest.mark.parametrize(("format", "magic"), [("pdf", b"%PDF-"), ("png", b"\x89PNG")])
def test_draws_files(engine: str, format: graphviz.DrawingFormat, magic: bytes) -> None:
    """PDF and PNG come as files of that kind."""
    assert graphviz.render("digraph { a -> b }", format=format).startswith(magic)


def test_keeps_pinned_positions(engine: str) -> None:
    """A source that says layout=nop2 is drawn where its positions say, in points."""
    source = (
        'digraph { graph [layout=nop2]; node [shape=box, fixedsize=true, width=1, height=0.5, label=""];'
        ' a [pos="36,18!"]; b [pos="336,118!"] }'
    )
    corners = [
        tuple(float(number) for number in points.split()[0].split(","))
        for points in re.findall(r'points="([^"]+)"', graphviz.render_svg(source))[-2:]
    ]
    assert corners[1][0] - corners[0][0] == 300
    assert corners[1][1] - corners[0][1] == -100


@pytest.mark.parametrize("source", ['digraph { a [label="x] }', "", "no graph", "digraph { a ->"])
def test_refuses_what_is_no_dot(engine: str, source: str) -> None:
    """Broken source raises DrawingFailed, and the next drawing works."""
    with pytest.raises(DrawingFailed):
        graphviz.render_svg(source)
    assert "<svg" in graphviz.render_svg("digraph { a }")


def test_stops_in_time(engine: str) -> None:
    """A graph made to be slow is stopped at the time limit, and the next drawing works."""
    with pytest.raises(DrawingTooSlow, match=r"after 0\.2 seconds"):
        graphviz.render_svg(slow_graph(), time_limit=0.2)
    assert "<svg" in graphviz.render_svg("digraph { a }")


def test_draws_for_many_threads(engine: str) -> None:
    """Each thread gets its own drawing back."""
    names = [f"thread{number}" for number in range(24)]
    with ThreadPoolExecutor(8) as threads:
        drawings = list(threads.map(lambda name: graphviz.render_svg(f"digraph {{ {name} }}"), names))
    assert [name in drawing for name, drawing in zip(names, drawings, strict=True)] == [True] * len(names)


def test_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without any engine the error names the packages."""
    monkeypatch.setenv(graphviz.FORCE, "none")
    assert graphviz.available_engine() is None
    with pytest.raises(NoEngine, match=r"apt-get install .*graphviz.*pygraphviz"):
        graphviz.render_svg("digraph { a }")
    assert issubclass(NoEngine, PlannerError)


def test_refuses_an_unknown_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A typing error in the setting is an error, not a silent default."""
    monkeypatch.setenv(graphviz.FORCE, "dott")
    with pytest.raises(NoEngine, match="dott"):
        graphviz.available_engine()


def test_dot_missing_from_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where `dot` is not on the PATH the probe says so."""
    monkeypatch.setenv("PATH", str(tmp_path))
    report = graphviz.probe()[0]
    assert (report.engine, report.usable) == ("dot", False)


def test_dot_cannot_read_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An image that a graph names is not loaded by `dot`."""
    monkeypatch.setenv(graphviz.FORCE, "dot")
    picture = tmp_path / "secret.png"
    picture.write_bytes(graphviz.render("digraph { a }", format="png"))
    assert "secret" not in graphviz.render_svg(f'digraph {{ a [image="{picture}", label=""] }}')


def a_pool() -> WorkerPool:
    return WorkerPool({"PATH": os.environ["PATH"]})


def test_a_worker_is_kept_warm_and_replaced() -> None:
    """One process serves drawing after drawing, up to its quota; then another takes its place."""
    pool = a_pool()
    try:
        first = pool._take()
        pool._give_back(first)
        assert pool._take() is first
        first._drawings = DRAWINGS_PER_WORKER
        pool._give_back(first)
        assert pool._take() is not first
        assert not first.reusable
    finally:
        pool.close()


def test_a_killed_worker_is_replaced() -> None:
    """A worker that dies while idle, or while it draws, costs at most that one drawing."""
    pool = a_pool()
    try:
        worker = pool._take()
        os.kill(worker._process.pid, signal.SIGKILL)
        worker._process.wait()
        with pytest.raises(DrawingFailed, match="crashed"):
            worker.draw(b"digraph { a }", "svg", 5)
        pool._give_back(worker)
        assert b"<svg" in pool.draw(b"digraph { a }", "svg", 5)
    finally:
        pool.close()


def test_a_forked_process_starts_its_own_workers() -> None:
    """After a fork the child does not touch its parent's workers."""
    pool = a_pool()
    try:
        pool.draw(b"digraph { a }", "svg", 5)
        parents = set(pool._all)
        pool._forget()  # what a fork does in the child, on this process's own copies
        assert pool._all == set()
        assert b"<svg" in pool.draw(b"digraph { b }", "svg", 5)
        assert pool._all.isdisjoint(parents)
    finally:
        pool.close()
