import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from pmo.accounts.roles import Role
from pmo.common.models import AuditEvent
from pmo.common.records import audit
from pmo.common.records.writing import EditConflictError, RefusalError
from projects.models import (
    Baseline,
    BudgetLine,
    ChangeRequest,
    Milestone,
    Project,
    ReserveMovement,
    Task,
)
from projects.services import changes as services
from projects.services.baselines import set_first_baseline
from projects.services.money import remove_budget_line
from projects.services.projects import change_project
from tests.factories import BudgetLineFactory, MilestoneFactory, ProjectFactory, person
from tests.factories.changes import approved, asked, assessed, baselined, member
from tests.projects.test_services_status_races import race

pytestmark = pytest.mark.django_db
FINISH = date(2027, 1, 4)  # of the factory's project
JUNE = date(2026, 6, 1)  # of the factory's milestone
EFFECTS = {
    "scope_effect": "One ward more",
    "schedule_effect_days": 10,
    "cost_effect": Decimal(5000),
    "benefit_effect": "None",
    "funding": "new",
}


@pytest.fixture
def project(db):
    return baselined(reserves=[("contingency", 40_000), ("management", 30_000)])


@pytest.fixture
def manager(project):
    return member(project, Role.MANAGER)


@pytest.fixture
def sponsor(project):
    return member(project, Role.SPONSOR)


def last_event():
    return json.loads(AuditEvent.objects.latest("sequence").body)


def events():
    return AuditEvent.objects.count()


def decide(request, by, *, is_approved=True, version=1, **fields):
    with transaction.atomic():
        return services.decide_change(
            request=request, version=version, by=by, is_approved=is_approved, **fields
        )


def implement(request, by, **fields):
    with transaction.atomic():
        return services.implement_change(request=request, version=1, by=by, **fields)


class TestRaise:
    def test_numbers_them_within_the_project(self, project, manager):
        asked(baselined())
        for title in ("A", "B"):
            services.raise_change(project=project, by=manager, title=title, justification="Why")

        rows = ChangeRequest.objects.filter(project=project).order_by("number")
        assert [(r.number, r.title, r.state, r.raised_by) for r in rows] == [
            (1, "A", "raised", manager),
            (2, "B", "raised", manager),
        ]
        assert rows[0].raised_on == timezone.localdate()
        assert last_event()["action"] == "change.raised"
        assert last_event()["scope"] == f"projects.project:{project.pk}"

    def test_needs_a_baseline_to_change(self, manager):
        with pytest.raises(RefusalError, match="can be changed without a request"):
            services.raise_change(
                project=ProjectFactory(), by=manager, title="A", justification="Why"
            )

        assert not ChangeRequest.objects.exists()

    def test_needs_a_project_that_goes_on(self, project, manager):
        Project.objects.filter(pk=project.pk).update(stage="closed")

        with pytest.raises(RefusalError, match="This project is closed: nothing changes any more"):
            services.raise_change(project=project, by=manager, title="A", justification="Why")

    def test_needs_a_reason(self, project, manager):
        before = events()

        with pytest.raises(ValidationError) as refusal:
            services.raise_change(project=project, by=manager, title="A", justification=" ")

        assert set(refusal.value.error_dict) == {"justification"}
        assert (ChangeRequest.objects.count(), events()) == (0, before)


class TestRevise:
    def test_changes_what_is_asked_while_nobody_decided(self, project, manager):
        services.revise_change(
            request=asked(project), version=1, by=manager, title="New", justification="Because"
        )

        saved = ChangeRequest.objects.get()
        assert (saved.title, saved.justification, saved.version) == ("New", "Because", 2)

    def test_is_too_late_afterwards(self, project, manager):
        with pytest.raises(RefusalError, match=r"CR-1 was approved by Rounds on 2 Nov 2026\."):
            services.revise_change(request=approved(project), version=1, by=manager, title="New")

    def test_is_for_who_raised_it_and_those_who_assess(self, project, sponsor):
        with pytest.raises(RefusalError, match="This is for who raised it"):
            services.revise_change(request=asked(project), version=1, by=sponsor, title="New")
        own = asked(project, raised_by=sponsor)

        assert services.revise_change(request=own, version=1, by=sponsor, title="New").version == 2

    def test_never_makes_an_emergency_of_it(self, project, manager):
        with pytest.raises(TypeError, match="is_emergency"):
            services.revise_change(request=asked(project), version=1, by=manager, is_emergency=True)

    def test_does_not_overwrite_unseen(self, project, manager):
        request = asked(project)
        services.revise_change(request=request, version=1, by=manager, title="One")

        with pytest.raises(EditConflictError):
            services.revise_change(request=request, version=1, by=manager, title="Two")

        assert ChangeRequest.objects.get().title == "One"


class TestAssess:
    def test_says_what_the_change_does(self, project, manager):
        services.assess_change(request=asked(project), version=1, by=manager, **EFFECTS)

        saved = ChangeRequest.objects.get()
        assert (saved.state, saved.assessed_by) == ("assessed", manager)
        assert (saved.cost_effect, saved.schedule_effect_days) == (Decimal(5000), 10)
        assert last_event()["action"] == "change.assessed"

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"scope_effect": ""}, "scope_effect"),
            ({"schedule_effect_days": None}, "schedule_effect_days"),
            ({"schedule_effect_days": 36_501}, "schedule_effect_days"),
            ({"schedule_effect_days": -2_000_000_000}, "schedule_effect_days"),
            ({"cost_effect": None}, "cost_effect"),
            ({"benefit_effect": ""}, "benefit_effect"),
            ({"funding": "none"}, "funding"),
            ({"cost_effect": Decimal()}, "funding"),
        ],
    )
    def test_leaves_nothing_unsaid(self, project, manager, changed, field):
        request, before = asked(project), events()

        with pytest.raises(ValidationError) as refusal, transaction.atomic():
            services.assess_change(request=request, version=1, by=manager, **EFFECTS | changed)

        assert set(refusal.value.error_dict) == {field}
        assert (ChangeRequest.objects.get().state, events()) == ("raised", before)

    def test_takes_zero_for_an_answer(self, project, manager):
        none = {"schedule_effect_days": 0, "cost_effect": Decimal(), "funding": "none"}

        services.assess_change(request=asked(project), version=1, by=manager, **EFFECTS | none)

        assert ChangeRequest.objects.get().state == "assessed"

    def test_takes_only_a_line_of_the_project_and_for_new_money(self, project, manager):
        request, own = asked(project), BudgetLine.objects.get()

        with pytest.raises(RefusalError, match="does not exist in this project"):
            services.assess_change(
                request=request, version=1, by=manager, **EFFECTS, budget_line=BudgetLineFactory()
            )
        with pytest.raises(ValidationError, match="Only new money goes to a budget line"):
            services.assess_change(
                request=request,
                version=1,
                by=manager,
                **EFFECTS | {"funding": "contingency", "budget_line": own},
            )


class TestDecide:
    def test_the_manager_approves_within_the_manager_s_tolerance(self, project, manager):
        decide(assessed(project, cost=18_600, days=5), manager)

        saved = ChangeRequest.objects.get()
        assert (saved.state, saved.decided_by, saved.decided_as) == ("approved", manager, "manager")
        assert saved.decided_on == timezone.localdate()
        assert last_event()["action"] == "change.approved"

    @pytest.mark.parametrize(
        ("effect", "sentence"),
        [
            ((18_601, 0), "The project manager may approve 2% of the first budget; this makes it"),
            ((0, 6), "The project manager may move the finish by 5 days; this makes it 6 days."),
        ],
    )
    def test_beyond_it_the_sponsor_is_named(self, project, manager, sponsor, effect, sentence):
        cost, days = effect
        request, before = assessed(project, cost=cost, days=days), events()

        with pytest.raises(RefusalError) as refusal:
            decide(request, manager)

        assert str(refusal.value).startswith("This is for the sponsor to decide.")
        assert sentence in str(refusal.value)
        assert (ChangeRequest.objects.get().state, events()) == ("assessed", before)
        assert decide(request, sponsor).decided_as == "sponsor"

    def test_beyond_the_sponsor_s_the_pmo_lead_decides(self, project, sponsor, lead):
        request = assessed(project, cost=100_000)

        with pytest.raises(RefusalError, match="This is for the PMO lead to decide"):
            decide(request, sponsor)

        assert decide(request, lead).decided_as == "pmo_lead"

    def test_many_small_changes_do_not_pass_below_the_line(self, project, manager):
        approved(project, cost=10_000, level="manager")

        with pytest.raises(
            RefusalError, match=r"makes it \$19,000, 2\.04%, with \$10,000 approved"
        ):
            decide(assessed(project, cost=9_000), manager)

    def test_an_analyst_of_the_office_decides_nothing(self, project):
        with pytest.raises(RefusalError, match="This is for the project manager to decide"):
            decide(assessed(project), person(Role.PMO_ANALYST))

    def test_nobody_approves_what_he_raised(self, project, manager, lead, sponsor):
        own = assessed(project, raised_by=manager)
        of_lead = assessed(project, raised_by=lead)

        for request, user in ((own, manager), (of_lead, lead)):
            with pytest.raises(
                RefusalError, match="No one approves a change that he or she raised"
            ):
                decide(request, user)
        assert decide(own, sponsor).state == "approved"

    def test_but_the_pmo_lead_in_an_emergency(self, project, lead, sponsor):
        of_sponsor = assessed(project, raised_by=sponsor, is_emergency=True)
        of_lead = assessed(project, raised_by=lead, is_emergency=True)

        with pytest.raises(RefusalError, match="No one approves a change"):
            decide(of_sponsor, sponsor)
        assert decide(of_lead, lead).state == "approved"

    def test_a_rejection_says_why(self, project, manager):
        request = assessed(project)

        with pytest.raises(ValidationError) as refusal:
            decide(request, manager, is_approved=False, note=" ")
        assert set(refusal.value.error_dict) == {"note"}
        decide(request, manager, is_approved=False, note="Not now")

        saved = ChangeRequest.objects.get()
        assert (saved.state, saved.decision_note) == ("rejected", "Not now")

    def test_what_is_not_assessed_is_not_decided(self, project, lead):
        with pytest.raises(RefusalError, match="CR-1 is not assessed yet"):
            decide(asked(project), lead)

    def test_a_reserve_that_is_too_small_is_named_with_its_balance(self, project, lead):
        with pytest.raises(RefusalError) as refusal:
            decide(assessed(project, cost=40_001, funding="contingency"), lead)

        assert str(refusal.value) == "The contingency holds $40,000; this takes $40,001 out of it."

    def test_the_second_decider_is_told_who_was_first(self, project, sponsor, lead):
        request = assessed(project)
        decide(request, sponsor)

        with pytest.raises(RefusalError, match=f"CR-1 was approved by {sponsor} on"):
            decide(request, lead, is_approved=False, note="No")

    def test_effects_that_changed_meanwhile_are_shown_first(self, project, manager, lead):
        request = assessed(project)
        services.assess_change(request=request, version=1, by=manager, **EFFECTS)

        with pytest.raises(EditConflictError):
            decide(request, lead)


@pytest.mark.django_db(transaction=True)
def test_of_many_deciders_at_once_exactly_one_wins():
    project = baselined()
    deciders = [member(project, Role.SPONSOR) for _ in range(4)]
    request = assessed(project)

    outcomes = race(4, lambda n: decide(request, deciders[n], is_approved=n % 2, note="Mine"))

    assert sorted(outcomes) == ["RefusalError"] * 3 + ["won"]
    assert ChangeRequest.objects.get().version == 2
    assert audit.faults() == []


@pytest.mark.django_db(transaction=True)
def test_of_many_who_draw_on_a_reserve_at_once_nobody_overdraws_it():
    project, lead = baselined(reserves=[("contingency", 25_000)]), person(Role.PMO_LEAD)
    requests = [approved(project, cost=10_000, funding="contingency") for _ in range(4)]

    outcomes = race(4, lambda n: implement(requests[n], lead))

    assert sorted(outcomes) == ["ReserveTooSmallError"] * 2 + ["won"] * 2
    assert sum(m.amount for m in ReserveMovement.objects.all()) == 5_000
    assert sorted(b.number for b in Baseline.objects.all()) == [1, 2, 3]


@pytest.mark.parametrize("state", ["rejected", "withdrawn", "implemented"])
def test_what_is_closed_never_changes(project, state):
    withdrawn_on = JUNE if state == "withdrawn" else None
    request = assessed(project, state=state, decided_on=JUNE, withdrawn_on=withdrawn_on)

    request.title = "Other"
    with pytest.raises(DatabaseError, match="never changed or removed"), transaction.atomic():
        request.save()


def test_a_budget_line_that_a_change_names_stays(project, lead):
    line = BudgetLine.objects.get()
    assessed(project, cost=5, budget_line=line)

    with pytest.raises(RefusalError, match="A change request names this line"):
        remove_budget_line(line=line, by=lead)


class TestImplement:
    def test_makes_the_next_version_and_moves_the_approved_dates(self, project, manager):
        Milestone.objects.update(forecast_date=JUNE + timedelta(days=30))
        request = approved(project, cost=5_000, days=10)

        baseline = implement(request, manager, name="After the ward")

        assert (baseline.number, baseline.name) == (2, "After the ward")
        assert (baseline.change_request, baseline.reason) == (request, "Demand")
        assert baseline.finish == FINISH + timedelta(days=10)
        assert Project.objects.get(pk=project.pk).baseline_finish_date == baseline.finish
        # forecast 30 days later, but only 10 were approved: 20 days of slip stay
        assert Milestone.objects.get().baseline_date == JUNE + timedelta(days=10)
        assert Milestone.objects.get().slip_days == 20
        assert ChangeRequest.objects.get().state == "implemented"
        assert Baseline.objects.get(number=1).finish == FINISH

    def test_new_money_waits_undistributed(self, project, manager):
        baseline = implement(approved(project, cost=5_000), manager)

        assert (baseline.distributed, baseline.undistributed) == (Decimal(930_000), Decimal(5_000))
        assert baseline.budget_at_completion == Decimal(935_000)
        assert BudgetLine.objects.get().amount == Decimal(1_000_000)

    def test_or_goes_to_the_line_that_was_named(self, project, manager):
        line = BudgetLine.objects.get()
        baseline = implement(approved(project, cost=5_000, budget_line=line), manager)

        assert (baseline.distributed, baseline.undistributed) == (Decimal(935_000), Decimal())
        assert BudgetLine.objects.get().amount == Decimal(1_005_000)

    @pytest.mark.parametrize(
        ("funding", "contingency", "management"),
        [("contingency", 35_000, 30_000), ("management", 40_000, 25_000)],
    )
    def test_a_reserve_pays_and_what_is_authorized_stays(
        self, project, manager, funding, contingency, management
    ):
        baseline = implement(approved(project, cost=5_000, funding=funding), manager)

        assert baseline.budget_at_completion == Decimal(935_000)
        assert (baseline.contingency, baseline.management_reserve) == (contingency, management)
        layers = (
            baseline.distributed,
            baseline.undistributed,
            baseline.contingency,
            baseline.management_reserve,
        )
        assert sum(layers) == Decimal(1_000_000)
        movement = ReserveMovement.objects.latest("pk")
        assert (movement.amount, movement.change_request.number) == (Decimal(-5_000), 1)

    def test_a_saving_goes_back_into_the_reserve(self, project, manager):
        baseline = implement(approved(project, cost=-5_000, funding="contingency"), manager)

        assert (baseline.contingency, baseline.budget_at_completion) == (45_000, 925_000)

    def test_a_reserve_that_was_emptied_meanwhile_refuses_and_leaves_no_trace(
        self, project, manager
    ):
        request, before = approved(project, cost=50_000, funding="contingency"), events()

        with pytest.raises(RefusalError, match=r"The contingency holds \$40,000"):
            implement(request, manager)

        assert (Baseline.objects.count(), events()) == (1, before)
        assert ChangeRequest.objects.get().state == "approved"

    def test_takes_the_tasks_as_they_are_planned_now(self, project, manager):
        Task.objects.create(
            project=project,
            position=1,
            name="Ward",
            start=JUNE,
            finish=JUNE,
            planned_cost=Decimal(935_000),
        )

        with pytest.raises(RefusalError, match=r"The tasks cost 935,000\.00"):
            implement(approved(project, cost=4_999), manager)
        baseline = implement(approved(project, cost=5_000), manager)

        assert (baseline.earns_by, baseline.undistributed) == ("tasks", Decimal())

    def test_what_is_done_keeps_its_date_and_its_worth(self, project, manager):
        Milestone.objects.update(actual_date=JUNE + timedelta(days=3))
        MilestoneFactory(project=project, baseline_date=None, forecast_date=FINISH, weight=3)

        baseline = implement(approved(project, days=10), manager)

        rows = baseline.items.order_by("position").values_list("finish", "amount")
        assert list(rows) == [(JUNE, Decimal(930_000)), (FINISH, Decimal())]

    def test_a_project_without_parts_moves_as_a_whole(self, manager):
        project = ProjectFactory()
        BudgetLineFactory(project=project)
        set_first_baseline(project=project, by=None, name="Plan", reason="Board")

        baseline = implement(approved(project, cost=100, days=10), manager)

        item = baseline.items.get()
        assert (item.finish, item.amount) == (FINISH + timedelta(days=10), Decimal(1_000_000))
        assert baseline.undistributed == 100

    def test_without_a_budget_days_move_and_money_is_refused(self, manager):
        project = ProjectFactory()
        set_first_baseline(project=project, by=None, name="Plan", reason="Board")

        with pytest.raises(RefusalError, match="no approved budget that the change could alter"):
            implement(approved(project, cost=100), manager)
        baseline = implement(approved(project, days=10), manager)

        assert baseline.finish == FINISH + timedelta(days=10)
        assert (baseline.distributed, baseline.undistributed) == (None, 0)

    def test_what_is_not_approved_is_not_implemented(self, project, lead):
        for request, sentence in (
            (assessed(project), "CR-1 is not approved yet"),
            (asked(project), "CR-2 is not assessed yet"),
        ):
            with pytest.raises(RefusalError, match=sentence):
                implement(request, lead)

    def test_happens_once(self, project, manager):
        request = approved(project)
        implement(request, manager)

        with pytest.raises(RefusalError, match="and is implemented"):
            implement(request, manager)

        assert Baseline.objects.count() == 2

    def test_is_the_only_way_to_the_finish(self, project, lead):
        with pytest.raises(RefusalError, match="Raise a change request"):
            change_project(project=project, version=None, by=lead, baseline_finish_date=JUNE)
