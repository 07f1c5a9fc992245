from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "reports.imports"
    label = "imports"

    def ready(self) -> None:
        from reports.imports import first_steps, wiring  # noqa: F401, PLC0415 - registers handlers, a duty and steps
