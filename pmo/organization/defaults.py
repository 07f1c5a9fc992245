"""What holds until somebody says otherwise: the environment's first values, and the categories."""

from typing import Any

from django.conf import settings

from pmo.organization.models import ONLY, Category, Organization

OTHER = "other"  # what a project is until somebody chooses
# code -> name; the codes are those that projects of release 0.1 hold
CATEGORIES = {
    "ehr": "Health records and clinical IT",
    "telehealth": "Telehealth and access",
    "facility": "Buildings and facilities",
    "safety": "Patient safety and infection",
    "compliance": "Compliance",
    "value_based": "Value-based care",
    "vaccine": "Vaccines and public health",
    "cyber": "Cybersecurity",
    "erp": "Finance and ERP",
    "device": "Devices and AI",
    "workforce": "Workforce",
    OTHER: "Other",
}


def initial() -> Organization:
    """
    Return the organization that the environment describes, unsaved.

    Its version is 0, older than any that is saved: of two who save the first one, one is told.
    """
    return Organization(
        pk=ONLY,
        version=0,
        name=settings.ORGANIZATION_NAME,
        currency=settings.CURRENCY,
        fiscal_year_start_month=settings.FISCAL_YEAR_START_MONTH,
        time_zone=settings.TIME_ZONE,
    )


def first_categories() -> list[Category]:
    """Return the categories of release 0.1, unsaved."""
    return [
        Category(code=code, name=name, position=position)
        for position, (code, name) in enumerate(CATEGORIES.items())
    ]


def put_in_categories(**_signal: Any) -> None:
    """Fill an empty table of categories; runs after migrations, and after a test emptied all tables."""
    if not Category.objects.exists():
        Category.objects.bulk_create(first_categories())
