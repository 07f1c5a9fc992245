from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "projects"

    def ready(self) -> None:
        from pmo.common.records.append_only import fence  # noqa: PLC0415 - models load after the app registry
        from pmo.organization.desk.words import name_years_by  # noqa: PLC0415 - as above
        from pmo.organization.locks import amounts_are_in  # noqa: PLC0415 - as above
        from projects import first_steps, leaving, models, tasks  # noqa: F401, PLC0415 - registers handlers, duties and a step
        from projects.domain.calendar import (  # noqa: PLC0415 - as above
            fiscal_year,
            fiscal_year_label,
        )

        fence(models.ForecastEntry, spares=True)
        fence(models.MonthForecast, spares=True)
        fence(models.ReserveMovement)
        fence(models.Baseline, "OLD.is_complete")
        for part in (models.BaselineItem, models.BaselinePeriod):
            fence(part, closed=models.IN_COMPLETE_BASELINE)
        fence(models.StatusUpdate, "OLD.state = 'published'", spares=True)
        fence(models.ChangeRequest, "OLD.state IN ('rejected', 'withdrawn', 'implemented')")
        for model, columns in {
            models.FundingSource: ("amount",),
            models.BudgetLine: ("amount",),
            models.CostEntry: ("amount",),
            models.ForecastEntry: ("amount",),
            models.MonthForecast: ("amount",),
            models.Task: ("planned_cost",),
            models.ChangeRequest: ("cost_effect",),
            models.Baseline: (
                "distributed",
                "undistributed",
                "contingency",
                "management_reserve",
                "budget_at_completion",
            ),
            models.BaselineItem: ("amount",),
            models.BaselinePeriod: ("amount",),
            models.ReserveMovement: ("amount",),
            models.VarianceCause: ("amount",),
            models.StatusUpdate: ("forecast_cost",),
        }.items():
            amounts_are_in(model, *columns)
        name_years_by(
            lambda day, month: fiscal_year_label(
                fiscal_year(day, start_month=month), start_month=month
            )
        )
