"""Drawings by Graphviz: the plan graph, the timeline, the ownership map, and the way from DOT to safe SVG."""
