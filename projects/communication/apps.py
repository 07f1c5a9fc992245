from django.apps import AppConfig


class CommunicationConfig(AppConfig):
    name = "projects.communication"
    label = "communication"

    def ready(self) -> None:
        from projects.communication import leaving, wiring  # noqa: F401, PLC0415 - registers a listener and what a person holds
