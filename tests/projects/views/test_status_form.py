"""The form of a status update: filled in, saved while typed, published, never losing a word."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.roles import Role
from pmo.common.page.formats import day
from projects.models import Milestone, StatusUpdate
from projects.selectors.status import due_now
from projects.services.milestones import change_milestone
from projects.services.money import import_forecast, make_forecast, record_cost
from projects.services.status import correct_update, publish_update, save_draft
from projects.words.status import due_words, moved_words
from risks.services import change_risk, create_issue, create_risk
from tests.factories import BudgetLineFactory, MemberFactory, MilestoneFactory, UserFactory

LAST_WEEK = {
    "overall": "amber",
    "overall_note": "Permit review is late.",
    "schedule": "red",
    "schedule_note": "Two weeks behind.",
    "done": "Poured the slab.",
    "next_steps": "Resubmit the design.",
    "percent_complete": 58,
}


@pytest.fixture
def url(project):
    return reverse("projects:status_form", args=[project.pk])


@pytest.fixture
def draft_url(project):
    return reverse("projects:status_draft", args=[project.pk])


@pytest.fixture
def page(signed_in, manager):
    return signed_in(manager)


def last_week(project, manager, **fields):
    at = timezone.now() - timedelta(days=7)
    open_ones = Milestone.objects.filter(project=project).values_list("pk", flat=True)
    why = {str(pk): {"reason": "Waits for the permit."} for pk in open_ones}
    fields["milestone_dates"] = why | fields.get("milestone_dates", {})
    return publish_update(project=project, by=manager, at=at, **(LAST_WEEK | fields))


def typed(response, **changed):
    """Return what the browser would send of the form shown, with `changed` typed over it."""
    form = response.context["form"]
    data = {}
    for bound in form:
        value = bound.value()
        shown = bound.field.widget.format_value(value) if value not in (None, "") else ""
        data[bound.html_name] = shown[0] if isinstance(shown, list) else shown or ""
    return data | changed


def test_form_opens_with_last_weeks_judgment_and_empty_news(page, url, project, manager):
    import_forecast(
        project=project, amount=Decimal(20350000), stated_on=date(2026, 1, 9), by=manager
    )
    last_week(project, manager)

    form = page.get(url).context["form"]

    assert {name: form[name].value() for name in (*LAST_WEEK, "cost", "forecast_cost")} == (
        LAST_WEEK | {"done": "", "next_steps": "", "cost": "none", "forecast_cost": "20,350,000"}
    )
    assert form["forecast_finish_date"].value() == project.forecast_finish_date
    assert form["version"].value() == 0


def test_form_opens_with_the_draft_rather_than_last_week(page, url, project, manager):
    milestone = MilestoneFactory(project=project)
    last_week(project, manager)
    save_draft(
        project=project,
        by=manager,
        version=0,
        overall="green",
        done="News",
        milestone_dates={str(milestone.pk): {"actual": "2026-06-02"}},
    )

    response = page.get(url)

    form = response.context["form"]
    assert [form[name].value() for name in ("overall", "done", "version")] == ["green", "News", 1]
    assert form[f"m{milestone.pk}_actual"].value() == "2026-06-02"
    assert form[f"m{milestone.pk}_was"].value() == "2026-06-01|"
    assert "Draft saved" in response.context["saved"]


def test_first_update_opens_empty(page, url):
    response = page.get(url)

    assert response.context["form"]["overall"].value() is None
    assert response.context["page"].last is None
    assert "This is the first update" in response.text


def test_what_the_data_says_stands_beside_each_axis_with_its_rule(page, url, project, manager):
    project.start_date = timezone.localdate() - timedelta(days=100)
    project.baseline_finish_date = timezone.localdate() + timedelta(days=100)
    project.forecast_finish_date = project.baseline_finish_date + timedelta(days=60)
    project.save()
    create_risk(project=project, by=manager, title="Steel", likelihood=5, impact=5)

    rows = {row.label: row.measure for row in page.get(url).context["axes"]}

    assert rows["Schedule"].color == "red"
    assert rows["Schedule"].rule.startswith("Finish forecast 60 days after baseline")
    assert rows["Cost"].rule == "No approved budget to compare with."
    assert rows["Risk"].color == "red"
    assert rows["Scope"] is None


def test_what_moved_since_is_named(page, url, project, manager):
    permit, steel = MilestoneFactory.create_batch(2, project=project)
    BudgetLineFactory(project=project)
    import_forecast(project=project, amount=Decimal(900000), stated_on=date(2026, 1, 9), by=manager)
    risk = create_risk(project=project, by=manager, title="Old", likelihood=2, impact=2)
    last_week(project, manager, milestone_dates={str(steel.pk): {"forecast": "2049-01-01"}})
    today = timezone.localdate()
    for days in (5, 12):
        change_milestone(
            milestone=permit, version=None, by=manager, forecast_date=today + timedelta(days=days)
        )
    change_milestone(milestone=steel, version=None, by=manager, actual_date=today)
    record_cost(project=project, by=manager, entry_date=today, amount=Decimal(340000))
    make_forecast(project=project, amount=Decimal(950000), by=manager)
    create_risk(project=project, by=manager, title="Fire alarm", likelihood=4, impact=4)
    create_issue(project=project, by=manager, title="Leak")
    change_risk(risk=risk, version=None, by=manager, state="closed")

    moved = page.get(url).context["page"].moved

    slip = (today + timedelta(days=12) - date(2026, 6, 1)).days
    assert [moved_words(one) for one in moved] == [
        "Forecast cost changed by +$50K to $950K.",
        f"{steel.name} is done.",
        f"{permit.name} moved {slip:,} days later, to {(today + timedelta(days=12)):%-d %b %Y}.",
        "$340K of costs were booked.",
        "Risk raised: Fire alarm.",
        "Issue raised: Leak.",
        "1 risk closed.",
    ]
    assert [one.is_worse for one in moved] == [True, False, True, None, True, True, False]


def test_milestones_offered_are_the_open_ones_and_those_done_lately(page, url, project):
    today = timezone.localdate()
    old, lately, open_ = MilestoneFactory.create_batch(3, project=project)
    Milestone.objects.filter(pk=old.pk).update(actual_date=today - timedelta(days=29))
    Milestone.objects.filter(pk=lately.pk).update(actual_date=today - timedelta(days=28))

    rows = page.get(url).context["milestones"]

    assert {row.milestone for row in rows} == {lately, open_}


def test_more_milestones_than_fit_are_counted(page, url, project):
    MilestoneFactory.create_batch(23, project=project)

    response = page.get(url)

    assert len(response.context["milestones"]) == 20
    assert "And 3 more on" in response.text


def test_publishing_leads_to_the_update(page, url, project, manager):
    milestone = MilestoneFactory(project=project)
    last_week(project, manager)
    data = typed(
        page.get(url),
        overall="green",
        overall_note="Permit is in.",
        schedule="none",
        forecast_cost="20,610,000.50",
        **{f"m{milestone.pk}_forecast": "2049-12-18"},
    )

    response = page.post(url, data)

    update = StatusUpdate.objects.newest_first().first()
    assert (response.status_code, response["Location"]) == (302, update.get_absolute_url())
    assert (update.overall, update.schedule, update.percent_complete) == ("green", "", 58)
    assert update.forecast_cost == Decimal("20610000.50")
    milestone.refresh_from_db()
    assert milestone.forecast_date == date(2049, 12, 18)


def test_incomplete_update_comes_back_with_all_that_was_typed(page, url, project):
    data = typed(page.get(url), overall="red", done="Slab poured")

    response = page.post(url, data)

    assert response.status_code == 422
    assert set(response.context["form"].errors) == {
        "overall_note",
        "help_needed",
        "help_from",
        "help_due",
    }
    assert response.context["form"]["done"].value() == "Slab poured"
    assert 'role="alert" tabindex="-1" data-focus' in response.text
    assert not StatusUpdate.objects.exists()


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("done", "MRN 12345678 was moved"),
        ("overall_note", "DOB 01/02/1960"),
        ("percent_complete", "101"),
        ("percent_complete", "half"),
        ("help_due", "soon"),
        ("forecast_cost", "-1"),
    ],
)
def test_fault_is_shown_at_its_field(page, url, field, text):
    data = typed(page.get(url), overall="green", overall_note="On track.") | {field: text}

    response = page.post(url, data)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert response.context["form"][field].value() == text


def test_future_done_date_is_refused_at_its_milestone(page, url, project):
    milestone = MilestoneFactory(project=project)
    field = f"m{milestone.pk}_actual"
    day = (timezone.localdate() + timedelta(days=2)).isoformat()
    data = typed(page.get(url), overall="green", overall_note="On track.", **{field: day})

    response = page.post(url, data)

    assert response.status_code == 422
    assert response.context["form"].errors == {field: ["A milestone cannot be done in the future."]}


def test_untouched_values_follow_what_others_changed_meanwhile(page, url, project, manager):
    milestone = MilestoneFactory(project=project)
    data = typed(page.get(url), overall="green", overall_note="On track.")
    office = UserFactory()
    soon = timezone.localdate() + timedelta(days=20)
    change_milestone(milestone=milestone, version=None, by=office, forecast_date=soon)
    import_forecast(project=project, amount=Decimal(5), stated_on=date(2026, 1, 9), by=office)

    page.post(url, data)

    milestone.refresh_from_db()
    assert milestone.forecast_date == soon
    assert StatusUpdate.objects.get().forecast_cost == Decimal(5)


def test_touched_value_that_somebody_moved_asks_once(page, url, project):
    milestone = MilestoneFactory(project=project)
    field, soon = f"m{milestone.pk}_forecast", timezone.localdate() + timedelta(days=20)
    later = soon + timedelta(days=70)
    data = typed(page.get(url), overall="green", overall_note="Fine.", **{field: str(soon)})
    change_milestone(milestone=milestone, version=None, by=UserFactory(), forecast_date=later)

    first = page.post(url, data)
    second = page.post(url, typed(first))

    assert first.status_code == 422
    assert first.context["form"].errors == {
        field: [f"This was moved to {day(later)} in the meantime. Check it and publish again."]
    }
    assert second.status_code == 302
    milestone.refresh_from_db()
    assert milestone.forecast_date == soon


def test_save_button_keeps_the_draft(page, url, project):
    data = typed(page.get(url), overall="red", draft="1")

    response = page.post(url, data)

    assert (response.status_code, response["Location"]) == (302, url)
    draft = StatusUpdate.objects.get()
    assert (draft.state, draft.overall, draft.version) == ("draft", "red", 1)
    assert draft.forecast_finish_date is None  # untouched: it follows the record


def test_save_button_keeps_what_is_sound_and_shows_what_is_not(page, url):
    data = typed(page.get(url), overall="red", percent_complete="half", draft="1")

    response = page.post(url, data)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["percent_complete"]
    assert response.context["form"]["percent_complete"].value() == "half"
    assert response.context["form"]["version"].value() == "1"
    assert StatusUpdate.objects.get().overall == "red"


def test_autosave_answers_with_the_time_and_the_next_version(page, url, draft_url):
    data = typed(page.get(url), overall_note="Half a sent")

    response = page.post(draft_url, data, headers={"HX-Request": "true"})

    draft = StatusUpdate.objects.get()
    at = timezone.localtime(draft.saved_at)
    assert response.status_code == 200
    assert f"Draft saved {at:%H:%M}" in response.text
    assert '<input type="hidden" name="version" value="1" id="id_version" hx-swap-oob="true">' in (
        response.text
    )
    assert "<html" not in response.text
    assert draft.overall_note == "Half a sent"


def test_autosave_names_what_it_could_not_keep(page, url, draft_url):
    data = typed(page.get(url), overall_note="Fine", done="MRN 12345678")

    response = page.post(draft_url, data)

    draft = StatusUpdate.objects.get()
    assert (draft.overall_note, draft.done) == ("Fine", "")
    assert "but without What got done this week?: This looks like" in response.text


def test_autosave_over_somebody_else_is_refused_with_both_texts(page, url, draft_url, project):
    data = typed(page.get(url), overall_note="Mine")
    other = UserFactory(name="Sam Lee")
    save_draft(project=project, by=other, version=0, overall_note="Theirs")

    response = page.post(draft_url, data)

    assert response.status_code == 409
    assert "Draft not saved" in response.text
    assert "Sam Lee saved this while you were editing" in response.text
    assert "<td>Mine</td> <td>Theirs</td>" in " ".join(response.text.split())
    assert StatusUpdate.objects.get().overall_note == "Theirs"


def test_lines_as_browsers_send_them_are_no_difference(page, url, draft_url, project):
    save_draft(project=project, by=UserFactory(), version=0, done="One\nTwo", overall="red")

    response = page.post(draft_url, {"version": "0", "done": "One\r\nTwo", "overall": "green"})

    assert [one.label for one in response.context["conflict"].differences] == ["Overall status"]


@pytest.mark.parametrize("button", [{}, {"draft": "1"}])
def test_conflict_keeps_the_text_and_lets_the_next_one_through(page, url, project, button):
    data = typed(page.get(url), overall="green", overall_note="Mine") | button
    save_draft(project=project, by=UserFactory(name="Sam Lee"), version=0, overall_note="Theirs")

    first = page.post(url, data)
    second = page.post(url, typed(first) | button)

    assert first.status_code == 409
    assert first.context["form"]["overall_note"].value() == "Mine"
    assert "data-autosave" not in first.text
    assert [(d.label, d.yours, d.theirs) for d in first.context["conflict"].differences][:2] == [
        ("Overall status", "Green", ""),
        ("Why this status?", "Mine", "Theirs"),
    ]
    # What neither of the two touched does not differ.
    assert "Forecast finish" not in {d.label for d in first.context["conflict"].differences}
    assert second.status_code == 302
    assert StatusUpdate.objects.get().overall_note == "Mine"


def test_publishing_after_somebody_else_did_becomes_a_correction(page, url, project):
    data = typed(page.get(url), overall="green", overall_note="Mine")
    publish_update(
        project=project, by=UserFactory(name="Sam Lee"), overall="amber", overall_note="Theirs"
    )

    first = page.post(url, data)
    second = page.post(url, typed(first))

    assert first.status_code == 409
    assert "becomes revision 2" in first.text
    assert second.status_code == 302
    assert [u.overall_note for u in StatusUpdate.objects.newest_first()] == ["Mine", "Theirs"]


def test_form_of_a_published_week_says_that_it_corrects(page, url, project, manager):
    publish_update(
        project=project, by=manager, overall="amber", overall_note="Late.", done="Slab poured"
    )

    response = page.get(url)

    assert "Correction: what you publish becomes revision 2." in response.text
    assert response.context["form"]["done"].value() == "Slab poured"


def test_correction_of_a_past_week_offers_no_milestones(page, url, project, manager):
    MilestoneFactory(project=project)
    old = last_week(project, manager)
    this_week = {"overall": "green", "overall_note": "Fine.", "schedule": ""}
    this_week["milestone_dates"] = old.milestone_dates
    publish_update(project=project, by=manager, **this_week)
    correct_update(update=old, by=manager)

    response = page.get(url)
    published = page.post(url, typed(response, overall_note="It was the permit."))

    assert "A later week is published already" in response.text
    assert "dates__row" not in response.text
    assert published.status_code == 302
    first = StatusUpdate.objects.filter(week=old.week).newest_first().first()
    assert (first.revision, first.overall_note) == (2, "It was the permit.")


def test_discarding_asks_first(page, project, manager):
    url = reverse("projects:status_discard", args=[project.pk])
    save_draft(project=project, by=manager, version=0, overall_note="Half")

    asked = page.get(url)
    response = page.post(url)

    assert "Discard the draft?" in asked.text
    assert response.status_code == 302
    assert not StatusUpdate.objects.exists()


@pytest.mark.parametrize("name", ["status_form", "status_discard"])
def test_readers_may_not_write(client, project, name):
    reader = MemberFactory(project=project, role=Role.READER).user
    client.force_login(reader)
    url = reverse(f"projects:{name}", args=[project.pk])

    assert [client.get(url).status_code, client.post(url).status_code] == [403, 403]


def test_strangers_do_not_learn_that_the_project_exists(client, url, draft_url):
    client.force_login(UserFactory())

    assert [client.get(url).status_code, client.post(draft_url).status_code] == [404, 404]
    assert client.get(draft_url).status_code == 405


@pytest.mark.parametrize(("at", "words"), [(16, "Due today 17:00"), (18, "1 hour late")])
def test_due_time_is_said_from_now(at, words):
    due = due_now(datetime(2026, 11, 20, at, 30, tzinfo=timezone.get_default_timezone()))

    assert due_words(due) == words
