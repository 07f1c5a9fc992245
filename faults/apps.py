from django.apps import AppConfig


class FaultsConfig(AppConfig):
    name = "faults"

    def ready(self) -> None:
        from faults import hooks  # noqa: PLC0415 - the product must be loaded before it is watched

        hooks.install()
