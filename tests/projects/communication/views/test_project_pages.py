"""The communication of one project: its page, one message from plan to sent, the usual plan, adoption."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from pmo.accounts.roles import Role
from projects.communication.domain.defaults import DEFAULTS
from projects.communication.forms.items import OfferForm
from projects.communication.models import AdoptionReading, CommunicationItem
from projects.services.stakeholders import change_stakeholder, create_stakeholder
from tests.factories import MemberFactory, MilestoneFactory, UserFactory, person
from tests.factories.communication import (
    AdoptionFactory,
    GroupFactory,
    ItemFactory,
    StakeholderFactory,
)

pytestmark = pytest.mark.django_db


def url(name, record):
    return reverse(f"communication:{name}", args=[record.pk])


def shown(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def keeper(signed_in, manager, project):
    return signed_in(manager)


@pytest.fixture
def live(project):
    return MilestoneFactory(
        project=project,
        name="Go-live",
        kind="go_live",
        baseline_date=timezone.localdate() + timedelta(days=90),
        forecast_date=timezone.localdate() + timedelta(days=90),
    )


class TestPage:
    def test_says_what_is_missing_and_offers_the_usual_plan(self, keeper, project):
        page = shown(keeper.get(url("project_communication", project)))

        assert "No message is planned." in page
        assert url("plan_offer", project) in page
        assert "List who can help or stop the project" in page

    def test_shows_grid_with_its_table_gaps_and_plan(self, keeper, project):
        StakeholderFactory(
            project=project,
            name="Physicians <b>",
            power=3,
            interest=3,
            engagement="resistant",
            engagement_wanted="leading",
        )
        StakeholderFactory(project=project, name="Wards", engagement="supportive")
        ItemFactory(project=project, message="Why we change")

        response = keeper.get(url("project_communication", project))

        chart = response.context["chart"]
        assert chart.title == "1 of 2 stakeholders does not stand as wanted"
        assert chart.sentence == "2 stakeholders: 1 to manage closely and 1 to monitor."
        assert [row[:2] for row in chart.rows] == [["1", "Physicians <b>"], ["2", "Wards"]]
        assert chart.figure["data"][-1]["text"] == ["1", "2"]
        assert chart.figure["data"][-1]["customdata"] == ["Physicians &lt;b&gt;", "Wards"]
        page = shown(response)
        assert "High power and resistant: Physicians &lt;b&gt;." in page
        assert "Resistant to leading" in page
        assert "Missing: what is done, a day and a person" in page
        assert "1 action closes a gap; 1 lacks words, a day or a person" in page
        assert "Why we change" in page
        assert '<details class="data data--key" open>' in page
        assert '<button class="btn" type="button" data-print>' in page

    def test_panel_answers_alone(self, keeper, project):
        part = keeper.get(url("project_panel", project), headers={"HX-Request": "true"})

        assert "<html" not in part.content.decode()
        assert "No message is planned" in part.content.decode()

    def test_stands_on_the_projects_first_page_and_among_its_tabs(self, keeper, project):
        page = keeper.get(project.get_absolute_url()).content.decode()

        assert url("project_panel", project) in page
        assert url("project_communication", project) in page

    @pytest.mark.parametrize("name", ["project_communication", "project_panel"])
    def test_as_many_queries_for_one_row_as_for_three(self, keeper, project, name):
        def ask():
            with CaptureQueriesContext(connection) as queries:
                keeper.get(url(name, project))
            return len(queries)

        def add():
            group = GroupFactory(lead=UserFactory())
            one = StakeholderFactory(project=project, group=group, lead=UserFactory())
            ItemFactory(project=project, stakeholder=one, category="", sender=UserFactory())

        add()
        ask()
        one = ask()
        add()
        add()
        assert ask() == one

    def test_a_reader_reads_and_changes_nothing(self, signed_in, project):
        item = ItemFactory(project=project)
        reader = signed_in(person(Role.EXECUTIVE))

        page = reader.get(url("project_communication", project)).content.decode()

        assert url("item_new", project) not in page
        for name, record in (("item_new", project), ("plan_offer", project), ("item_edit", item)):
            assert reader.get(url(name, record)).status_code == 403
        for name in ("item_plain", "item_approve", "item_send"):
            assert reader.post(url(name, item)).status_code in {302, 403}
        assert not item.sendings.exists()

    def test_a_confidential_project_has_no_address(self, signed_in, project):
        item, one = ItemFactory(project=project), StakeholderFactory(project=project)
        reading = AdoptionFactory(milestone__project=project)
        project.is_confidential = True
        project.save()
        reader = signed_in(person(Role.EXECUTIVE))

        for name, record in (
            ("project_communication", project),
            ("project_panel", project),
            ("project_adoption", project),
            ("item_detail", item),
            ("item_send", item),
            ("stakeholder_history", one),
            ("adoption_edit", reading),
        ):
            assert reader.get(url(name, record)).status_code == 404


class TestMessage:
    def typed(self, **fields):
        return {
            "audience": "cnursing",
            "message": "What changes",
            "channel": "huddle",
            "sender": "",
            "cadence": "once",
            "due_on": timezone.localdate().isoformat(),
            "milestone": "",
            "offset_days": "",
            "ends_on": "",
            "until_offset_days": "",
            "text": "",
            "translated_into": "",
            "code": "",
            **fields,
        }

    def test_is_planned_for_a_stakeholder_and_hangs_on_a_milestone(self, keeper, project, live):
        one = StakeholderFactory(project=project)

        keeper.post(
            url("item_new", project),
            self.typed(audience=f"s{one.pk}", due_on="", milestone=live.pk, offset_days="-30"),
        )

        item = CommunicationItem.objects.get()
        assert (item.stakeholder, item.milestone, item.offset_days) == (one, live, -30)
        assert item.next_due == live.forecast_date - timedelta(days=30)
        page = shown(keeper.get(item.get_absolute_url()))
        assert "30 days before Go-live" in page

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"audience": ""}, "Choose one audience"),
            ({"audience": "s999999999999999999999"}, "Choose one of the list."),
            ({"audience": "x"}, "Choose one of the list."),
            ({"due_on": ""}, "Say when"),
            ({"due_on": "2020-01-06"}, "Give the next day on which it is due."),
            (
                {"cadence": "weekly", "ends_on": "2020-01-06"},
                "Give a day to come, or leave it empty.",
            ),
            ({"message": ""}, "Fill this in."),
            ({"audience": "cunions"}, "Unions and regulators hear from one named person."),
            ({"due_on": "", "offset_days": "99999"}, "Ten years before or after"),
            ({"text": "MRN: 12345678"}, "Rounds keeps nothing of a patient"),
        ],
    )
    def test_refusals_keep_what_was_typed(self, keeper, project, fields, said):
        response = keeper.post(url("item_new", project), self.typed(code="C-7", **fields))

        assert response.status_code == 422
        assert said in shown(response)
        assert "C-7" in shown(response)
        assert not CommunicationItem.objects.exists()

    def test_keeps_a_day_that_passed_since(self, keeper, project):
        past = timezone.localdate() - timedelta(days=9)
        item = ItemFactory(project=project, due_on=past)

        kept = keeper.post(
            url("item_edit", item), self.typed(due_on=f"{past}", message="New", version=1)
        )
        sent = {"version": 2, "message": "Newer", "due_on": f"{past}"}
        patched = keeper.patch(
            f"/api/v1/communication-items/{item.pk}/", sent, content_type="application/json"
        )
        moved = keeper.patch(
            f"/api/v1/communication-items/{item.pk}/",
            sent | {"version": 3, "due_on": f"{past - timedelta(days=1)}"},
            content_type="application/json",
        )

        assert (kept.status_code, patched.status_code) == (302, 200)
        assert (moved.status_code, list(moved.json())) == (400, ["due_on"])

    def test_a_stakeholder_of_another_project_is_not_offered(self, keeper, project):
        other = StakeholderFactory()

        response = keeper.post(url("item_new", project), self.typed(audience=f"s{other.pk}"))

        assert response.status_code == 422

    def test_is_changed_with_its_version(self, keeper, project):
        item = ItemFactory(project=project)
        keeper.post(url("item_edit", item), self.typed(message="New", version=1))

        late = keeper.post(url("item_edit", item), self.typed(message="Late", version=1))

        item.refresh_from_db()
        assert (item.message, late.status_code) == ("New", 409)

    def test_is_noted_as_sent_and_taken_back(self, keeper, project, manager):
        item = ItemFactory(project=project, sender=manager, due_on=timezone.localdate())
        sent = {"sent_on": timezone.localdate().isoformat(), "reach": "45", "note": "Liked"}

        keeper.post(url("item_send", item), {**sent, "version": item.version})
        page = shown(keeper.get(item.get_absolute_url()))
        assert "It went out once. Nothing more is due." in page
        assert "Liked" in page
        keeper.post(url("sending_remove", item.sendings.get()))

        assert not item.sendings.exists()
        item.refresh_from_db()
        assert item.next_due == timezone.localdate()

    def test_its_sender_sends_it_without_keeping_the_plan(self, signed_in, project):
        sender = person(Role.STAFF)
        MemberFactory(project=project, user=sender, role=Role.TEAM_MEMBER)
        item = ItemFactory(project=project, sender=sender)
        sends = signed_in(sender)

        assert url("item_edit", item) not in sends.get(item.get_absolute_url()).content.decode()
        sends.post(
            url("item_send", item),
            {"sent_on": timezone.localdate().isoformat(), "reach": "", "note": "", "version": 1},
        )

        assert item.sendings.get().noted_by == sender

    def test_for_patients_shows_what_is_missing_until_it_is_there(
        self, keeper, signed_in, project, manager, lead
    ):
        item = ItemFactory(
            project=project, category="patients", sender=manager, text="We call you."
        )
        page = shown(keeper.get(item.get_absolute_url()))
        assert "Not checked by the sender" in page
        assert "No languages given" in page
        assert "Not approved" in page

        keeper.post(url("item_plain", item))
        early = signed_in(lead).post(url("item_approve", item), follow=True)
        assert "into which languages" in shown(early)
        CommunicationItem.objects.update(translated_into="Spanish")
        keeper.post(url("item_approve", item))

        item.refresh_from_db()
        assert (item.plain_by, item.approved_by) == (manager, lead)

    def test_removed_is_gone(self, keeper, project):
        item = ItemFactory(project=project)

        keeper.post(url("item_remove", item))

        assert not CommunicationItem.objects.exists()


class TestUsualPlan:
    def typed(self, project, **fields):
        """Return what the browser sends of the form as it is offered."""
        form = OfferForm(None, project=project)
        live = form.initial["milestone"]
        data = {
            "milestone": live.pk if live else "",
            "begins": form.initial["begins"].isoformat(),
        }
        for one, row in form.rows:
            for name, value in row.initial.items():
                if name == "take":
                    if value:
                        data[f"{one.code}-take"] = "on"
                else:
                    data[f"{one.code}-{name}"] = "" if value is None else value
        return data | fields

    def test_is_offered_and_nothing_is_written_before(self, keeper, project, live):
        page = shown(keeper.get(url("plan_offer", project)))

        assert all(one.message in page for one in DEFAULTS)
        assert not CommunicationItem.objects.exists()

    def test_what_is_ticked_is_written_as_changed(self, keeper, project, live, manager):
        data = self.typed(project)
        data["TOWN60-message"], data["TOWN60-offset"] = "Why we do it", "-70"
        del data["NEWS-take"]

        keeper.post(url("plan_offer", project), data)

        items = {item.code: item for item in CommunicationItem.objects.all()}
        taken = {one.code for one in DEFAULTS if one.is_offered} - {"NEWS"}
        assert set(items) == taken
        hall, huddle, board = items["TOWN60"], items["HUDDLE"], items["BOARD"]
        assert (hall.message, hall.next_due) == (
            "Why we do it",
            live.forecast_date - timedelta(days=70),
        )
        assert (huddle.cadence, huddle.offset_days, huddle.until_offset_days) == ("daily", -14, 14)
        assert (board.cadence, board.due_on, board.milestone) == (
            "quarterly",
            timezone.localdate(),
            None,
        )

    def test_those_the_project_and_the_register_know_are_offered_first(self, keeper, project):
        wards = StakeholderFactory(project=project, category="nursing")
        board = GroupFactory(category="board")

        keeper.post(url("plan_offer", project), self.typed(project))

        items = {item.code: item for item in CommunicationItem.objects.all()}
        assert "HUDDLE" not in items  # without a go-live nothing that hangs on it is ticked
        assert items["BOARD"].group == board
        assert wards.pk

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"BOARD-message": ""}, "A message below needs a look."),
            ({"BOARD-offset": "-30"}, "Choose the milestone, or empty the days"),
            ({"UNION-take": "on", "UNION-offset": ""}, "Unions and regulators hear from one"),
            ({"BOARD-message": "MRN: 12345678"}, "A message below needs a look."),
        ],
    )
    def test_all_or_none_is_written(self, keeper, project, changed, said):
        response = keeper.post(url("plan_offer", project), self.typed(project, **changed))

        assert response.status_code == 422
        assert said in shown(response)
        assert not CommunicationItem.objects.exists()

    def test_nothing_ticked_is_refused(self, keeper, project):
        data = {k: v for k, v in self.typed(project).items() if not k.endswith("-take")}

        assert "Tick at least one" in shown(keeper.post(url("plan_offer", project), data))


class TestAdoption:
    def test_waits_for_a_go_live(self, keeper, project, live):
        page = shown(keeper.get(url("project_adoption", project)))

        assert "No go-live is done yet" in page
        assert url("adoption_new", project) not in page

    def test_is_recorded_charted_and_corrected(self, keeper, project, live):
        live.actual_date = timezone.localdate() - timedelta(days=8)
        live.save()
        typed = {
            "measured_on": timezone.localdate().isoformat(),
            "source": "Sign-in log",
            "licensed": "100",
            "active": "90",
        }

        keeper.post(url("adoption_new", project), {**typed, "milestone": live.pk, "day": "7"})
        reading = AdoptionReading.objects.get()
        keeper.post(url("adoption_edit", reading), {**typed, "active": "80", "version": 1})

        response = keeper.get(url("project_adoption", project))
        (_, chart, due), *_ = response.context["go_lives"]
        assert chart.sentence == "Go-live, day 7: 80% of licensed users are active."
        assert chart.figure["data"][0]["y"] == [0.8]
        assert chart.rows[0][:5] == ["Day 7", chart.rows[0][1], "80", "100", "80.0%"]
        assert due == ""

    def test_what_cannot_be_is_refused_at_its_field(self, keeper, project, live):
        live.actual_date = timezone.localdate() - timedelta(days=8)
        live.save()

        response = keeper.post(
            url("adoption_new", project),
            {
                "milestone": live.pk,
                "day": "7",
                "measured_on": timezone.localdate().isoformat(),
                "source": "Log",
                "licensed": "1",
                "active": "2",
            },
        )

        assert response.status_code == 422
        assert "More users are active than licensed." in shown(response)

    def test_as_many_queries_for_one_row_as_for_three(self, keeper, project):
        def ask():
            with CaptureQueriesContext(connection) as queries:
                keeper.get(url("project_adoption", project))
            return len(queries)

        def add():
            AdoptionFactory(milestone__project=project)

        add()
        ask()
        one = ask()
        add()
        add()
        assert ask() == one


def test_history_says_how_somebody_stood_from_which_day_on(keeper, project, manager):
    one = create_stakeholder(project=project, by=manager, name="Wards", engagement="resistant")
    change_stakeholder(stakeholder=one, version=1, by=manager, engagement="neutral")
    change_stakeholder(stakeholder=one, version=2, by=manager, approach="Walk the wards")

    response = keeper.get(url("stakeholder_history", one))

    assert [record.engagement for record in response.context["history"]] == [
        "resistant",
        "neutral",
    ]
    assert "Walk the wards" in shown(response)
