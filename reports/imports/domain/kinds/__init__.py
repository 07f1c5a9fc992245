"""The kinds of record that can be imported, in the order in which they are offered."""

from pmo.common.tabular.headers import know
from reports.imports.domain.kinds.budget_line import BUDGET_LINE
from reports.imports.domain.kinds.commitment import COMMITMENT
from reports.imports.domain.kinds.cost import COST
from reports.imports.domain.kinds.issue import ISSUE
from reports.imports.domain.kinds.milestone import MILESTONE
from reports.imports.domain.kinds.month_forecast import MONTH_FORECAST
from reports.imports.domain.kinds.project import PROJECT
from reports.imports.domain.kinds.raid import RAID
from reports.imports.domain.kinds.risk import RISK
from reports.imports.domain.kinds.stakeholder import STAKEHOLDER
from reports.imports.domain.kinds.status import STATUS

KINDS = (
    PROJECT,
    MILESTONE,
    RISK,
    ISSUE,
    RAID,
    STAKEHOLDER,
    STATUS,
    BUDGET_LINE,
    COMMITMENT,
    COST,
    MONTH_FORECAST,
)
RECORD_KINDS = {kind.name: kind for kind in KINDS}
# so that the reader tells the line of the headers, and the sheet, by these names
for _kind in RECORD_KINDS.values():
    _names = (name for field in _kind.fields for name in field.known_as)
    know(_kind.name, _names, has_periods=_kind.has_months)
