"""What a hospital says of itself: one row of settings, its project categories, and the set-up link."""

from datetime import date, time

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from pmo.common.local.currency import Currency
from pmo.common.local.days import Day
from pmo.common.models import Versioned
from pmo.common.records.bounds import SmallCount
from pmo.common.records.fields import Line, no_control_characters, no_patient_data
from pmo.organization import axes, bands
from pmo.organization.validators import known_zone, rhythm_in_order, sane_window

# the only row of a table of one
ONLY = 1
LAST_WEEKDAY = 6  # Sunday; Monday is 0


class FirstDay(Day):
    """The day from which the window of dates opens: looked at beside the others, not by the window."""

    default_validators = []

    def takes(self, value: date) -> bool:
        return self.least <= value <= self.most


def _weekday(default: int) -> "models.PositiveSmallIntegerField[int, int]":
    return models.PositiveSmallIntegerField(
        default=default, validators=[MaxValueValidator(LAST_WEEKDAY)]
    )


class Organization(Versioned):
    """
    The settings that people change, in one row; until it is saved, the environment's values hold.

    Weekdays count from Monday, 0. `bands` and `axes` are empty where the defaults hold.
    """

    name = Line(max_length=120)
    # a sign or a code, as it is written beside amounts
    currency = models.CharField(max_length=8)
    currency_after = models.BooleanField(default=False)  # written behind the amount
    fiscal_year_start_month = models.PositiveSmallIntegerField(
        default=7, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    time_zone = models.CharField(max_length=64, default="UTC", validators=[known_zone])

    # the week's rhythm, in the organization's time zone
    due_weekday = _weekday(4)
    due_time = models.TimeField(default=time(17, 0))
    remind_time = models.TimeField(default=time(12, 0))  # on the day updates are due
    freeze_weekday = _weekday(6)  # the week is frozen as it stands at the end of this day
    compile_weekday = _weekday(0)  # the first such day after the freeze
    compile_time = models.TimeField(default=time(6, 0))

    # dates outside the window are asked about
    earliest_date = FirstDay(default=date(1990, 1, 1))
    years_ahead = models.PositiveSmallIntegerField(
        default=30, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )

    bands = models.JSONField(default=dict, blank=True)
    axes = models.JSONField(default=list, blank=True)

    checklist_hidden_at = models.DateTimeField(null=True, blank=True)

    # the letterhead of documents from before they kept their own: what was said when the row was made
    at_first = models.JSONField(default=dict, blank=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=ONLY), name="organization_only_one"),
            models.CheckConstraint(condition=~Q(name=""), name="organization_name_not_blank"),
            models.CheckConstraint(
                condition=Q(fiscal_year_start_month__range=(1, 12)),
                name="organization_month_in_year",
            ),
            models.CheckConstraint(
                condition=Q(due_weekday__lte=LAST_WEEKDAY)
                & Q(freeze_weekday__lte=LAST_WEEKDAY)
                & Q(compile_weekday__lte=LAST_WEEKDAY),
                name="organization_weekdays_known",
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)

    @property
    def money(self) -> Currency:
        """Return the currency as amounts are written in it."""
        return Currency(self.currency, after=self.currency_after)

    def clean(self) -> None:
        rhythm_in_order(self)
        sane_window(self.earliest_date)
        self._clean_colors()

    def _clean_colors(self) -> None:
        """Refuse bands and axes that no page could work with, whoever writes them."""
        faults: dict[str, list[str]] = {}
        try:
            faults["bands"] = list(bands.faults_of(bands.bands_of(self.bands)).values())
        except ValueError as error:
            faults["bands"] = [str(error)]
        try:
            named = axes.axes_of(self.axes)
            faults["axes"] = list(axes.faults_of(named).values())
            for one in named:
                no_patient_data(one.name)
                no_control_characters(one.name)
        except ValueError as error:
            faults["axes"] = [str(error)]
        except ValidationError as error:
            faults["axes"] = error.messages
        if any(faults.values()):
            raise ValidationError({name: said for name, said in faults.items() if said})


class Category(Versioned):
    """A kind of project, by which portfolios are filtered and compared; `code` never changes."""

    code = models.SlugField(max_length=20, unique=True)
    name = Line(max_length=80)
    position = SmallCount(default=0, least=0, most=1_000)
    is_active = models.BooleanField(default=True)  # offered for new projects

    class Meta:
        verbose_name_plural = "categories"
        constraints = [
            models.UniqueConstraint(fields=["name"], name="category_name_once"),
            models.CheckConstraint(condition=~Q(name=""), name="category_name_not_blank"),
        ]

    def __str__(self) -> str:
        return str(self.name)


class Setup(models.Model):
    """The link that makes the first administrator: one row, holding the hash of its token only."""

    token_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=ONLY), name="setup_only_one")]

    def __str__(self) -> str:
        return f"set-up link of {self.made_at}"
