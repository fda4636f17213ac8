"""Schedules of activities on N agents, with dependencies and exclusions; see the modules for the parts.

Activities are numbered 0 .. n-1 and times are whole minutes from 0.
"""

from planner_core.scheduling.audit import Assessment, Audited, Group, Quantity, Statement, audit_statements
from planner_core.scheduling.barriers import BarrierSchedule, barrier_schedule, sequential, unlimited
from planner_core.scheduling.bounds import Binding, LowerBound, lower_bound
from planner_core.scheduling.chain import critical_chain
from planner_core.scheduling.heuristic import Progress, solve
from planner_core.scheduling.optimal import BestSoFar, Stage, best_schedule, improved, solver_available
from planner_core.scheduling.problem import Problem, Resource, cliques_of_pairs
from planner_core.scheduling.schedule import Schedule, validate_schedule

__all__ = [
    "Assessment",
    "Audited",
    "BarrierSchedule",
    "BestSoFar",
    "Binding",
    "Group",
    "LowerBound",
    "Problem",
    "Progress",
    "Quantity",
    "Resource",
    "Schedule",
    "Stage",
    "Statement",
    "audit_statements",
    "barrier_schedule",
    "best_schedule",
    "cliques_of_pairs",
    "critical_chain",
    "improved",
    "lower_bound",
    "sequential",
    "solve",
    "solver_available",
    "unlimited",
    "validate_schedule",
]
