"""The walks reach every page: one that none reaches is looked at by nobody, and says why."""

import pytest

from tests.addresses import addresses
from tests.test_api_rules import scene

# why no record is there for it -> where it is looked at instead
ELSEWHERE = {
    "a table or a list has to be uploaded first: the tests of imports": {
        *("accounts:people_file", "accounts:people_file_answer", "accounts:people_file_discard"),
        *("accounts:people_file_refused", "accounts:people_file_write"),
        *("reports:import_apply", "reports:import_columns", "reports:import_detail"),
        *("reports:import_discard", "reports:import_handed_back", "reports:import_leave"),
        *("reports:import_problems", "reports:import_reading", "reports:import_row"),
        *("reports:import_sheets", "reports:import_stop", "reports:import_undo"),
        *("reports:import_value", "reports:import_warning"),
    },
    "a document has to be compiled first: the tests of documents": {
        *("audiences:text_detail", "audiences:text_edit", "audiences:text_file"),
        *("reports:delivery_again", "reports:freeze_void", "reports:subscription_remove"),
        *("reports:summary_detail", "reports:summary_issue", "reports:summary_pdf"),
        *("reports:summary_review", "reports:variance_csv", "reports:variance_report"),
        "reports:variance_xlsx",
    },
    "a job has to be asked for first: the tests of jobs": {"job", "job_retry"},
}


@pytest.mark.django_db
def test_every_page_is_walked_or_looked_at_elsewhere():
    unseen = set()

    walked = {name for name, _ in addresses(scene(), unseen)}

    assert unseen == set().union(*ELSEWHERE.values()), "Add a record to the scene of all kinds."
    assert len(walked) > 250
