"""The plan document: its shape, in every spelling that is read, as pydantic models and as a JSON Schema."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    WithJsonSchema,
)

from planner_core.durations import BadDuration, parse_duration
from planner_core.items import DEFAULT_PRIORITY
from planner_core.plan import DEFAULT_AGENTS, DEFAULT_ESTIMATE, MAX_AGENTS
from planner_core.vocabulary import Layer, Status

VERSION = 1


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _minutes(value: object) -> object:
    if not isinstance(value, str | int) or isinstance(value, bool):
        return value
    try:
        return parse_duration(value)
    except BadDuration as error:
        raise ValueError(str(error)) from error


def _moment(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise ValueError(f"“{value[:40]}” is no time. Write one such as 2025-01-15T09:05:00Z.") from error
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"“{value[:40]}” is out of range.") from error


def _named(field: str) -> BeforeValidator:
    def spelled_out(value: object) -> object:
        return {field: value} if isinstance(value, str) else value

    return BeforeValidator(spelled_out)


_ONE_OR_MORE = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": ["string", "number"]}}]}
_DURATION = {
    "anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "examples": ["45m", "1h 30m", "1d"]}]
}

Line = Annotated[str, StringConstraints(strip_whitespace=True)]
Lines = Annotated[list[Line], BeforeValidator(_listed), WithJsonSchema(_ONE_OR_MORE)]
Key = Annotated[str, WithJsonSchema({"type": ["string", "number"]})]
Keys = Lines
Patterns = Lines
Minutes = Annotated[int, BeforeValidator(_minutes), WithJsonSchema(_DURATION)]
Moment = Annotated[
    datetime, BeforeValidator(_moment), WithJsonSchema({"type": "string", "format": "date-time"})
]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ArtefactDocument(_Model):
    """One thing that a handoff passes on. A bare text is its path."""

    path: Line = Field(description="Where it is.")
    symbol: str = Field(default="", description="What it is called.")
    signature: str = ""
    use: str = Field(default="", description="How to use it.")
    avoid: str = Field(default="", description="What not to do with it.")
    check: str = Field(default="", description="How to check it.")


ArtefactEntry = Annotated[ArtefactDocument, _named("path")]


class HandoffDocument(_Model):
    """What the source tasks leave for the receiving ones. Under a task, that task receives it."""

    sources: Keys = Field(alias="from", description="The tasks that leave it.")
    receivers: Keys = Field(default=[], alias="to", description="The tasks that receive it.")
    summary: str = ""
    decisions: Lines = []
    key_context: str = ""
    next_steps: Lines = []
    open_questions: Lines = []
    artefacts: list[ArtefactEntry] = []
    criteria: Lines = []


class TaskDocument(_Model):
    """One piece of work, under its key."""

    title: Line = ""
    description: str = ""
    acceptance: Lines = Field(default=[], description="Acceptance criteria.")
    estimate: Minutes | None = Field(
        default=None, description="Minutes, or a text such as 45m, 1h 30m or 1d (8 h)."
    )
    priority: int = Field(default=DEFAULT_PRIORITY, description="1 (first) to 5.")
    layer: Layer | None = None
    context: Line = Field(default="", description="The bounded context it belongs to.")
    bounded_context: Line = Field(default="", description="The same as context.")
    track: Line | None = None
    phase: Line | None = None
    parent: Line | None = Field(default=None, description="The summary task that it is a part of.")
    children: Keys = Field(
        default=[], description="The parts of this summary task: keys, or the tasks themselves."
    )
    agent: Line | None = None
    skills: Lines = []
    parallel_safe: bool | None = Field(
        default=None,
        description="True: safe beside all but what ownership forbids. False: never beside anything.",
    )
    decides: Lines = Field(default=[], description="Design questions that it settles.")
    depends_on: Keys = Field(
        default=[], description="The tasks that must be finished before this one starts."
    )
    depends_on_completion: Keys = Field(default=[], description="The same as depends_on.")
    blocks: Keys = Field(
        default=[], description="The tasks that wait for this one: depends_on, the other way round."
    )
    modifies: Patterns = Field(default=[], description="Path patterns (as in .gitignore) of what it changes.")
    conflict_zones: Patterns = Field(default=[], description="The same as modifies.")
    creates: Patterns = Field(default=[], description="Path patterns of what it creates.")
    reads: Patterns = Field(default=[], description="Path patterns of what it only reads.")
    can_run_with: Keys = Field(
        default=[], description="Tasks that may run beside this one: the lead's own word."
    )
    handoffs: list[HandoffDocument] = Field(default=[], description="What earlier tasks leave for this one.")


class ListedTaskDocument(TaskDocument):
    """A task in a list, with its key inside."""

    key: Key = ""
    id: Key = Field(default="", description="The same as key.")


class AgentDocument(_Model):
    """A named agent. A bare text is its name."""

    name: Line
    skills: Lines = []


class PairDocument(_Model):
    """The lead's own word on a pair of tasks."""

    tasks: Keys = Field(min_length=2, max_length=2)
    together: bool = Field(description="True: they may run at once. False: never.")
    reason: Line = ""


class SettingsDocument(_Model):
    """What the plan is scored and scheduled with."""

    threshold: float | None = Field(default=None, description="Pairs with a higher risk do not run at once.")
    weights: dict[str, float] | None = Field(
        default=None, description="The weight of each factor of the risk."
    )
    keep_phases: bool = Field(default=False, description="A phase starts when the one before it is finished.")
    default_estimate: Minutes = Field(default=DEFAULT_ESTIMATE, description="For tasks without an estimate.")
    agent_count: int = Field(
        default=DEFAULT_AGENTS, description="How many agents there are where none is named."
    )


class GroupDocument(_Model):
    """A step of the execution groups: tasks one after the other, or side by side."""

    sequential: Keys | None = None
    parallel: Keys | None = None


class ProgressDocument(_Model):
    """How far a task is. A bare text is its status."""

    status: Status = Status.PENDING
    started: Moment | None = None
    finished: Moment | None = None


def _kind_of_agents(value: Any) -> str:
    return "named" if isinstance(value, list) else "count"


AgentEntry = Annotated[AgentDocument, _named("name")]
AgentCount = Annotated[int, Field(ge=1, le=MAX_AGENTS)]


class PlanDocument(_Model):
    """A plan. Only the tasks are needed, and they may also stand alone, without this head."""

    taskplanner: Annotated[int, Field(ge=VERSION, le=VERSION)] = Field(
        default=VERSION, description="Its version."
    )
    plan: Line = Field(default="Untitled plan", description="Its title.")
    title: Line = Field(default="", description="The same as plan.")
    description: str = ""
    agents: Annotated[
        Annotated[AgentCount, Tag("count")] | Annotated[list[AgentEntry], Tag("named")],
        Discriminator(_kind_of_agents),
    ] = Field(default=DEFAULT_AGENTS, description="How many agents, or which, with their skills.")
    phases: Lines = Field(default=[], description="In order; tasks name theirs.")
    tracks: Lines = Field(default=[], description="In order; tasks name theirs.")
    settings: SettingsDocument = SettingsDocument()
    pairs: list[PairDocument] = []
    tasks: dict[str, TaskDocument] = Field(
        default={}, description="By key, or a list with the key inside each."
    )
    handoffs: list[HandoffDocument] = Field(default=[], description="Those with several receivers.")
    execution_groups: list[GroupDocument] = Field(
        default=[], description="Read as the order of the tasks where none of them declares a dependency."
    )
    progress: dict[str, Annotated[ProgressDocument, _named("status")]] = {}


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the plan document, in every spelling that is read."""
    schema = PlanDocument.model_json_schema()
    listed = ListedTaskDocument.model_json_schema()
    definitions = schema["$defs"]
    definitions["ListedTaskDocument"] = {key: value for key, value in listed.items() if key != "$defs"}
    definitions["ListedTaskDocument"]["anyOf"] = [{"required": ["key"]}, {"required": ["id"]}]
    nothing_or_task = {"anyOf": [{"$ref": "#/$defs/TaskDocument"}, {"type": "null"}]}
    by_key = {"type": "object", "additionalProperties": nothing_or_task}
    in_a_list = {"type": "array", "items": {"$ref": "#/$defs/ListedTaskDocument"}}
    described = schema["properties"]["tasks"]
    described.pop("additionalProperties")
    described.pop("type")
    described["anyOf"] = [by_key, in_a_list]
    _or_text(definitions["HandoffDocument"]["properties"]["artefacts"]["items"])
    for choice in schema["properties"]["agents"]["oneOf"]:
        if choice["type"] == "array":
            _or_text(choice["items"])
    _or_text(schema["properties"]["progress"]["additionalProperties"])
    whole = {key: schema.pop(key) for key in ("title", "description", "type", "properties")}
    whole["additionalProperties"] = schema.pop("additionalProperties")
    schema.update(
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "Taskplanner plan document",
            "anyOf": [whole, {**by_key, "title": "Tasks by key, without a head"}, in_a_list],
        }
    )
    return schema


def _or_text(place: dict[str, Any]) -> None:
    reference = place.pop("$ref")
    place["anyOf"] = [{"$ref": reference}, {"type": "string"}]
