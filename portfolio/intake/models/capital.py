"""What a request would buy, the yearly cycle that decides on capital, and what is due to be replaced."""

from datetime import date
from decimal import Decimal
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from pmo.accounts.models import Unit, User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import scope_of
from pmo.accounts.roles import Role
from pmo.common.folding import fold
from pmo.common.local.days import Day, FiscalYear
from pmo.common.models import AppendOnlyQuerySet, Versioned
from pmo.common.page.addresses import address_of
from pmo.common.records.bounds import Count, Share, SmallCount
from pmo.common.records.fields import Line, Prose
from portfolio.intake.domain.capital import CostItem
from portfolio.intake.domain.kinds import ItemNature, Support
from portfolio.intake.domain.replacement import Worn
from portfolio.intake.models.requests import ProjectRequest, below
from projects.domain.kinds import BudgetKind
from projects.models.money import money_field

ONLY = 1  # the only row of a table of one
DATES = ("call_on", "lists_due_on", "cases_due_on", "committees_on", "board_on", "letters_on")
YEAR = Decimal("365.25")  # days
WORDS_1_TO_5 = {1: "1 as new", 2: "2 good", 3: "3 worn", 4: "4 poor", 5: "5 very poor"}
WORDS_OF_SAFETY = {1: "1 no risk", 2: "2 minor", 3: "3 some", 4: "4 high", 5: "5 very high"}
NOT_NEGATIVE = "An amount cannot be negative."
PAID = "The contingency paid for this request already."


class IntakeRules(Versioned):
    """The thresholds of intake, in one row; until it is saved, the defaults hold."""

    answer_days = SmallCount(default=10, least=1, most=90)  # working days
    similarity_percent = SmallCount(default=35, least=1, most=100)
    declined_months = SmallCount(default=24, least=0, most=120)
    ground_days = SmallCount(default=90, least=0, most=1_000)
    capital_threshold = money_field(default=Decimal(5_000), negative=NOT_NEGATIVE)
    small_below = money_field(default=Decimal(50_000), negative=NOT_NEGATIVE)
    medium_below = money_field(default=Decimal(500_000), negative=NOT_NEGATIVE)
    large_below = money_field(default=Decimal(5_000_000), negative=NOT_NEGATIVE)
    service_percent = SmallCount(default=30, least=1, most=100)
    signs_needed = SmallCount(default=2, least=1, most=4)

    class Meta:
        verbose_name_plural = "intake rules"
        constraints = [
            models.CheckConstraint(condition=Q(pk=ONLY), name="intakerules_only_one"),
            models.CheckConstraint(
                condition=Q(small_below__lt=models.F("medium_below"))
                & Q(medium_below__lt=models.F("large_below")),
                name="intakerules_sizes_in_order",
                violation_error_message="The limits of the sizes go up from S to L.",
            ),
        ]

    def __str__(self) -> str:
        return "rules of intake"

    @property
    def similarity(self) -> float:
        return float(self.similarity_percent) / 100

    @property
    def service_share(self) -> Decimal:
        return Decimal(self.service_percent) / 100


class RequestItemQuerySet(models.QuerySet["RequestItem"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(request__in=ProjectRequest.objects.visible_to(user).values("pk"))


class RequestItem(Versioned):
    """Something that a request would buy; `bought_with` names the set that counts together."""

    request = models.ForeignKey(ProjectRequest, models.CASCADE, related_name="items")
    name = Line(max_length=120)
    nature = models.CharField(
        max_length=12, choices=ItemNature.choices(), default=ItemNature.EQUIPMENT.value
    )
    quantity = Count(default=1, least=1, most=1_000_000)
    unit_cost = money_field(negative=NOT_NEGATIVE)
    life = Share(
        max_digits=4,
        decimal_places=1,
        default=Decimal(1),
        least=Decimal(0),
        most=Decimal(100),
        said="Give the years from 0 to 100.",
    )
    bought_with = Line(max_length=60, blank=True, default="")
    override = models.CharField(
        max_length=12, choices=BudgetKind.choices(), blank=True, default="", editable=False
    )
    override_reason = Prose(max_length=500)
    override_by = models.ForeignKey(
        User, models.PROTECT, null=True, editable=False, related_name="+"
    )

    scope_needs = ("request__unit",)
    objects = RequestItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="requestitem_name_not_blank"),
            models.CheckConstraint(
                condition=Q(override="", override_reason="")
                | (~Q(override="") & ~Q(override_reason="")),
                name="requestitem_override_says_why",
                violation_error_message="Say why finance decides otherwise.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)

    def get_absolute_url(self) -> str:
        return address_of("intake:item_edit", self.pk)

    def scoped_by(self) -> ProjectRequest:
        return self.request

    @property
    def amount(self) -> Decimal:
        return Decimal(self.quantity) * Decimal(self.unit_cost)

    @property
    def as_cost(self) -> CostItem:
        """The item as the rule reads it; sets are told apart as names are searched."""
        return CostItem(
            key=self.pk,
            nature=ItemNature(self.nature),
            amount=self.amount,
            life=self.life,
            bought_with=fold(self.bought_with.strip()),
            override=BudgetKind(self.override) if self.override else None,
        )


class CapitalCycle(Versioned):
    """One year's round of capital: six dates, the envelope, and what is kept for emergencies."""

    year = FiscalYear(unique=True, error_messages={"unique": "This year has a cycle already."})
    call_on = Day()
    lists_due_on = Day()
    cases_due_on = Day()
    committees_on = Day()
    board_on = Day()
    letters_on = Day()
    envelope = money_field(negative=NOT_NEGATIVE)
    contingency = money_field(negative=NOT_NEGATIVE)
    note = Prose(max_length=500)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(call_on__lte=models.F("lists_due_on"))
                & Q(lists_due_on__lte=models.F("cases_due_on"))
                & Q(cases_due_on__lte=models.F("committees_on"))
                & Q(committees_on__lte=models.F("board_on"))
                & Q(board_on__lte=models.F("letters_on")),
                name="capitalcycle_dates_in_order",
                violation_error_message="The six dates follow each other, from the call to the letters.",
            ),
            models.CheckConstraint(
                condition=Q(contingency__lte=models.F("envelope")),
                name="capitalcycle_contingency_inside",
                violation_error_message="The contingency is part of the envelope, so it cannot be larger.",
            ),
        ]

    def __str__(self) -> str:
        return f"Capital cycle {self.year}"

    def get_absolute_url(self) -> str:
        return address_of("intake:cycle_detail", self.pk)


class ContingencyDraw(models.Model):
    """Money taken from a cycle's contingency; never changed."""

    cycle = models.ForeignKey(CapitalCycle, models.PROTECT, related_name="draws")
    amount = money_field(negative=NOT_NEGATIVE)
    reason = Prose(max_length=500)
    # an emergency that it pays for; its title is shown to whoever may see it
    request = models.ForeignKey(
        ProjectRequest, models.PROTECT, null=True, blank=True, related_name="draws"
    )
    drawn_on = models.DateField(editable=False)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = AppendOnlyQuerySet["ContingencyDraw"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="contingencydraw_takes",
                violation_error_message="Draw an amount above zero.",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="contingencydraw_says_why"),
            models.UniqueConstraint(
                fields=["request"],
                name="contingencydraw_once_for_a_request",
                violation_error_message=PAID,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} of {self.cycle}"


class ReplacementQuerySet(models.QuerySet["ReplacementItem"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        if isinstance(user, AnonymousUser) or not user.is_active:
            return self.none()
        return self.filter(below(scope_of(user, Permission.REQUEST_VIEW)))


class ReplacementItem(Versioned):
    """A thing in use that will have to be replaced some day."""

    name = Line(max_length=120)
    asset = Line(max_length=60, blank=True, default="")  # its number in the register of assets
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="replacement_items")
    in_use_since = Day()
    life = Share(
        max_digits=4,
        decimal_places=1,
        least=Decimal("0.5"),
        most=Decimal(100),
        said="Give the years from 0.5 to 100.",
    )
    condition = models.PositiveSmallIntegerField(choices=list(WORDS_1_TO_5.items()))
    support = models.CharField(
        max_length=10, choices=Support.choices(), default=Support.SUPPORTED.value
    )
    safety = models.PositiveSmallIntegerField(choices=list(WORDS_OF_SAFETY.items()))
    service_cost = money_field(negative=NOT_NEGATIVE)
    new_cost = money_field(negative=NOT_NEGATIVE)
    is_outdated = models.BooleanField(default=False)  # the standard of care moved on
    is_failing = models.BooleanField(default=False)  # fails more often than its fleet
    request = models.ForeignKey(
        ProjectRequest, models.SET_NULL, null=True, blank=True, related_name="replacements"
    )
    is_active = models.BooleanField(default=True)

    scope_needs = ("unit",)
    searched = ("name", "asset")
    objects = ReplacementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="replacementitem_name_not_blank"),
            models.CheckConstraint(
                condition=Q(condition__range=(1, 5), safety__range=(1, 5)),
                name="replacementitem_in_range",
            ),
            models.CheckConstraint(
                condition=Q(new_cost__gt=0, life__gt=0),
                name="replacementitem_can_be_divided_by",
                violation_error_message="Give what a new one costs, and how long it lasts, above zero.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)

    def get_absolute_url(self) -> str:
        return address_of("intake:replacement_edit", self.pk)

    def scoped_by(self) -> "ReplacementItem":
        return self

    @property
    def unit_path(self) -> str:
        return self.unit.path

    @property
    def is_hidden(self) -> bool:
        return False

    def roles_of(self, _user: User) -> set[Role]:
        return set()

    def as_worn(self, today: date) -> Worn:
        """Return the thing as the score reads it; age counts in days of a mean year."""
        return Worn(
            condition=self.condition,
            support=Support(self.support),
            safety=self.safety,
            service_cost=self.service_cost,
            new_cost=self.new_cost,
            age=Decimal(max((today - self.in_use_since).days, 0)) / YEAR,
            life=self.life,
            is_outdated=self.is_outdated,
            is_failing=self.is_failing,
        )
