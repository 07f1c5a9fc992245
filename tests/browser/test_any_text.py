"""Text as people paste it, typed into a real browser to the last character, and mails that were not sent."""

import pytest
from django.urls import reverse

from reports.models import DeliveryState, scope_of
from reports.services.summaries import compile_summary, issue_summary, review_summary
from risks.models import Risk
from tests.any_text import TEXTS, filled
from tests.browser.checks import faults
from tests.factories import PortfolioFactory, RiskFactory, person
from tests.reports.documents import SUNDAY, mailed, two_weeks

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_text_of_many_lines_and_scripts_is_typed_to_its_limit_and_stays_as_it_was(visit, lead):
    risk = RiskFactory()
    longest = Risk._meta.get_field("description").max_length
    text = filled(f"{TEXTS['world']}\n", longest, unlike=".")
    page = visit(reverse("risks:risk_edit", args=[risk.pk]), user=lead)

    page.locator("textarea[name=description]").fill("")
    page.locator("textarea[name=description]").focus()
    page.keyboard.insert_text(text)
    page.locator("#edit-form button[type=submit]").first.click()
    page.wait_for_url(f"**{risk.get_absolute_url()}")

    risk.refresh_from_db()
    assert risk.description == text
    assert faults(page) == {}


def test_a_pasted_text_that_is_too_long_is_kept_and_said_and_never_cut(visit, lead):
    risk = RiskFactory()
    longest = Risk._meta.get_field("description").max_length
    text = filled(f"{TEXTS['world']}\n", longest + 1)
    page = visit(reverse("risks:risk_edit", args=[risk.pk]), user=lead)

    page.locator("textarea[name=description]").fill("")
    page.locator("textarea[name=description]").focus()
    page.keyboard.insert_text(text)
    page.locator("#edit-form button[type=submit]").first.click()
    page.wait_for_selector(f"text=(it has {longest + 1})")

    assert page.locator("textarea[name=description]").input_value() == text


@pytest.mark.parametrize("mode", ["light", "phone"])
def test_each_mail_says_beside_its_state_why_it_was_not_sent(visit, lead, mode):
    portfolio = PortfolioFactory()
    two_weeks(portfolio)
    draft = compile_summary(scope=scope_of(portfolio), day=SUNDAY, by=None)
    read = review_summary(
        summary=draft, version=1, by=lead, comments={}, headline=TEXTS["world"], office_note=""
    )
    summary = issue_summary(summary=read, version=None, by=lead, is_mailed=False)
    reasons = {
        DeliveryState.UNCERTAIN: "The connection broke after the mail was handed over.",
        DeliveryState.FAILED: "The mail server does not accept this address: “550 no such user”.",
        DeliveryState.HELD: "This copy was restored.",
        DeliveryState.SENT: "",
    }
    for number, (state, reason) in enumerate(reasons.items()):
        reader = person(None, email=f"reader{number}@example.org")
        mailed(summary, reader, state=state, error=reason, message_id=f"<{number}@b>")

    page = visit(summary.get_absolute_url(), user=lead, mode=mode)

    rows = page.locator("section[aria-labelledby=h-office] tbody tr").all_inner_texts()
    for state, reason in reasons.items():
        (found,) = [one for one in rows if state.label in one]
        assert reason in found
        assert ("Send again" in found) is (state != DeliveryState.SENT)
    assert faults(page) == {}
