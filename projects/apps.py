from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "projects"

    def ready(self) -> None:
        from pmo.common.fences import fence  # noqa: PLC0415 - models load after the app registry
        from projects import tasks  # noqa: F401, PLC0415 - registers job handlers and duties
        from projects.models import ForecastEntry, StatusUpdate  # noqa: PLC0415 - the same

        fence(ForecastEntry)
        fence(StatusUpdate, "OLD.state = 'published'")
