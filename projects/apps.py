from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "projects"

    def ready(self) -> None:
        from pmo.common.fences import fence  # noqa: PLC0415 - models load after the app registry
        from projects import first_steps, models, tasks  # noqa: F401, PLC0415 - registers handlers, duties and a step

        for kept in (
            models.ForecastEntry,
            models.MonthForecast,
            models.ReserveMovement,
        ):
            fence(kept)
        fence(models.Baseline, "OLD.is_complete")
        for part in (models.BaselineItem, models.BaselinePeriod):
            fence(part, closed=models.IN_COMPLETE_BASELINE)
        fence(models.StatusUpdate, "OLD.state = 'published'")
        fence(models.ChangeRequest, "OLD.state IN ('rejected', 'withdrawn', 'implemented')")
