"""The ten yearly files as published, imported one after the other."""

import pytest

from pmo.accounts.roles import Role
from pmo.organization.services import change_organization
from projects.models import Project
from reports.imports.services.direct import Order, import_now
from tests.factories import PortfolioFactory, UnitFactory, person
from tests.reports.management.nhs import figures
from tests.reports.test_nhs_example import REFERENCE, expected
from tests.reports.test_nhs_raw import RAW

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.raw,
    pytest.mark.either,
    pytest.mark.timeout(300),
    pytest.mark.skipif(
        not RAW.is_dir(), reason="The files as published are not beside the project."
    ),
]


def test_files_as_published_give_the_same_years():
    change_organization(by=None, version=None, fiscal_year_start_month=4)
    lead = person(Role.PMO_LEAD)
    UnitFactory(name="Department of Health and Social Care")
    portfolio = PortfolioFactory()

    for year in REFERENCE["years"]:
        release = year["release"]
        order = Order(
            file_name=f"uk_{release}.csv",
            content=(RAW / f"uk_{release}.csv").read_bytes(),
            profile=f"nhs_{release}",
            portfolio=portfolio,
            is_complete=True,
            accepts_warnings=True,  # projects that got another name
        )
        report = import_now(order, by=lead).report
        assert (report["problems"], report["total"]) == ([], year["rows"])

    for year in REFERENCE["years"]:
        assert figures(year["as_of"], portfolio) == expected(year), year["release"]
    assert Project.objects.count() == 66
