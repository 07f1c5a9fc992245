from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ProjectTemplatesConfig(AppConfig):
    name = "projects.project_templates"
    label = "project_templates"

    def ready(self) -> None:
        # models load after the app registry
        from pmo.common.records.append_only import fence  # noqa: PLC0415 - see above
        from projects.project_templates import shipped  # noqa: PLC0415 - the same
        from projects.project_templates.models import TemplateVersion  # noqa: PLC0415 - the same

        fence(TemplateVersion)
        post_migrate.connect(shipped.put_in_templates, sender=self, dispatch_uid="templates")
