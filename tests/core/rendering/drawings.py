"""Reading drawings back, for tests."""

from __future__ import annotations

from xml.etree import ElementTree

from planner_core.rendering import graphviz
from planner_core.rendering.svg import clean_svg

SVG = "{http://www.w3.org/2000/svg}"


def draw(source: str) -> ElementTree.Element:
    """Draw and clean the source, and parse the result."""
    return ElementTree.fromstring(clean_svg(graphviz.render_svg(source)))


def classes_by_id(root: ElementTree.Element) -> dict[str, set[str]]:
    """The classes of everything that has an id."""
    return {e.get("id", ""): set(e.get("class", "").split()) for e in root.iter() if e.get("id")}


def lines_of(group: ElementTree.Element) -> list[str]:
    """The text of each line inside an element, white space as in print."""
    return [" ".join("".join(text.itertext()).split()) for text in group.iter(f"{SVG}text")]


def by_id(root: ElementTree.Element, identifier: str) -> ElementTree.Element:
    """The element with that id, which must be there."""
    found = root.find(f".//*[@id='{identifier}']")
    assert found is not None, identifier
    return found


def name_of(group: ElementTree.Element) -> str:
    """The accessible name of a group or of the link in it."""
    return next((e.get("aria-label", "") for e in group.iter() if e.get("aria-label")), "")
