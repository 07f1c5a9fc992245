"""Write rows about risks and issues, each list for itself or both in one."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from reports.imports.domain import ImportRow
from reports.imports.services.known import held_projects
from reports.imports.services.refusals import RowRefusedError
from reports.imports.services.registers.base import BegunEntry, RegisterWriter, own_of
from reports.imports.services.setting import Setting, Written
from reports.imports.words.registers import RESOLVED_UNSAID
from risks import services as risks
from risks.domain.matrix import Band, band
from risks.models import Issue, IssueState, Risk, RiskState, Severity

SEVERITIES = {
    "low": Severity.LOW.value,
    "medium": Severity.MEDIUM.value,
    "high": Severity.HIGH.value,
    "critical": Severity.CRITICAL.value,
}
# one rating for a whole risk: the step for both likelihood and impact that falls into its band
RATED = {"low": (1, Band.LOW), "medium": (2, Band.MODERATE), "high": (3, Band.HIGH), "critical": (4, Band.EXTREME)}  # fmt: skip


class RiskWriter(RegisterWriter):
    kind, model, named = "risk", Risk, "title"
    own = own_of(kind, due="review_date", proximity="proximity_date")
    people = ("owner",)
    later = (Risk,)

    def complete(self, begun: BegunEntry, known: Any) -> None:
        for name in ("likelihood", "impact") if known is None else ():
            if name not in begun.fields:
                raise RowRefusedError(name, "A new risk needs this score.", "A number from 1 to 5.")

    def create(self, begun: BegunEntry, setting: Setting) -> None:
        risks.create_risk(project=begun.project, by=setting.by, **begun.fields)

    def change(self, record: Any, begun: BegunEntry, setting: Setting) -> None:
        risks.change_risk(risk=record, version=None, by=setting.by, **begun.fields)


class IssueWriter(RegisterWriter):
    kind, model, named = "issue", Issue, "title"
    own = own_of(kind, due="due_date")
    people = ("owner",)
    codes = {"severity": SEVERITIES}
    later = (Issue,)

    def complete(self, begun: BegunEntry, known: Any) -> None:
        """Say of a resolved issue that its list does not say how."""
        is_said = "resolution" in begun.fields or (known is not None and known.resolution)
        if begun.fields.get("state") == IssueState.RESOLVED and not is_said:
            begun.fields["resolution"] = RESOLVED_UNSAID

    def create(self, begun: BegunEntry, setting: Setting) -> None:
        risks.create_issue(project=begun.project, by=setting.by, **begun.fields)

    def change(self, record: Any, begun: BegunEntry, setting: Setting) -> None:
        risks.change_issue(issue=record, version=None, by=setting.by, **begun.fields)


def _in_both(own: dict[str, str], *less: str) -> dict[str, str]:
    shared = ("external_id", "title", "description", "state", "owner", "due")
    return {field: own[field] for field in (*shared, *less)}


class _RiskOfLog(RiskWriter):
    kind = "raid"
    own = _in_both(RiskWriter.own, "likelihood", "impact", "response")

    def complete(self, begun: BegunEntry, known: Any) -> None:
        """Let one rating stand for both scores, unless those that are here come to the same."""
        rating = begun.row.values.get("severity")
        missing = [name for name in ("likelihood", "impact") if name not in begun.fields]
        if rating and missing:
            step, of_band = RATED[str(rating)]
            is_so = known is not None and band(known.likelihood, known.impact) is of_band
            for name in missing:
                begun.fields[name] = getattr(known, name) if is_so else step
        super().complete(begun, known)


class _IssueOfLog(IssueWriter):
    kind = "raid"
    own = _in_both(IssueWriter.own, "severity", "resolution")
    codes = {
        "severity": SEVERITIES,
        "state": {
            RiskState.OPEN.value: IssueState.OPEN.value,
            RiskState.CLOSED.value: IssueState.RESOLVED.value,
            RiskState.OCCURRED.value: IssueState.OPEN.value,
        },
    }


class BegunOfLog(NamedTuple):
    """A begun row and the register that it belongs to."""

    writer: RegisterWriter
    entry: BegunEntry

    @property
    def row(self) -> ImportRow:
        return self.entry.row


class LogWriter:
    """Writes the rows of a log into the registers that its column of types names."""

    later = (Risk, Issue)

    def start(self, rows: Sequence[ImportRow], setting: Setting) -> None:
        """Lock and read the projects that the rows name, and their risks and issues."""
        held = held_projects(setting.lookups.keys(rows, "project"))
        self._writers: dict[str, RegisterWriter] = {"risk": _RiskOfLog(), "issue": _IssueOfLog()}
        for name, writer in self._writers.items():
            writer.read([row for row in rows if row.values["type"] == name], held)

    def begin(self, row: ImportRow, setting: Setting) -> BegunOfLog:
        writer = self._writers[str(row.values["type"])]
        return BegunOfLog(writer, writer.begin(row, setting))

    def settle(self, begun: Sequence[BegunOfLog], setting: Setting) -> None:
        """Nothing is written yet on which the records stand."""

    def finish(self, begun: BegunOfLog, setting: Setting) -> Written:
        return begun.writer.finish(begun.entry, setting)
