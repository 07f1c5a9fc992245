from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    name = "portfolio.governance"
    label = "governance"

    def ready(self) -> None:
        from pmo.common.records.append_only import fence  # noqa: PLC0415 - models load after the app registry
        from pmo.organization.locks import amounts_are_in, limits_are_in  # noqa: PLC0415 - as above
        from portfolio.governance import gates_wiring, leaving, models, wiring  # noqa: F401, PLC0415 - register what waits for somebody, what gates hold and what a person hands over

        # whoever saves a record counts it and signs it
        saved = ("version", "changed_at", "changed_by_id")
        fence(
            models.Decision,
            "OLD.state IN ('decided', 'superseded', 'withdrawn')",
            lets="OLD.state = 'decided' AND NEW.state = 'superseded'",
            moves=("state", *saved),
        )
        fence(models.Ratification)
        fence(
            models.Minutes,
            lets="OLD.approved_on IS NULL AND NEW.approved_on IS NOT NULL",
            moves=("approved_in_id", "approved_on", *saved),
        )
        limits_are_in(models.Committee, "delegated_amount")
        amounts_are_in(models.Decision, "amount", "delay_cost")
