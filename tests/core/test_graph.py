"""Graph algorithms, with networkx as the oracle."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner_core import graph as graphs
from planner_core.graph import CyclicGraphError, Graph

MAX_NODES = 12


@st.composite
def any_graphs(draw: st.DrawFn) -> Graph:
    """Directed graphs, with cycles and loops or without."""
    n = draw(st.integers(1, MAX_NODES))
    node = st.integers(0, n - 1)
    return Graph.from_edges(n, draw(st.lists(st.tuples(node, node), max_size=3 * n)))


@st.composite
def acyclic_graphs(draw: st.DrawFn) -> Graph:
    """Acyclic graphs whose nodes are not numbered in topological order."""
    n = draw(st.integers(1, MAX_NODES))
    names = draw(st.permutations(range(n)))
    node = st.integers(0, n - 1)
    pairs = draw(st.lists(st.tuples(node, node), max_size=4 * n))
    return Graph.from_edges(n, [(names[min(pair)], names[max(pair)]) for pair in pairs if pair[0] != pair[1]])


@st.composite
def timed_graphs(draw: st.DrawFn) -> tuple[Graph, list[int]]:
    graph = draw(acyclic_graphs())
    return graph, draw(st.lists(st.integers(0, 9), min_size=graph.n, max_size=graph.n))


def oracle(graph: Graph) -> nx.DiGraph[int]:
    result: nx.DiGraph[int] = nx.DiGraph()
    result.add_nodes_from(range(graph.n))
    result.add_edges_from(graph.edges)
    return result


def test_edges_are_deduplicated_and_ascending() -> None:
    """Building a graph drops repeated edges and sorts both adjacency arrays."""
    graph = Graph.from_edges(3, [(2, 1), (0, 1), (2, 1), (2, 0)])
    assert graph.edges == [(0, 1), (2, 0), (2, 1)]
    assert graph.predecessors == ((2,), (0, 2), ())


@pytest.mark.parametrize("edge", [(0, 3), (-1, 0)])
def test_an_edge_outside_the_nodes_is_refused(edge: tuple[int, int]) -> None:
    """An edge whose end is no node is named in the error."""
    with pytest.raises(ValueError, match=rf"edge \({edge[0]}, {edge[1]}\)"):
        Graph.from_edges(3, [edge])


@given(any_graphs())
def test_a_cycle_is_found_exactly_when_there_is_one(graph: Graph) -> None:
    """find_cycle returns a simple cycle, its smallest node first, or None for acyclic graphs."""
    cycle = graphs.find_cycle(graph)
    assert (cycle is None) == nx.is_directed_acyclic_graph(oracle(graph))
    if cycle is not None:
        assert len(set(cycle)) == len(cycle)
        assert cycle[0] == min(cycle)
        assert all(head in graph.successors[tail] for tail, head in pairwise([*cycle, cycle[0]]))


def test_a_found_cycle_is_short() -> None:
    """A detour around a cycle is not reported when the cycle itself is shorter."""
    ring = [(node, (node + 1) % 20) for node in range(20)]
    assert graphs.find_cycle(Graph.from_edges(20, [*ring, (4, 2)])) == [2, 3, 4]


def test_a_loop_is_a_cycle_of_one() -> None:
    """A node that precedes itself is a cycle."""
    assert graphs.find_cycle(Graph.from_edges(2, [(1, 1)])) == [1]


def test_functions_that_need_an_order_name_the_cycle() -> None:
    """Functions for acyclic graphs raise an error that spells the cycle out."""
    graph = Graph.from_edges(4, [(0, 1), (1, 2), (2, 1), (2, 3)])
    functions = (graphs.topological_order, graphs.waves, graphs.reachability, graphs.transitive_reduction)
    for function in functions:
        with pytest.raises(CyclicGraphError, match="1 -> 2 -> 1") as caught:
            function(graph)
        assert caught.value.cycle == [1, 2]


@given(acyclic_graphs(), st.data())
def test_a_closing_path_is_a_shortest_path_back(graph: Graph, data: st.DataObject) -> None:
    """closing_path finds a shortest path from the new edge's successor to its predecessor if one exists."""
    successor, predecessor = (data.draw(st.integers(0, graph.n - 1)) for _ in range(2))
    path = graphs.closing_path(graph, successor, predecessor)
    network = oracle(graph)
    assert (path is not None) == nx.has_path(network, successor, predecessor)
    if path is not None:
        assert (path[0], path[-1]) == (successor, predecessor)
        assert all(head in graph.successors[tail] for tail, head in pairwise(path))
        assert len(path) == nx.shortest_path_length(network, successor, predecessor) + 1


@given(acyclic_graphs())
def test_waves_are_the_generations(graph: Graph) -> None:
    """Waves equal networkx's topological generations, and joined they are the topological order."""
    waves = graphs.waves(graph)
    assert waves == [sorted(generation) for generation in nx.topological_generations(oracle(graph))]
    assert graphs.topological_order(graph) == [node for wave in waves for node in wave]


@given(acyclic_graphs())
def test_reachability_is_the_descendants(graph: Graph) -> None:
    """The bitset of a node holds its descendants and nothing else."""
    network = oracle(graph)
    for node, reached in enumerate(graphs.reachability(graph)):
        assert {other for other in range(graph.n) if reached >> other & 1} == nx.descendants(network, node)


@given(acyclic_graphs())
def test_transitive_reduction_agrees_with_networkx(graph: Graph) -> None:
    """The redundant edges are those that networkx's transitive reduction leaves out."""
    kept = set(nx.transitive_reduction(oracle(graph)).edges)
    assert graphs.transitive_reduction(graph) == [edge for edge in graph.edges if edge not in kept]


@given(timed_graphs())
def test_the_makespan_is_the_longest_path(timed: tuple[Graph, list[int]]) -> None:
    """The makespan is networkx's longest path; the critical path is such a chain, source to sink."""
    graph, durations = timed
    cpm = graphs.critical_path_method(graph, durations)
    network: nx.DiGraph[tuple[int, str]] = nx.DiGraph()
    network.add_nodes_from((node, side) for node in range(graph.n) for side in "sf")
    network.add_weighted_edges_from(((node, "s"), (node, "f"), durations[node]) for node in range(graph.n))
    network.add_weighted_edges_from(((before, "f"), (after, "s"), 0) for before, after in graph.edges)
    assert cpm.makespan == nx.dag_longest_path_length(network)
    path = cpm.critical_path
    assert sum(durations[node] for node in path) == cpm.makespan
    assert all(after in graph.successors[before] for before, after in pairwise(path))
    assert not graph.predecessors[path[0]]
    assert not graph.successors[path[-1]]
    assert all(cpm.slack[node] == 0 for node in path)


@given(timed_graphs())
def test_slack_is_how_far_a_node_can_slip(timed: tuple[Graph, list[int]]) -> None:
    """A node can grow by its slack and not a minute more; free slack is the gap to its first successor."""
    graph, durations = timed
    cpm = graphs.critical_path_method(graph, durations)
    for node in range(graph.n):
        for extra, makespan in ((cpm.slack[node], cpm.makespan), (cpm.slack[node] + 1, cpm.makespan + 1)):
            longer = [*durations[:node], durations[node] + extra, *durations[node + 1 :]]
            assert graphs.critical_path_method(graph, longer).makespan == makespan
        assert 0 <= cpm.free_slack[node] <= cpm.slack[node]
        free = [cpm.earliest_start[after] for after in graph.successors[node]] or [cpm.makespan]
        assert cpm.free_slack[node] == min(free) - cpm.earliest_finish[node]
        assert cpm.latest_start[node] + durations[node] == cpm.latest_finish[node]


def test_durations_must_fit_the_nodes() -> None:
    """Too few durations and negative ones are refused, naming the node."""
    graph = Graph.from_edges(2, [(0, 1)])
    with pytest.raises(ValueError, match="2 nodes"):
        graphs.critical_path_method(graph, [1])
    with pytest.raises(ValueError, match="node 1 is negative: -5"):
        graphs.critical_path_method(graph, [1, -5])


def test_the_empty_graph_has_no_length() -> None:
    """No nodes: no waves, no cycle, makespan zero and an empty critical path."""
    graph = Graph.from_edges(0, [])
    cpm = graphs.critical_path_method(graph, [])
    assert (cpm.makespan, cpm.critical_path) == (0, ())
    assert graphs.waves(graph) == []
    assert graphs.find_cycle(graph) is None
