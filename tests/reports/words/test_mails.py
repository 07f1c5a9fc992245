"""How mails are called, and what is said of them when a summary is issued."""

from datetime import date

import pytest

from portfolio.models import Portfolio
from reports.models import Summary, VarianceReport
from reports.words.mails import mail_title, mails_said

SUNDAY = date(2026, 11, 22)


def of(kind, *names):
    """One document of each portfolio, in this order."""
    found = [Portfolio(pk=number, name=name) for number, name in enumerate(names, start=1)]
    return [kind(portfolio=one, portfolio_id=one.pk, date=SUNDAY) for one in found]


@pytest.mark.parametrize(
    ("documents", "title"),
    [
        (of(VarianceReport, "Capital"), "Variance report: Capital"),
        (of(Summary, "Capital", "Digital", "Estates"), "Summaries: Capital and 2 more"),
        (of(Summary, "Capital") + of(VarianceReport, "Capital"), "Reports: Capital"),
    ],
)
def test_a_mail_is_called_by_its_first_document(documents, title):
    assert mail_title(documents) == title


@pytest.mark.parametrize(
    ("sent", "waiting", "said"),
    [
        (0, 0, ""),
        (2, 0, " The mails are on their way."),
        (0, 1, " 1 mail waits for the other summaries of this freeze."),
        (
            *(1, 2),
            " The mails are on their way. 2 mails wait for the other summaries of this freeze.",
        ),
    ],
)
def test_what_became_of_the_mails(sent, waiting, said):
    assert mails_said(sent, waiting) == said
