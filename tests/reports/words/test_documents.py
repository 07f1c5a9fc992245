"""What is said of summaries, their mails and their seals."""

from datetime import date, datetime
from types import SimpleNamespace

import pytest
from django.utils import timezone

from reports.models import Freeze, Summary, SummaryState
from reports.words import documents, freezing, freshness, portfolio_and_day
from reports.words.reading import DRAFT, proof_of, seal_of

SEAL = "7098b817" + "c" * 56
MAC = "d" * 64
AT = datetime(2026, 11, 23, 9, 15, tzinfo=timezone.get_default_timezone())
LETTERHEAD = SimpleNamespace(local=lambda moment: moment)


def summary(state=SummaryState.ISSUED, *, day=date(2026, 11, 22), is_early=False):
    return Summary(
        date=day, state=state, is_early=is_early, issued_at=AT, seal=SEAL, audit_sequence=1204,
        audit_mac=MAC,
    )  # fmt: skip


def test_a_mail_shows_a_short_seal_and_the_pdf_all_of_it():
    assert seal_of(summary(), LETTERHEAD) == (
        "Issued Monday 23 Nov 2026, 09:15. Seal 7098 b817; the PDF holds all of it."
    )
    assert proof_of(summary(), LETTERHEAD) == (
        f"Issued Monday 23 Nov 2026, 09:15. Seal {SEAL}. Audit trail at event 1,204: {MAC}."
    )


def test_a_draft_has_no_seal():
    draft = summary(SummaryState.DRAFT)

    assert seal_of(draft, LETTERHEAD) == proof_of(draft, LETTERHEAD) == DRAFT


@pytest.mark.parametrize(
    ("states", "early", "title"),
    [
        ([], False, "Weekly summaries"),
        (["issued", "issued"], False, "Summaries of 22 Nov 2026"),
        (["issued", "draft"], False, "Summaries of 22 Nov 2026: 1 of 2 issued"),
        (["draft"], True, "Summaries of 22 Nov 2026 (taken early): 0 of 1 issued"),
    ],
)
def test_the_newest_week_says_how_far_the_office_is(states, early, title):
    assert documents.newest_title([summary(one, is_early=early) for one in states]) == title


@pytest.mark.parametrize(
    ("drafts", "issued", "said"),
    [
        (0, 0, []),
        (1, 1, [
            "1 draft summary leaves the lists and cannot be issued.",
            "1 issued summary stays and says that the freeze was voided.",
        ]),
        (2, 3, [
            "2 draft summaries leave the lists and cannot be issued.",
            "3 issued summaries stay and say that the freeze was voided.",
        ]),
    ],
)  # fmt: skip
def test_what_voiding_a_freeze_does_to_its_summaries(drafts, issued, said):
    _, *effects, _, last = freshness.void_effects(Freeze(), drafts=drafts, issued=issued)

    assert effects == said
    assert last == "This cannot be undone."


@pytest.mark.parametrize(
    ("is_first", "is_mailed", "said"),
    [
        (False, False, "Issued and sealed."),
        (False, True, "Issued and sealed. It is being sent by mail."),
        (
            *(True, False),
            "Your first summary is issued and sealed. The checklist in the office is done and closed.",
        ),
        (
            *(True, True),
            (
                "Your first summary is issued and sealed. The checklist in the office is done and closed."
                " It is being sent by mail."
            ),
        ),
    ],
)
def test_issuing_says_what_happens_next(is_first, is_mailed, said):
    assert documents.issued(is_first=is_first, is_mailed=is_mailed) == said


@pytest.mark.parametrize(
    ("today", "by", "said"),
    [
        (date(2026, 11, 23), "Ann Lee", "Ann Lee changed the words today at 09:15."),
        (date(2026, 11, 24), None, "Rounds changed the words on 23 Nov 2026, 09:15."),
    ],
)
def test_whoever_changed_the_words_meanwhile_is_named(monkeypatch, today, by, said):
    monkeypatch.setattr(timezone, "localdate", lambda *_args: today)

    told = documents.words_changed(SimpleNamespace(changed_by=by, changed_at=AT))

    assert told == f"{said} Read them, then issue."


@pytest.mark.parametrize(
    ("today", "by", "said"),
    [
        (date(2026, 11, 23), "Ann Lee", "frozen today at 09:15 by Ann Lee"),
        (date(2026, 11, 24), None, "frozen on 23 Nov 2026 at 09:15"),
    ],
)
def test_a_freeze_says_when_and_by_whom(monkeypatch, today, by, said):
    monkeypatch.setattr(timezone, "localdate", lambda *_args: today)

    assert freezing.taken(SimpleNamespace(frozen_at=AT, by=by)) == said


@pytest.mark.parametrize(
    ("hidden", "without", "said"),
    [
        (0, 0, "Of 45 projects. As of now."),
        (3, 0, "Of 45 projects: 3 hidden from you. As of now."),
        (3, 2, "Of 45 projects: 3 hidden from you, 2 without an update. As of now."),
    ],
)
def test_a_footnote_says_what_a_figure_leaves_out(hidden, without, said):
    scale = SimpleNamespace(total=45, hidden=hidden)

    assert (
        portfolio_and_day.footnote(
            scale, without=without, lacking=portfolio_and_day.NO_UPDATE, moment="now"
        )
        == said
    )
