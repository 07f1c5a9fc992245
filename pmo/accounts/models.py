"""People, the units they work in, and the roles they hold there."""

from collections.abc import Iterable
from typing import Any, ClassVar, NamedTuple, Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.urls import reverse
from django.utils.functional import cached_property

from pmo.accounts.roles import ORGANIZATION_ROLES, Role
from pmo.common.fields import Line
from pmo.common.models import Versioned


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
    headcount = models.PositiveIntegerField(null=True, blank=True)

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
        return [(one.name.lower(), one.pk) for one in above]

    return sorted(known.values(), key=place)


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        """Find by e-mail whatever its capitals."""
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Add an administrator, for Django's own command; raises ValidationError."""
        from pmo.accounts.services import create_administrator  # noqa: PLC0415 - they write these

        return create_administrator(by=None, email=email, password=password, **fields)

    def administrators(self) -> models.QuerySet["User"]:
        """Return who can sign in and administer."""
        return self.filter(
            is_active=True, email__isnull=False, memberships__role=Role.ADMINISTRATOR
        ).distinct()


class Held(NamedTuple):
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
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        return str(self.name)

    def get_absolute_url(self) -> str:
        return reverse("accounts:person_edit", args=[self.pk])

    @cached_property
    def held(self) -> list[Held]:
        """The organization roles, read once per request, so that a revoked role is gone at the next."""
        rows = self.memberships.values_list("role", "unit__path")
        return [Held(Role(role), path or "") for role, path in rows]


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
