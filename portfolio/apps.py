from django.apps import AppConfig


class PortfolioConfig(AppConfig):
    name = "portfolio"

    def ready(self) -> None:
        from portfolio import first_steps  # noqa: F401, PLC0415 - registers a step of the first run
