"""Where the money will land, on the page, in the PDF and in the mail of a summary."""

import html

import pytest
from django.conf import settings
from django.urls import reverse

from reports.mail import message_for, unlinked
from reports.models import Delivery, scope_of
from reports.pdf import summary_pdf
from reports.services.summaries import compile_summary, issue_summary, review_summary
from reports.words.reading import print_data, reading_of
from tests.factories import PortfolioFactory
from tests.reports.documents import (
    SUNDAY,
    finished,
)

pytestmark = pytest.mark.django_db


def detail(summary, name="summary_detail"):
    return reverse(f"reports:{name}", args=[summary.pk])


class TestLanding:
    """Page, PDF and mail answer where it will land, out of what their reader may see."""

    def test_the_page_says_cost_finish_and_how_far_forecasts_were_off(
        self, signed_in, lead, portfolio
    ):
        for cost in (104, 110, 120, 130, 140):
            finished(portfolio, cost=cost, forecast=100)
        draft = compile_summary(scope=scope_of(portfolio), day=SUNDAY, by=None)

        page = signed_in(lead).get(detail(draft)).content.decode()

        assert "3 projects are forecast to cost $375: $25 over the approved budget of $350" in page
        assert (
            "Earned value calculates $33K (range $33K to $45K) for 2 projects, $33K more than their"
            " managers forecast. Method: at current cost efficiency (CPI)."
        ) in page.replace("\N{NO-BREAK SPACE}", " ")
        assert draft.get_reconciliation_url() in html.unescape(page)
        assert (
            "Wing is forecast 41 days late; at its current pace it would finish on 1 Feb 2027"
            in page
        )
        assert (
            "80% cost between 6.4% over and 36.0% over their forecast (median 20.0% over)" in page
        )

    def test_what_is_hidden_lands_nowhere(self, signed_in, executive, portfolio, lead):
        for cost in (104, 110, 120, 130):
            finished(portfolio, cost=cost, forecast=100)
        finished(portfolio, cost=190, forecast=100, is_confidential=True)
        draft = compile_summary(scope=scope_of(portfolio), day=SUNDAY, by=None)
        reviewed = review_summary(summary=draft, version=1, by=lead, headline="Fine.", comments={})
        issued = issue_summary(summary=reviewed, version=reviewed.version, by=lead)

        page = signed_in(executive).get(detail(issued)).content.decode()

        assert (
            "2 projects are forecast to cost $320: $20 over the approved budget of $300 (+6.7%)."
            in page
        )
        assert "Only 4 finished projects have such forecasts; 5 are needed." in page

    def test_what_too_few_teach_is_lent_by_all_that_the_reader_may_see(
        self, signed_in, executive, portfolio, lead
    ):
        """Hidden projects of other portfolios lend nothing, and are not counted."""
        finished(portfolio, cost=104, forecast=100)
        for cost in (110, 120, 130, 140):
            finished(PortfolioFactory(), cost=cost, forecast=100)
        finished(PortfolioFactory(), cost=990, forecast=100, is_confidential=True)
        draft = compile_summary(scope=scope_of(portfolio), day=SUNDAY, by=None)
        reviewed = review_summary(summary=draft, version=1, by=lead, headline="Fine.", comments={})
        issued = issue_summary(summary=reviewed, version=reviewed.version, by=lead)

        seen = signed_in(executive).get(detail(issued)).content.decode()
        all_of_it = signed_in(lead).get(detail(issued)).content.decode()

        assert "Of all 5 that you can see, 80% cost between 6.4% over and 36.0% over" in seen
        assert "Of all 6 that you can see, 80% cost between 7.0% over" in all_of_it

    def test_pdf_and_mail_carry_the_same_sentences(self, draft, lead):
        data = print_data(reading_of(draft, lead))
        delivery = Delivery(user=lead, address="a@example.org", message_id="<1@x>")
        mail = message_for(delivery, [draft])

        assert [about for about, _ in data["landing"]] == [
            *("Cost", "Calculated", "Finish", "Earlier forecasts")
        ]
        for about, sentence in unlinked(data["landing"]):
            assert f"{about}: {sentence}" in mail.body
            assert sentence in html.unescape(mail.alternatives[0].content)
        address = settings.BASE_URL + draft.get_reconciliation_url()
        assert f"How the figures fit together: {address}" in mail.body
        assert address in html.unescape(mail.alternatives[0].content)
        assert summary_pdf(data) != summary_pdf(data | {"landing": []})
