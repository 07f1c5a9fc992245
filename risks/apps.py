from django.apps import AppConfig


class RisksConfig(AppConfig):
    name = "risks"

    def ready(self) -> None:
        from risks import measures  # noqa: F401, PLC0415 - registers the risk axis with the health rules
