from django.apps import AppConfig
from django.core.signals import request_finished, request_started
from django.db.models.signals import post_migrate, post_save


class OrganizationConfig(AppConfig):
    name = "pmo.organization"
    label = "organization"

    def ready(self) -> None:
        # models load after the app registry
        from pmo.common.local import currency, days, local_time  # noqa: PLC0415 - see above
        from pmo.organization import current, defaults  # noqa: PLC0415 - the same
        from pmo.organization.first_run import wiring  # noqa: PLC0415 - the same
        from pmo.organization.models import Category, Organization  # noqa: PLC0415 - the same

        days.use_window_of(current.window)
        local_time.use_zone_of(current.zone, forget=current.forget)
        currency.use_currency_of(current.money)
        request_started.connect(current.forget, dispatch_uid="organization of a request")
        request_finished.connect(current.forget, dispatch_uid="organization of a request")
        post_save.connect(current.forget, sender=Organization, dispatch_uid="organization saved")
        post_save.connect(current.forget, sender=Category, dispatch_uid="category saved")
        post_migrate.connect(defaults.put_in_categories, sender=self, dispatch_uid="categories")
        wiring.listen()
