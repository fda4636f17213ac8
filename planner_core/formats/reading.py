"""From a file as it was given to the plans in it."""

from __future__ import annotations

from planner_core.errors import InvalidPlan, Problem
from planner_core.formats.archive import source_of
from planner_core.formats.document import Document, NewUid
from planner_core.formats.registry import UnknownFormatError, detected_format, format_named

MAX_PLANS = 100


def documents_of(name: str, content: bytes, *, format_name: str = "", new_uid: NewUid) -> list[Document]:
    """The plans in a file, or in the folder that a ZIP holds, in the named format, else the one detected.

    Raises InvalidPlan where the file cannot be read, UnknownFormatError or AmbiguousFormatError where its
    format is not clear.
    """
    source = source_of(name, content)
    chosen = format_named(format_name) if format_name else detected_format(source)
    if chosen.read is None:
        raise UnknownFormatError(f"{chosen.title} can only be written.")
    documents = chosen.read(source, new_uid=new_uid)
    if len(documents) > MAX_PLANS:
        message = f"It holds {len(documents)} plans; {MAX_PLANS} at once are the most. Split it."
        raise InvalidPlan((Problem(message),))
    return documents
