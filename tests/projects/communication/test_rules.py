"""The rules of communication by their numbers: 11a to 11f."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from pmo.common.models import AuditEvent
from pmo.common.records.writing import EditConflictError, RefusalError
from projects.communication.models import AdoptionReading, CommunicationItem, CommunicationSending
from projects.communication.selectors.stakeholders import standings_of
from projects.communication.services import adoption, items
from projects.communication.words.stakeholders import nobody_talks
from projects.services.milestones import change_milestone, create_milestone, remove_milestone
from tests.factories import MilestoneFactory, ProjectFactory, UserFactory
from tests.factories.communication import (
    AdoptionFactory,
    GroupFactory,
    ItemFactory,
    StakeholderFactory,
)

pytestmark = pytest.mark.django_db


def plan(project, by, **fields):
    """Plan a message to the nurses, due in a week."""
    wanted = {
        "category": "nursing",
        "message": "What changes",
        "channel": "huddle",
        "sender": by,
        "due_on": timezone.localdate() + timedelta(days=7),
    }
    return items.create_item(project=project, by=by, **(wanted | fields))


def fresh(item):
    return CommunicationItem.objects.get(pk=item.pk)


def events():
    return list(AuditEvent.objects.order_by("sequence").values_list("action", flat=True))


class TestRule11a:
    """Every high-power group has a named person who talks to it."""

    @pytest.fixture
    def mec(self, project):
        return StakeholderFactory(project=project, name="Medical executive committee", power=3)

    def finding(self, project):
        return nobody_talks(standings_of(project))

    def test_a_powerful_one_without_a_person_is_a_finding(self, project, mec):
        StakeholderFactory(project=project, power=2)

        assert self.finding(project) == (
            "No contact yet for Medical executive committee, who can stop the project."
        )

    def test_a_person_of_the_project_will_do(self, project, mec, manager):
        mec.lead = manager
        mec.save()

        assert self.finding(project) == ""

    def test_so_will_the_person_in_the_register(self, project, mec, manager):
        mec.group = GroupFactory(lead=manager)
        mec.save()

        assert self.finding(project) == ""

    @pytest.mark.parametrize("page", ["project_communication", "project_panel"])
    def test_it_stands_on_the_projects_pages(self, signed_in, project, mec, manager, page):
        address = reverse(f"communication:{page}", args=[project.pk])

        shown = signed_in(manager).get(address).content.decode()

        assert self.finding(project) in shown


class TestRule11b:
    """Items hang on milestones and move with them."""

    @pytest.fixture
    def live(self, project, manager):
        return create_milestone(
            project=project, by=manager, name="Go-live", kind="go_live", forecast_date="2027-03-31"
        )

    def test_an_item_is_due_so_many_days_from_its_milestone(self, project, manager, live):
        live.refresh_from_db()
        item = plan(project, manager, due_on=None, milestone=live, offset_days=-30)

        assert item.next_due == date(2027, 3, 1)

    def test_it_moves_when_the_milestone_moves(
        self, project, manager, live, django_capture_on_commit_callbacks
    ):
        live.refresh_from_db()
        item = plan(project, manager, due_on=None, milestone=live, offset_days=-30)
        other = plan(project, manager)
        with django_capture_on_commit_callbacks(execute=True):
            change_milestone(
                milestone=live, version=None, by=manager, forecast_date=date(2027, 4, 30)
            )

        assert fresh(item).next_due == date(2027, 3, 31)
        assert fresh(other).next_due == other.next_due

    def test_a_repeated_one_ends_with_it_too(
        self, project, manager, live, django_capture_on_commit_callbacks
    ):
        live.refresh_from_db()
        item = plan(
            project,
            manager,
            due_on=None,
            milestone=live,
            offset_days=-14,
            until_offset_days=14,
            cadence="daily",
        )
        with django_capture_on_commit_callbacks(execute=True):
            change_milestone(
                milestone=live, version=None, by=manager, forecast_date=date(2027, 4, 1)
            )

        assert (fresh(item).next_due, fresh(item).last_day) == (
            date(2027, 3, 18),
            date(2027, 4, 15),
        )

    def test_one_whose_milestone_goes_keeps_its_day(self, project, manager, live):
        live.refresh_from_db()
        item = plan(project, manager, due_on=None, milestone=live)

        remove_milestone(milestone=live, by=manager)

        assert (fresh(item).milestone, fresh(item).next_due) == (None, date(2027, 3, 31))

    def test_a_milestone_of_another_project_is_refused(self, project, manager):
        with pytest.raises(ValidationError, match="another project"):
            plan(project, manager, due_on=None, milestone=MilestoneFactory())

        assert not CommunicationItem.objects.exists()

    @pytest.mark.parametrize(
        "fields", [{"due_on": None}, {"category": ""}, {"until_offset_days": -3}]
    )
    def test_no_day_no_audience_and_an_end_before_the_start_are_refused(
        self, project, manager, fields
    ):
        with pytest.raises(ValidationError):
            plan(project, manager, **fields)


class TestRule11c:
    """Due and unsent for five working days or longer stands in the report."""

    # 2 November 2026 is a Monday
    @pytest.mark.parametrize(
        ("today", "late"), [(date(2026, 11, 8), 0), (date(2026, 11, 9), 1), (date(2027, 1, 1), 1)]
    )
    def test_it_is_counted_from_the_fifth_working_day_on(self, project, today, late):
        ItemFactory(project=project, due_on=date(2026, 11, 2))

        assert CommunicationItem.objects.late(today).count() == late

    def test_it_stands_on_the_projects_page_and_in_the_list_of_all(self, signed_in, project, lead):
        ItemFactory(
            project=project, due_on=timezone.localdate() - timedelta(days=8), message="Old news"
        )
        said = "1 message is overdue by five working days or more."
        client = signed_in(lead)

        for name in ("project_communication", "project_panel"):
            page = client.get(reverse(f"communication:{name}", args=[project.pk]))
            assert said in page.content.decode()
        found = client.get(reverse("communication:item_list"), {"state": "late"})
        assert "Old news" in found.content.decode()
        assert said in found.content.decode()

    def test_what_is_sent_is_late_no_longer(self, project, manager):
        item = plan(project, manager, due_on=timezone.localdate() - timedelta(days=30))

        items.send_item(item=item, sent_on=timezone.localdate(), by=manager)

        assert not CommunicationItem.objects.late(timezone.localdate()).exists()

    def test_nothing_is_due_in_a_project_that_ended(self):
        ItemFactory(project=ProjectFactory(stage="closed"), due_on=date(2026, 1, 5))

        assert not CommunicationItem.objects.due(timezone.localdate()).exists()


class TestRule11d:
    """Text for patients: plain language, translated, approved."""

    @pytest.fixture
    def item(self, project, manager):
        return plan(
            project,
            manager,
            category="patients",
            text="From May on we call you.",
            due_on=timezone.localdate(),
        )

    def send(self, item, by):
        return items.send_item(item=item, sent_on=timezone.localdate(), by=by)

    def checked(self, item, manager):
        items.check_plain(item=item, version=None, by=manager)
        return items.change_item(item=item, version=None, by=manager, translated_into="Spanish")

    def test_each_of_the_three_is_asked_for(self, item, manager, lead):
        with pytest.raises(RefusalError, match="plain"):
            self.send(item, manager)
        items.check_plain(item=item, version=None, by=manager)
        with pytest.raises(RefusalError, match="languages"):
            self.send(item, manager)
        items.change_item(item=item, version=None, by=manager, translated_into="Spanish")
        with pytest.raises(RefusalError, match="approved before"):
            self.send(item, manager)
        items.approve_item(item=item, version=None, by=lead)

        self.send(item, manager)

        assert CommunicationSending.objects.get().item == item
        assert events() == [
            "communication.planned",
            "communication.plain",
            "communication.changed",
            "communication.approved",
            "communication.sent",
        ]

    def test_the_sender_checks_and_somebody_else_approves(self, item, manager, lead):
        with pytest.raises(RefusalError, match="sender checks"):
            items.check_plain(item=item, version=None, by=lead)
        self.checked(item, manager)
        with pytest.raises(RefusalError, match="other than the sender"):
            items.approve_item(item=item, version=None, by=manager)

    def test_it_is_not_approved_before_it_is_checked(self, item, lead):
        with pytest.raises(RefusalError, match="plain"):
            items.approve_item(item=item, version=None, by=lead)

    def test_another_text_is_checked_translated_and_approved_anew(self, item, manager, lead):
        items.approve_item(item=self.checked(item, manager), version=None, by=lead)

        items.change_item(item=item, version=None, by=manager, text="From June on we call you.")

        saved = fresh(item)
        assert (saved.plain_by, saved.approved_by, saved.translated_into) == (None, None, "")

    def test_what_one_sender_checked_another_checks_again(self, item, manager, lead):
        items.approve_item(item=self.checked(item, manager), version=None, by=lead)
        items.change_item(item=item, version=None, by=manager, sender=UserFactory())

        with pytest.raises(RefusalError, match="plain"):
            self.send(item, manager)

    def test_there_has_to_be_a_text(self, project, manager):
        with pytest.raises(RefusalError, match="Write the text"):
            items.check_plain(
                item=plan(project, manager, category="patients"), version=None, by=manager
            )

    def test_text_for_others_needs_none_of_it(self, project, manager):
        item = plan(project, manager)

        for check in (items.check_plain, items.approve_item):
            with pytest.raises(RefusalError, match="for patients"):
                check(item=item, version=None, by=manager)
        assert self.send(item, manager).item == item

    def test_a_stakeholder_of_that_category_counts(self, project, manager):
        council = StakeholderFactory(project=project, group=GroupFactory(category="patients"))

        item = plan(project, manager, category="", stakeholder=council)

        with pytest.raises(RefusalError, match="plain"):
            self.send(item, manager)


class TestRule11e:
    """Regulators and unions hear only from their named lead."""

    @pytest.mark.parametrize("category", ["unions", "regulators"])
    def test_without_a_named_person_nothing_is_planned(self, project, manager, category):
        with pytest.raises(RefusalError, match="one named person"):
            plan(project, manager, category=category)

        assert not CommunicationItem.objects.exists()
        assert events() == []

    @pytest.mark.parametrize("category", ["unions", "regulators"])
    def test_another_sender_is_refused(self, project, manager, category):
        union = GroupFactory(category=category, lead=UserFactory(name="Una Lee"))

        with pytest.raises(RefusalError, match="from the person named for them: Una Lee"):
            plan(project, manager, category="", group=union)
        item = plan(project, manager, category="", group=union, sender=union.lead)
        with pytest.raises(RefusalError, match="Una Lee"):
            items.change_item(item=item, version=None, by=manager, sender=manager)

    def test_the_projects_own_person_comes_first(self, project, manager):
        union = StakeholderFactory(
            project=project,
            group=GroupFactory(category="unions", lead=UserFactory()),
            lead=manager,
        )

        assert plan(project, manager, category="", stakeholder=union).sender == manager

    def test_a_lead_who_changed_has_to_be_the_sender_before_it_goes_out(self, project, manager):
        union = GroupFactory(category="unions", lead=manager)
        item = plan(project, manager, category="", group=union)
        union.lead = UserFactory(name="Una Lee")
        union.save()

        with pytest.raises(RefusalError, match="Una Lee"):
            items.send_item(item=item, sent_on=timezone.localdate(), by=manager)

    def test_nobody_else_is_bound_by_it(self, project, manager):
        assert plan(project, manager, category="payers").sender == manager


class TestRule11f:
    """Adoption from systems, on day 7, 30 and 90 after a go-live."""

    @pytest.fixture
    def live(self, project):
        return MilestoneFactory(
            project=project,
            name="Go-live",
            kind="go_live",
            actual_date=timezone.localdate() - timedelta(days=31),
        )

    def record(self, project, by, live, **fields):
        wanted = {
            "milestone": live,
            "day": 7,
            "measured_on": timezone.localdate(),
            "source": "Sign-in log",
            "licensed": 200,
            "active": 150,
        }
        return adoption.record_adoption(project=project, by=by, **(wanted | fields))

    def test_it_is_kept_with_its_source_and_shown_with_what_is_missing(
        self, signed_in, project, manager, live
    ):
        self.record(project, manager, live)

        page = signed_in(manager).get(reverse("communication:project_adoption", args=[project.pk]))

        shown = page.content.decode()
        assert "Go-live, day 7: 75% of licensed users are active." in shown
        assert "Day 30 was" in shown
        assert "Day 90" not in page.context["lede"]
        assert "Sign-in log" in shown
        assert events() == ["adoption.recorded"]

    def test_a_survey_is_no_source_and_other_days_are_no_days(self, project, manager, live):
        for fields in ({"source": ""}, {"day": 8}):
            with pytest.raises(ValidationError):
                self.record(project, manager, live, **fields)

    @pytest.mark.parametrize(
        "fields",
        [
            {"active": 201},
            {"assigned": 5, "passed": 6},
            {"units_planned": 2, "units_live": 3},
            {"tickets": -1},
        ],
    )
    def test_more_than_all_is_refused(self, project, manager, live, fields):
        with pytest.raises(ValidationError):
            self.record(project, manager, live, **fields)

        assert not AdoptionReading.objects.exists()

    def test_only_a_go_live_that_is_done_is_read(self, project, manager):
        ahead = MilestoneFactory(project=project, kind="go_live")
        gate = MilestoneFactory(project=project, kind="gate", actual_date=date(2026, 6, 1))

        for milestone in (ahead, gate):
            with pytest.raises(RefusalError, match="go-live that is done"):
                self.record(project, manager, milestone)

    def test_each_day_is_kept_once(self, project, manager, live):
        self.record(project, manager, live)

        with pytest.raises(ValidationError, match="recorded already"):
            self.record(project, manager, live)

    def test_a_correction_loses_nobodys_edit(self, project, manager, live):
        reading = self.record(project, manager, live)
        adoption.change_adoption(reading=reading, version=1, by=manager, active=160)

        with pytest.raises(EditConflictError):
            adoption.change_adoption(reading=reading, version=1, by=manager, active=170)

        assert AdoptionReading.objects.get().active == 160

    def test_a_milestone_that_was_read_stays(self, project, manager):
        reading = AdoptionFactory(milestone__project=project, milestone__baseline_date=None)

        with pytest.raises(RefusalError, match="refers to it"):
            remove_milestone(milestone=reading.milestone, by=manager)
