"""Drafts get the names of today when tables are brought up to date; what is issued stays as it is."""

import hashlib
from importlib import import_module

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from pmo.accounts.roles import Role
from reports.domain.lines import FIRST_MARK_NAMES, FIRST_NAMES, from_json
from reports.models import Summary
from reports.services.summaries import canonical_text, is_intact
from tests.factories import PortfolioFactory, person
from tests.reports.documents import BEFORE, SUNDAY
from tests.reports.domain.test_lines import FIRST, TODAY

NAME = "0004_drafts_in_todays_names"
STEP = import_module(f"reports.migrations.{NAME}")


@pytest.fixture
def then(db):
    """Return the models as that step finds them."""
    return MigrationExecutor(connection).loader.project_state(("reports", NAME)).apps


def stored(day, **fields):
    return Summary.objects.create(
        portfolio=PortfolioFactory(),
        date=day,
        compared_with=BEFORE,
        compiled_at=timezone.now(),
        content={"lines": [FIRST, {"id": 8, "name": "Bare"}], "finished": []},
        headline="Two projects.",
        **fields,
    )


@pytest.fixture
def issued(db):
    """A summary as release 0.1 issued and sealed it."""
    lead = person(Role.PMO_LEAD)
    summary = stored(SUNDAY, reviewed_by=lead)
    summary.state, summary.issued_by, summary.issued_at = "issued", lead, timezone.now()
    summary.sealed_text = canonical_text(summary)
    summary.seal = hashlib.sha256(summary.sealed_text.encode()).hexdigest()
    summary.save()
    return summary


def test_a_draft_is_renamed_and_back_again(then):
    draft = stored(SUNDAY)
    first = draft.content

    STEP.rename(then, None)
    draft.refresh_from_db()
    assert draft.content == {"lines": [TODAY, {"id": 8, "name": "Bare"}], "finished": []}
    assert (draft.version, draft.headline) == (1, "Two projects.")

    STEP.rename(then, None)  # a second time changes nothing
    draft.refresh_from_db()
    assert draft.content["lines"][0] == TODAY

    STEP.rename_back(then, None)
    draft.refresh_from_db()
    assert draft.content == first


def test_what_is_issued_stays_as_it_was_and_reads_the_same(then, issued):
    text, content = issued.sealed_text, issued.content

    STEP.rename(then, None)
    issued.refresh_from_db()

    assert (issued.sealed_text, issued.content) == (text, content)
    assert is_intact(issued)
    assert from_json(issued.content["lines"][0]) == from_json(TODAY)


def test_the_step_and_the_reader_of_old_documents_know_the_same_names():
    assert FIRST_NAMES == STEP.LINE
    assert FIRST_MARK_NAMES == STEP.MILESTONE
