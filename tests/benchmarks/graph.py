"""Times the graph algorithms beside networkx: ``python -m tests.benchmarks.graph --json``.

Each figure is the median of several runs in milliseconds (networkx's transitive reduction runs once: it takes
its time); ``ratio`` is networkx's time divided by ours.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from collections.abc import Callable

import networkx as nx

from planner_core import graph as graphs

INSERTIONS = 50
SPAN = 100


def random_edges(n: int, m: int, chance: random.Random) -> list[graphs.Edge]:
    """Draw m different edges, reaching SPAN places back at most, between nodes numbered at random.

    Short edges make a deep graph with many redundant ones, as plans are; edges drawn from all pairs make a
    shallow one, which is easy for everyone.
    """
    names = list(range(n))
    chance.shuffle(names)
    edges: dict[graphs.Edge, None] = {}
    while len(edges) < m:
        second = chance.randrange(1, n)
        first = chance.randrange(max(0, second - SPAN), second)
        edges[names[first], names[second]] = None
    return list(edges)


def milliseconds(work: Callable[[], object], repeats: int) -> float:
    """Return the median time of ``work`` over some repeats."""
    times = []
    for _ in range(repeats):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return 1000 * statistics.median(times)


def networkx_cpm(network: nx.DiGraph[int], durations: list[int]) -> int:
    """Compute earliest and latest times on networkx's order and adjacency; return the makespan."""
    order = list(nx.topological_sort(network))
    finish: dict[int, int] = {}
    for node in order:
        finish[node] = durations[node] + max((finish[before] for before in network.pred[node]), default=0)
    makespan = max(finish.values())
    latest_start: dict[int, int] = {}
    for node in reversed(order):
        latest_finish = min((latest_start[after] for after in network.succ[node]), default=makespan)
        latest_start[node] = latest_finish - durations[node]
    return makespan


def measure(n: int, m: int, seed: int, repeats: int) -> dict[str, dict[str, float]]:
    """Time every algorithm on one graph and check that both sides agree."""
    chance = random.Random(seed)
    edges = random_edges(n, m, chance)
    durations = [chance.choice((10, 15, 20, 30, 45, 60, 90)) for _ in range(n)]
    insertions = [tuple(chance.sample(range(n), 2)) for _ in range(INSERTIONS)]
    network: nx.DiGraph[int] = nx.DiGraph()
    network.add_nodes_from(range(n))
    network.add_edges_from(edges)

    def fresh() -> graphs.Graph:
        # A graph remembers its order; a fresh one makes every timed run pay for it.
        return graphs.Graph(graph.n, graph.successors, graph.predecessors)

    graph = graphs.Graph.from_edges(n, edges)
    ordered = fresh()
    graphs.topological_order(ordered)
    redundant = set(graphs.transitive_reduction(graph))
    kept: list[graphs.Edge] = []
    closing = [graphs.closing_path(ordered, after, before) is not None for before, after in insertions]
    assert closing == [nx.has_path(network, after, before) for before, after in insertions]
    assert graphs.critical_path_method(graph, durations).makespan == networkx_cpm(network, durations)
    pairs: dict[str, tuple[float, float]] = {
        "build": (
            milliseconds(lambda: graphs.Graph.from_edges(n, edges), repeats),
            milliseconds(lambda: nx.DiGraph(edges), repeats),
        ),
        "waves": (
            milliseconds(lambda: graphs.waves(fresh()), repeats),
            milliseconds(lambda: list(nx.topological_generations(network)), repeats),
        ),
        "critical_path_method": (
            milliseconds(lambda: graphs.critical_path_method(fresh(), durations), repeats),
            milliseconds(lambda: networkx_cpm(network, durations), repeats),
        ),
        "cycle_check": (
            milliseconds(lambda: [graphs.closing_path(ordered, b, a) for a, b in insertions], repeats),
            milliseconds(lambda: [nx.has_path(network, b, a) for a, b in insertions], repeats),
        ),
        "transitive_reduction": (
            milliseconds(lambda: graphs.transitive_reduction(fresh()), repeats),
            milliseconds(lambda: kept.extend(nx.transitive_reduction(network).edges), 1),
        ),
    }
    assert redundant == set(edges) - set(kept)
    return {
        name: {
            "milliseconds": round(ours, 2),
            "networkx_milliseconds": round(theirs, 2),
            "ratio": round(theirs / ours, 1),
        }
        for name, (ours, theirs) in pairs.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=10_000)
    parser.add_argument("--dependencies", type=int, default=30_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--json", action="store_true", help="print JSON rather than a table")
    asked = parser.parse_args()
    rows = measure(asked.tasks, asked.dependencies, asked.seed, asked.repeats)
    if asked.json:
        head = {"tasks": asked.tasks, "dependencies": asked.dependencies, "seed": asked.seed}
        print(json.dumps({**head, "insertions": INSERTIONS, "algorithms": rows}))
        return
    print(f"{'':24}{'ms':>10}{'networkx':>12}{'ratio':>9}")
    for name, row in rows.items():
        print(f"{name:24}{row['milliseconds']:10.2f}{row['networkx_milliseconds']:12.2f}{row['ratio']:9.1f}")


if __name__ == "__main__":
    main()
