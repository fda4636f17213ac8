"""The errors of the core: each says what is wrong, where, and what to do."""

from __future__ import annotations

from dataclasses import dataclass


class PlannerError(Exception):
    """Anything the core refuses; its text is a whole sentence for the person who asked."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a plan or a document.

    `line` and `column` count from 1 and are None where the problem has no place in a text;
    `task` is the key of the task concerned and `field` the name of its field.
    """

    message: str
    line: int | None = None
    column: int | None = None
    task: str | None = None
    field: str | None = None

    def __str__(self) -> str:
        place = "" if self.line is None else f"line {self.line}, column {self.column or 1}: "
        subject = "" if self.task is None else f"{self.task}: "
        return f"{place}{subject}{self.message}"


class InvalidPlan(PlannerError):
    """A plan, or a document that should hold one, breaks the rules; carries every problem found, in order."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = problems


class StaleEdit(PlannerError):
    """The target of an edit no longer has the value that the edit starts from.

    `target` is the edit's target (see `edits.Edit.target`), so that the caller can say who changed it.
    """

    def __init__(self, message: str, target: str) -> None:
        super().__init__(message)
        self.target = target
