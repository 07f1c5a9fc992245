from django.apps import AppConfig

from reports.domain.figure_table import Kind, names_of


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        from pmo.common.records.append_only import fence  # noqa: PLC0415 - models load after the app registry
        from pmo.organization.locks import amounts_are_in  # noqa: PLC0415 - as above
        from reports import first_steps, leaving, wiring  # noqa: F401, PLC0415 - registers listeners, handlers, duties and steps
        from reports.models import Freeze, Snapshot, Summary, VoidedFreeze  # noqa: PLC0415 - as above
        from reports.models.snapshots import COMING, FrozenMilestone  # noqa: PLC0415 - as above

        amounts_are_in(Snapshot, *names_of(Kind.MONEY))
        fence(Freeze)
        fence(FrozenMilestone)
        fence(VoidedFreeze)
        fence(Snapshot, f"OLD.date < '{COMING.isoformat()}'")
        fence(Summary, "OLD.state = 'issued'")
