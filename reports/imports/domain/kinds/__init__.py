"""The kinds of record that can be imported, in the order in which they are offered."""

from reports.imports.domain.kinds.milestone import MILESTONE
from reports.imports.domain.kinds.project import PROJECT
from reports.imports.domain.kinds.risk import RISK

RECORD_KINDS = {kind.name: kind for kind in (PROJECT, MILESTONE, RISK)}
