from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "portfolio.intake"
    label = "intake"

    def ready(self) -> None:
        from pmo.common.records.append_only import fence  # noqa: PLC0415 - models load after the app registry
        from pmo.organization.locks import amounts_are_in, limits_are_in  # noqa: PLC0415 - as above
        from portfolio.intake import models, tasks, wiring  # noqa: F401, PLC0415 - registers a duty and what waits

        fence(models.TimelineStep)
        fence(models.RequestVersion)
        fence(models.ContingencyDraw)
        for model, columns in models.AMOUNTS.items():
            amounts_are_in(model, *columns)
        for model, columns in models.LIMITS.items():
            limits_are_in(model, *columns)
