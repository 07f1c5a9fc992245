"""The stages of a project, which may follow which, and what a stage asks for."""

from projects.domain.labels import Labeled


class Stage(Labeled):
    PROPOSAL = "proposal"
    PLANNING = "planning"
    DELIVERY = "delivery"
    CLOSING = "closing"
    ON_HOLD = "on_hold"
    CLOSED = "closed"
    CANCELLED = "cancelled"


NEXT_STAGES: dict[Stage, frozenset[Stage]] = {
    Stage.PROPOSAL: frozenset({Stage.PLANNING, Stage.ON_HOLD, Stage.CANCELLED}),
    Stage.PLANNING: frozenset({Stage.DELIVERY, Stage.ON_HOLD, Stage.CANCELLED}),
    Stage.DELIVERY: frozenset({Stage.PLANNING, Stage.CLOSING, Stage.ON_HOLD, Stage.CANCELLED}),
    Stage.CLOSING: frozenset({Stage.DELIVERY, Stage.CLOSED, Stage.CANCELLED}),
    Stage.ON_HOLD: frozenset({Stage.PLANNING, Stage.DELIVERY, Stage.CANCELLED}),
    Stage.CLOSED: frozenset(),
    Stage.CANCELLED: frozenset(),
}
# a project in one of these is on the dashboards
ACTIVE = (Stage.PROPOSAL, Stage.PLANNING, Stage.DELIVERY, Stage.CLOSING, Stage.ON_HOLD)
# a project in one of these owes a status update each week
REPORTING = (Stage.PLANNING, Stage.DELIVERY, Stage.CLOSING)
# the fields a project must have once it is in the stage
REQUIRED_FROM: dict[Stage, tuple[str, ...]] = {
    Stage.DELIVERY: ("start_date", "baseline_finish_date"),
    Stage.CLOSING: ("start_date", "baseline_finish_date"),
    Stage.CLOSED: ("start_date", "actual_finish_date"),
}


def can_move(now: Stage, target: Stage) -> bool:
    return target in NEXT_STAGES[now]
