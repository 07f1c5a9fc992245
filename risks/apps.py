from django.apps import AppConfig


class RisksConfig(AppConfig):
    name = "risks"

    def ready(self) -> None:
        from pmo.organization.locks import amounts_are_in  # noqa: PLC0415 - models load after the app registry
        from risks import leaving, measures  # noqa: F401, PLC0415 - registers the risk axis with the health rules
        from risks.models import Risk  # noqa: PLC0415 - as above

        amounts_are_in(Risk, "cost_impact")
