"""
What a change of stage, or a new commitment, asks for beside the project's own rules.

Projects know nothing of gates: the app that keeps them registers a function here, from its `ready()`. Each
returns whole sentences that say why not; the service refuses with all of them.
"""

from collections.abc import Callable

from projects.domain.stages import Stage
from projects.models import Project

StageAsk = Callable[[Project, Stage], list[str]]
CommitmentAsk = Callable[[Project], list[str]]
_of_stages: list[StageAsk] = []
_of_commitments: list[CommitmentAsk] = []


def asked_before_stage(ask: StageAsk) -> StageAsk:
    """Register what stands between a project and another stage; it gets the project as it was saved."""
    if ask not in _of_stages:
        _of_stages.append(ask)
    return ask


def asked_before_commitment(ask: CommitmentAsk) -> CommitmentAsk:
    """Register what stands between a project and committing more money."""
    if ask not in _of_commitments:
        _of_commitments.append(ask)
    return ask


def stage_faults(project: Project, target: Stage) -> list[str]:
    """Say why the project may not enter the stage; empty when it may."""
    return [sentence for ask in _of_stages for sentence in ask(project, target)]


def commitment_faults(project: Project) -> list[str]:
    """Say why nothing may be committed now; empty when it may."""
    return [sentence for ask in _of_commitments for sentence in ask(project)]
