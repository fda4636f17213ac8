"""The example plans that come with the program, as plan documents."""

from __future__ import annotations

from importlib.resources import files

from planner_core.errors import PlannerError
from planner_core.formats.document import Document, NewUid
from planner_core.formats.yaml_plan import read_plan

EXAMPLES: tuple[tuple[str, str], ...] = (
    ("comments", "Comments feature"),
    ("notifications", "Real-time notifications"),
    ("user-profile", "User profile"),
    ("crud", "Full CRUD"),
)
"""The examples' names and titles, the simplest first."""


class UnknownExampleError(PlannerError):
    """A name that no example has."""


def example_text(name: str) -> str:
    """The document of an example, as YAML. Raises UnknownExampleError."""
    if name not in dict(EXAMPLES):
        known = ", ".join(known for known, _ in EXAMPLES)
        raise UnknownExampleError(f"There is no example “{name}”. The examples are: {known}.")
    return files(__package__).joinpath(f"{name}.yaml").read_text("utf-8")


def read_example(name: str, *, new_uid: NewUid) -> Document:
    """An example's plan and progress, read anew, with uids from `new_uid`. Raises UnknownExampleError."""
    return read_plan(example_text(name), new_uid=new_uid)
