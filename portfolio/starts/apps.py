from django.apps import AppConfig


class StartsConfig(AppConfig):
    name = "portfolio.starts"
    label = "starts"

    def ready(self) -> None:
        from pmo.organization.locks import amounts_are_in  # noqa: PLC0415 - models load after the app registry
        from portfolio.starts.models import ProjectStart, StartItem  # noqa: PLC0415 - as above
        from portfolio.starts.selectors.items import template_started_from  # noqa: PLC0415 - as above
        from projects.project_templates.selectors.origin import use_template_of  # noqa: PLC0415 - as above

        use_template_of(template_started_from)
        amounts_are_in(ProjectStart, "total")
        amounts_are_in(StartItem, "amount")
