"""A false green is challenged before it is published, on every way in, and nothing typed is lost."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from pmo.common.models import AuditEvent
from projects.models import Milestone, StatusUpdate
from projects.services.status import correct_update, publish_update, save_draft
from risks.services import create_risk
from tests.factories import MilestoneFactory, RiskFactory, UpdateFactory

FRIDAY = datetime(2026, 11, 20, 16, 2, tzinfo=timezone.get_default_timezone())
LAST_MONDAY = date(2026, 11, 9)
GREEN = {"overall": "green", "overall_note": "The permit came.", "risk": "green"}
WHY = {"risk_note": "The spare pump arrived on Tuesday."}


@pytest.fixture(autouse=True)
def on_friday():
    with time_machine.travel(FRIDAY, tick=True):
        yield


@pytest.fixture
def risky(project):
    """A project whose register says red."""
    RiskFactory(project=project, title="Pump fails", likelihood=5, impact=5)
    return project


def refusal_of(project, manager, **fields):
    with pytest.raises(ValidationError) as caught:
        publish_update(project=project, by=manager, at=FRIDAY, **(GREEN | fields))
    assert not StatusUpdate.objects.filter(week=date(2026, 11, 16)).exists()
    assert not AuditEvent.objects.exists()
    return caught.value.message_dict


def test_green_against_red_data_needs_its_sentence_on_that_axis(risky, manager):
    said = refusal_of(risky, manager)

    assert said == {
        "risk_note": [
            (
                "Risk: you say green, the data says red. Highest open risk scores 25 (extreme): red."
                " Pump fails. Say in a sentence of this week why you see it better."
            )
        ]
    }


def test_sentence_of_this_week_lets_it_pass(risky, manager):
    update = publish_update(project=risky, by=manager, at=FRIDAY, **GREEN, **WHY)

    assert (update.state, update.risk, update.risk_note) == ("published", "green", WHY["risk_note"])


def test_last_weeks_sentence_does_not_count(risky, manager):
    UpdateFactory(project=risky, week=LAST_MONDAY, **(GREEN | WHY), published_at=FRIDAY)

    said = refusal_of(risky, manager, overall_note="Another word.", **WHY)

    assert list(said) == ["risk_note"]
    assert "said in an earlier week and does not count for this week" in said["risk_note"][0]


@pytest.mark.parametrize(
    ("weeks", "note", "is_refused"),
    [
        (1, "The spare pump arrived on Tuesday", True),
        (2, "the spare pump  arrived on Tuesday!", True),
        (8, "The spare pump arrived on Tuesday.", True),
        (9, "The spare pump arrived on Tuesday.", False),
        (2, "The spare pump arrived on Monday.", False),
    ],
)
def test_a_sentence_of_the_last_eight_updates_does_not_count(
    risky, manager, weeks, note, is_refused
):
    for back in range(1, 10):
        said = WHY if back == weeks else {"risk_note": f"Sentence {back}."}
        week = LAST_MONDAY - timedelta(weeks=back - 1)
        UpdateFactory(project=risky, week=week, published_at=FRIDAY, **(GREEN | said))

    fields = GREEN | {"overall_note": "Another word.", "risk_note": note}
    if is_refused:
        assert list(refusal_of(risky, manager, **fields)) == ["risk_note"]
    else:
        publish_update(project=risky, by=manager, at=FRIDAY, **fields)


def test_another_projects_or_another_axis_sentence_counts(risky, manager):
    weeks_ago = LAST_MONDAY - timedelta(weeks=1)
    UpdateFactory(week=weeks_ago, published_at=FRIDAY, **(GREEN | WHY))
    UpdateFactory(
        project=risky, week=weeks_ago, published_at=FRIDAY, cost_note=WHY["risk_note"], cost="red"
    )

    update = publish_update(project=risky, by=manager, at=FRIDAY, **(GREEN | WHY))

    assert update.risk_note == WHY["risk_note"]


def test_overall_green_against_red_data_needs_new_words(risky, manager):
    UpdateFactory(
        project=risky, week=LAST_MONDAY, overall_note="The permit came", published_at=FRIDAY
    )

    said = refusal_of(risky, manager, risk="", done="Roof on.")

    assert list(said) == ["overall_note"]
    assert said["overall_note"][0].startswith("Overall: you say green, the data says red.")


def test_correction_of_this_week_may_repeat_this_weeks_sentence(risky, manager):
    said = GREEN | WHY
    first = publish_update(project=risky, by=manager, at=FRIDAY, **said)
    draft = correct_update(update=first, by=manager)

    second = publish_update(
        project=risky, by=manager, at=FRIDAY, version=draft.version, done="Roof on."
    )

    assert (second.revision, second.risk_note) == (2, WHY["risk_note"])


def test_date_given_with_the_update_counts(project, manager):
    milestone = MilestoneFactory(project=project, baseline_date=None)
    moved = {"milestone_dates": {str(milestone.pk): {"forecast": "2026-12-18"}}}

    update = publish_update(
        project=project, by=manager, at=FRIDAY, **GREEN, **moved, schedule="green"
    )

    assert update.is_published


def test_finish_moved_with_the_update_is_judged_too(project, manager):
    project.start_date, project.baseline_finish_date = date(2026, 1, 5), date(2027, 1, 4)
    project.save()

    said = refusal_of(project, manager, schedule="green", forecast_finish_date=date(2027, 6, 30))

    assert list(said) == ["schedule_note"]


@pytest.mark.parametrize("dates", [{}, {"forecast": "2026-11-01"}, {"reason": "  "}])
def test_milestone_past_its_day_needs_an_answer(project, manager, dates):
    milestone = MilestoneFactory(project=project, name="Roof closed")

    said = refusal_of(project, manager, milestone_dates={str(milestone.pk): dates} if dates else {})

    day = "1 Nov 2026" if "forecast" in dates else "1 Jun 2026"
    assert said == {
        f"m{milestone.pk}_forecast": [
            (
                f"Roof closed was due {day} and is not done."
                " Give a new date, the day it was done, or the reason why it stays."
            )
        ]
    }
    assert Milestone.objects.get().forecast_date == date(2026, 6, 1)


@pytest.mark.parametrize(
    "dates",
    [{"forecast": "2026-11-20"}, {"actual": "2026-11-19"}, {"reason": "Waits for the crane."}],
)
def test_new_date_or_reason_answers_for_a_milestone(project, manager, dates):
    milestone = MilestoneFactory(project=project)

    update = publish_update(
        project=project, by=manager, at=FRIDAY, **GREEN, milestone_dates={str(milestone.pk): dates}
    )

    assert update.milestone_dates == {str(milestone.pk): dates}


def test_reason_of_the_same_week_is_kept_in_a_correction(project, manager):
    why = {str(MilestoneFactory(project=project).pk): {"reason": "Waits for the crane."}}
    first = publish_update(project=project, by=manager, at=FRIDAY, **GREEN, milestone_dates=why)

    assert correct_update(update=first, by=manager).milestone_dates == why


@pytest.mark.parametrize("reason", ["MRN 12345678 was moved", "x" * 281])
def test_reason_is_held_to_what_every_text_is(project, manager, reason):
    milestone = MilestoneFactory(project=project)

    with pytest.raises(ValidationError) as caught:
        save_draft(
            project=project, by=manager, milestone_dates={str(milestone.pk): {"reason": reason}}
        )

    assert list(caught.value.error_dict) == [f"m{milestone.pk}_reason"]


def test_last_words_are_refused_once_the_data_moved(project, manager):
    said = {"overall": "amber", "overall_note": "Permit late.", "done": "Slab poured."}
    before = timezone.now() - timedelta(days=7)
    publish_update(project=project, by=manager, at=before, **said)
    create_risk(project=project, by=manager, title="Fire alarm", likelihood=2, impact=2)

    with pytest.raises(ValidationError) as caught:
        publish_update(project=project, by=manager, **said)

    assert caught.value.message_dict == {
        "overall_note": [
            (
                "The words are those of last time, and since then: Risk raised: Fire alarm."
                " Say what it means."
            )
        ]
    }
    assert publish_update(project=project, by=manager, **(said | {"done": "Roof on."})).is_published


def test_a_correction_is_held_against_the_week_before_not_against_itself(project, manager):
    last = {"overall": "amber", "overall_note": "Permit late.", "done": "Slab poured."}
    said = {"overall": "amber", "overall_note": "Permit later still.", "done": "Roof on."}
    publish_update(project=project, by=manager, at=timezone.now() - timedelta(days=7), **last)
    publish_update(project=project, by=manager, **said)
    create_risk(project=project, by=manager, title="Fire alarm", likelihood=2, impact=2)

    with pytest.raises(ValidationError, match="The words are those of last time"):
        publish_update(project=project, by=manager, **last)
    assert publish_update(project=project, by=manager, **said).revision == 2


def test_last_words_stand_while_nothing_moved(project, manager):
    said = {"overall": "amber", "overall_note": "Permit late."}
    publish_update(project=project, by=manager, at=timezone.now() - timedelta(days=7), **said)

    assert publish_update(project=project, by=manager, **said).is_published


def test_imported_rating_is_not_challenged(risky):
    MilestoneFactory(project=risky)

    update = publish_update(
        project=risky, by=None, at=FRIDAY, overall="green", published_rating="Green"
    )

    assert update.is_published


class TestForm:
    @pytest.fixture
    def url(self, project):
        return reverse("projects:status_form", args=[project.pk])

    def test_refusal_keeps_all_and_says_which_sentence_is_wanted(
        self, signed_in, manager, risky, url
    ):
        milestone = MilestoneFactory(project=risky, name="Roof closed")
        key = f"m{milestone.pk}"
        data = GREEN | {
            "version": "0",
            "revision": "1",
            "done": "Roof on.",
            f"{key}_was": "2026-06-01|",
        }
        data[f"{key}_forecast"] = "2026-06-01"

        response = signed_in(manager).post(url, data)

        form = response.context["form"]
        assert response.status_code == 422
        assert set(form.errors) == {"risk_note", f"{key}_forecast"}
        assert "Risk: you say green, the data says red." in response.text
        assert form["done"].value() == "Roof on."
        assert f'name="{key}_reason"' in response.text
        assert not StatusUpdate.objects.exists()

        answered = data | WHY | {f"{key}_reason": "Waits for the crane."}
        done = signed_in(manager).post(url, answered, follow=True)

        assert done.status_code == 200
        assert "Waits for the crane." in done.text
        assert StatusUpdate.objects.get().risk_note == WHY["risk_note"]

    def test_reason_is_asked_only_of_a_milestone_past_its_day(
        self, signed_in, manager, project, url
    ):
        late = MilestoneFactory(project=project)
        MilestoneFactory(project=project, forecast_date=date(2199, 1, 1))

        page = signed_in(manager).get(url).text

        assert page.count('_reason"') == page.count(f'm{late.pk}_reason"') > 0

    def test_reason_of_a_draft_is_shown_again(self, signed_in, manager, project, url):
        late = MilestoneFactory(project=project)
        why = {str(late.pk): {"reason": "Waits for the crane."}}
        save_draft(project=project, by=manager, milestone_dates=why)

        assert "Waits for the crane." in signed_in(manager).get(url).text


class TestApi:
    def test_challenge_is_a_400_that_names_the_field(self, signed_in, manager, risky):
        milestone = MilestoneFactory(project=risky)
        client = signed_in(manager)
        send = {"project": risky.pk, "version": 0, **GREEN}

        refused = client.post(
            "/api/v1/status-updates/publish/", send, content_type="application/json"
        )
        send |= WHY | {"milestone_dates": {str(milestone.pk): {"reason": "Waits for the crane."}}}
        passed = client.post(
            "/api/v1/status-updates/publish/", send, content_type="application/json"
        )

        assert refused.status_code == 400
        assert {"risk_note", f"m{milestone.pk}_forecast"} <= set(refused.json())
        assert passed.status_code == 201, passed.text
        assert passed.json()["milestone_dates"] == send["milestone_dates"]

    def test_reason_over_the_api_is_held_to_what_every_text_is(self, signed_in, manager, project):
        milestone = MilestoneFactory(project=project)
        why = {str(milestone.pk): {"reason": "MRN 12345678 was moved"}}
        send = {"project": project.pk, "version": 0, "milestone_dates": why}

        response = signed_in(manager).post(
            "/api/v1/status-updates/draft/", send, content_type="application/json"
        )

        assert response.status_code == 400
