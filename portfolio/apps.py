from django.apps import AppConfig


class PortfolioConfig(AppConfig):
    name = "portfolio"

    def ready(self) -> None:
        from pmo.common.records.append_only import fence  # noqa: PLC0415 - models load after the app registry
        from portfolio import first_steps, models, office  # noqa: F401, PLC0415 - registers a step of the first run, and who knows the kind of office

        fence(models.ColorValidation)
