"""People, the units they work in, and the roles they hold there."""

from collections.abc import Callable, Iterable
from typing import Any, ClassVar, NamedTuple, Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.functional import cached_property

from pmo.accounts.roles import ORGANIZATION_ROLES, Role
from pmo.common.folding import by_name
from pmo.common.models import Job, Versioned
from pmo.common.page.addresses import address_of
from pmo.common.records.bounds import Count
from pmo.common.records.fields import Line

MOST_STAFF = 10_000_000


class UnitKind(models.TextChoices):
    FACILITY = "facility", "Facility"
    DEPARTMENT = "department", "Department"
    WARD = "ward", "Ward"


class Unit(Versioned):
    """A place in the organization; `path` lists the ids from the top, so a subtree is a prefix."""

    name = Line(max_length=120)
    kind = models.CharField(max_length=12, choices=UnitKind, default=UnitKind.DEPARTMENT)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    path = models.CharField(max_length=200, editable=False, db_index=True, blank=True, default="")
    headcount = Count(null=True, blank=True, least=0, most=MOST_STAFF)

    searched = ("name",)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "name"],
                name="unit_name_once_per_parent",
                violation_error_message="There is already a unit of this name here.",
            ),
            models.UniqueConstraint(
                fields=["name"],
                condition=models.Q(parent=None),
                name="unit_name_once_at_top",
                violation_error_message="There is already a unit of this name here.",
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="unit_name_not_blank"),
        ]

    def __str__(self) -> str:
        return str(self.name)

    @property
    def depth(self) -> int:
        return max(self.path.count("/") - 2, 0)


def in_tree_order(units: Iterable[Unit]) -> list[Unit]:
    """
    Return units by name, each followed by those below it as far as they are among `units`.

    Not by `path`: that is text made of ids, in which 10 comes before 9.
    """
    known = {str(unit.pk): unit for unit in units}

    def place(unit: Unit) -> list[tuple[str, int]]:
        above = [known[key] for key in unit.path.split("/") if key in known]
        return [by_name(one.name, one.pk) for one in above]

    return sorted(known.values(), key=place)


class UserManager(BaseUserManager["User"]):
    # the service that does it, put here once all is loaded: models know no service
    makes_administrators: ClassVar[list[Callable[..., "User"]]] = []

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find by e-mail whatever its capitals; nobody is found by having none."""
        if not username:
            raise self.model.DoesNotExist
        return self.get(email__iexact=username)

    def create_user(self, email: str | None, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.lower() if email else None, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Add an administrator, for Django's own command; raises ValidationError."""
        return self.makes_administrators[0](by=None, email=email, password=password, **fields)

    def administrators(self) -> models.QuerySet["User"]:
        """Return who can sign in and administer."""
        return self.filter(
            is_active=True, email__isnull=False, memberships__role=Role.ADMINISTRATOR
        ).distinct()


MARK = " (deactivated)"


def marked(name: str) -> str:
    """Mark the name of somebody who was deactivated."""
    return f"{name}{MARK}"


class HeldRole(NamedTuple):
    """One role as held: everywhere when `path` is empty, else in the units below `path`."""

    role: Role
    path: str


class User(AbstractBaseUser):
    # None: a person who is named on projects and cannot sign in until somebody adds an address
    email = models.EmailField(
        unique=True,
        null=True,
        blank=True,
        error_messages={"unique": "Somebody already signs in with this address."},
    )
    name = Line(max_length=120)
    title = Line(max_length=120, blank=True, default="")
    # where the person works: tells namesakes apart, and grants nothing
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="staff")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    invited_at = models.DateTimeField(null=True, editable=False)
    invited_by = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="+"
    )
    # the last mail that invited; None where the link was handed over
    invitation = models.ForeignKey(
        Job, models.SET_NULL, null=True, editable=False, related_name="+"
    )

    searched = ("name", "email")
    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        """Name the person, with a mark on who is not here any more, wherever a name is shown."""
        return str(self.name) if self.is_active else marked(str(self.name))

    @property
    def awaits_first_sign_in(self) -> bool:
        """Say whether an invitation would help: there is an address, and nobody came in by it yet."""
        return bool(self.is_active and self.email and self.last_login is None)

    def get_absolute_url(self) -> str:
        return address_of("accounts:person_edit", self.pk)

    @cached_property
    def held(self) -> list[HeldRole]:
        """The organization roles, read once per request, so that a revoked role is gone at the next."""
        rows = self.memberships.values_list("role", "unit__path")
        return [HeldRole(Role(role), path or "") for role, path in rows]


class MembershipQuerySet(models.QuerySet["Membership"]):
    def for_list(self) -> Self:
        return self.select_related("user", "unit").order_by("role", "pk")


class Membership(models.Model):
    """A person's role, in one unit and everything below it, or (unit None) in all of them."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=[(r.value, r.label) for r in ORGANIZATION_ROLES])
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="memberships"
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "role", "unit"], name="membership_once"),
            models.UniqueConstraint(
                fields=["user", "role"],
                condition=models.Q(unit=None),
                name="membership_once_everywhere",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=[r.value for r in ORGANIZATION_ROLES]),
                name="membership_role_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {Role(self.role).label}"


class FileState(models.TextChoices):
    CHECKED = "checked", "Checked, not written"
    WRITING = "writing", "Being written"
    WRITTEN = "written", "Written"
    DISCARDED = "discarded", "Discarded"
    FORGOTTEN = "forgotten", "Forgotten, nobody wrote it"


class PeopleFile(models.Model):
    """
    A list of people or units on its way in.

    `rows` are its known columns, without what must not be kept; the file itself never is. They are
    emptied once it is discarded or forgotten; of a written one the refused rows stay until then.
    """

    kind = models.CharField(max_length=6, choices=[("people", "People"), ("units", "Units")])
    file_name = Line(max_length=200)
    digest = models.CharField(max_length=64)  # SHA-256 of the file
    state = models.CharField(max_length=10, choices=FileState, default=FileState.CHECKED)
    rows = models.JSONField(default=list)  # in the order in which they are written
    unread = models.JSONField(default=list)  # headers of no known column
    answers = models.JSONField(default=dict)  # line -> who is meant
    report = models.JSONField(default=list)  # of each row, in the same order
    counts = models.JSONField(default=dict)  # effect -> rows
    position = models.PositiveIntegerField(default=0)  # rows that were written or passed over
    job = models.ForeignKey(Job, models.PROTECT, null=True, related_name="+")
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    written_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=list(FileState)), name="peoplefile_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["people", "units"]), name="peoplefile_kind_known"
            ),
        ]
        indexes = [models.Index(fields=["-created_at"], name="peoplefile_newest")]

    def __str__(self) -> str:
        return str(self.file_name)

    def get_absolute_url(self) -> str:
        return address_of("accounts:people_file", self.pk)

    @property
    def is_open(self) -> bool:
        """Say whether it may still be written or discarded."""
        return self.state == FileState.CHECKED


class UnsentWords(models.Model):
    """
    What a person typed into a form and did not save; read by nobody else, and nobody's record yet.

    `typed` are the values by field, without what identifies a patient, secrets and tokens.
    """

    person = models.ForeignKey(User, models.CASCADE, related_name="+")
    address = models.CharField(max_length=300)  # path of the page that shows the form
    form = models.CharField(max_length=300)  # path that the form is sent to
    typed = models.JSONField(default=dict)  # name -> list of texts
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "address", "form"], name="unsentwords_once_per_form"
            )
        ]
        indexes = [models.Index(fields=["at"], name="unsentwords_oldest")]

    def __str__(self) -> str:
        return str(self.address)
