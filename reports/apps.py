from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        from reports import wiring  # noqa: F401, PLC0415 - registers listeners, job handlers and duties
