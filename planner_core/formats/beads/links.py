"""What the issues of beads say about each other: what blocks what, and what is a part of what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from planner_core.formats.draft import Draft
from planner_core.formats.located_json import Record, text_of, texts_of
from planner_core.formats.mending import shown
from planner_core.item_checks import MAX_KEY

PARENT = "parent-child"
_ORDERING = frozenset(("blocks", "conditional-blocks", "waits-for"))


@dataclass(frozen=True, slots=True)
class Link:
    """A dependency as it stands in a file; `kind` is its type."""

    successor: str
    predecessor: str
    kind: str
    line: int


def id_of(record: Record) -> str:
    """An issue's id."""
    return text_of(record.get("id")).strip()


def links_of(draft: Draft, record: Record) -> Iterator[Link]:
    """Every dependency that an issue states, of whatever kind and in whatever spelling."""
    own, line = id_of(record), record.line
    for name in ("blocked_by", "depends_on"):
        for said in texts_of(record.get(name)):
            yield Link(own, said, "blocks", line)
    for name in ("parent", "parent_id"):
        for said in texts_of(record.get(name)):
            yield Link(own, said, PARENT, line)
    given = record.get("dependencies")
    for each in given if isinstance(given, list) else [given]:
        if isinstance(each, Record):
            link = _link(draft, own, each, line)
            if link is not None:
                yield link
        else:
            for said in texts_of(each):
                yield Link(own, said, "blocks", line)


def _link(draft: Draft, own: str, said: Record, line: int) -> Link | None:
    successor = text_of(said.get("issue_id")).strip()
    predecessor = text_of(said.get("depends_on_id") or said.get("id")).strip()
    kind = text_of(said.get("type") or said.get("dependency_type")).strip().lower().replace("_", "-")
    if not kind:
        kind = "blocks"
        message = f"A dependency on {shown(predecessor or successor)} has no type: that it blocks was taken."
        draft.guessed(message, line=line, task=own)
    if not predecessor and successor not in ("", own):
        message = f"A dependency names only the issue {shown(successor)}: that it waits for it was taken."
        draft.guessed(message, line=line, task=own)
        return Link(own, successor, kind, line)
    if not predecessor:
        draft.lost("A dependency names no issue that it waits for: it is left out.", line=line, task=own)
        return None
    return Link(successor or own, predecessor, kind, line)


def settled_parents(
    draft: Draft, issues: Sequence[Record], links: Sequence[Link], ids: Set[str]
) -> Mapping[str, str]:
    """For each issue the one that it is a part of: the first that it names, else what its id shows."""
    found: dict[str, str] = {}
    ordered = set[tuple[str, str]]()
    for link in links:
        if link.kind == PARENT and link.predecessor in ids and link.predecessor != link.successor:
            found.setdefault(link.successor, link.predecessor)
        elif link.kind in _ORDERING:
            ordered |= {(link.successor, link.predecessor), (link.predecessor, link.successor)}
    for record in issues:
        own = id_of(record)
        above = parent_by_id(own, ids, ordered)
        if own not in found and above is not None:
            found[own] = above
            draft.guessed(f"Its id says that it is a part of {shown(above)}.", line=record.line, task=own)
    return found


def parent_by_id(own: str, ids: Set[str], ordered: Set[tuple[str, str]]) -> str | None:
    """The issue that one is a part of by its id, as `bd-7.2` of `bd-7`; none that it is ordered with."""
    above = own if len(own) <= MAX_KEY else ""
    while "." in above:
        above = above.rpartition(".")[0]
        if above in ids and (own, above) not in ordered:
            return above
    return None


def add_link(draft: Draft, link: Link, parents: Mapping[str, str]) -> None:
    """Adds a dependency that orders; of every other a note says what became of it."""
    if link.kind in _ORDERING:
        if link.kind != "blocks":
            message = f"That it depends on {shown(link.predecessor)} ({link.kind}) is taken to hold always."
            draft.guessed(message, line=link.line, task=link.successor)
        draft.depends(link.successor, link.predecessor, line=link.line)
    elif link.kind == PARENT and parents.get(link.successor) == link.predecessor:
        message = f"That it depends on {shown(link.predecessor)} (parent-child) makes it a part of that task."
        draft.repaired(message, line=link.line, task=link.successor)
    else:
        message = f"That it depends on {shown(link.predecessor)} ({shown(link.kind)}) is left out: "
        reason = "it orders nothing." if link.kind != PARENT else "a task is a part of one task of the plan."
        draft.lost(message + reason, line=link.line, task=link.successor)
