"""The enumerations that core and apps share. Values are what documents and databases hold."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """How far a task is."""

    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    REVIEW = "review"
    BLOCKED = "blocked"
    COMPLETED = "completed"
    FAILED = "failed"
    DEFERRED = "deferred"
    CANCELLED = "cancelled"


class ClaimMode(StrEnum):
    """What a task does with the paths it claims, strongest first."""

    MODIFIES = "modifies"
    CREATES = "creates"
    READS = "reads"


class Layer(StrEnum):
    """The part of a system that a task belongs to, from the foundation to the roof."""

    DATABASE = "database"
    CORE = "core"
    API = "api"
    UI = "ui"
    TEST = "test"
    DOCS = "docs"
    CONFIG = "config"
    INTEGRATION = "integration"


class ConflictKind(StrEnum):
    """Why two unordered tasks should not run at once."""

    FILE = "file"
    CREATION = "creation"
    HIDDEN_DEPENDENCY = "hidden_dependency"
    DESIGN = "design"
    NEVER_PARALLEL = "never_parallel"
    VERDICT = "verdict"

    @property
    def reason(self) -> str:
        """The kind in words, as the start of a sentence."""
        return _REASONS[self]


_REASONS = {
    ConflictKind.FILE: "Both write the same files",
    ConflictKind.CREATION: "Both create the same file",
    ConflictKind.HIDDEN_DEPENDENCY: "One reads what the other writes",
    ConflictKind.DESIGN: "Both settle the same question",
    ConflictKind.NEVER_PARALLEL: "One must not run beside anything",
    ConflictKind.VERDICT: "Ruled never together",
}


class Role(StrEnum):
    """What a member of a team may do, each role including the ones before it."""

    VIEWER = "viewer"
    MEMBER = "member"
    LEAD = "lead"
    OWNER = "owner"
