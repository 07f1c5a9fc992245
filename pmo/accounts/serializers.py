from typing import Any

from rest_framework import serializers

from pmo.accounts.lists import RowEffect
from pmo.accounts.models import Membership, Unit, User
from pmo.accounts.resources import Input, Strict
from pmo.accounts.roles import ORGANIZATION_ROLES
from pmo.common.api.ids import RecordField

MOST_AT_ONCE = 500


class UnitOutput(serializers.ModelSerializer[Unit]):
    class Meta:
        model = Unit
        fields = ("id", "name", "kind", "parent", "headcount", "version")


class UnitInput(Input):
    class Meta:
        model = Unit
        fields = ("name", "kind", "parent", "headcount", "version")


class RoleOutput(serializers.ModelSerializer[Membership]):
    class Meta:
        model = Membership
        fields = ("role", "unit")


class PersonOutput(serializers.ModelSerializer[User]):
    memberships = RoleOutput(many=True, read_only=True)

    class Meta:
        model = User
        fields = (
            *("id", "name", "email", "title", "unit", "is_active"),
            *("invited_at", "last_login", "memberships"),
        )


class MembershipOutput(serializers.ModelSerializer[Membership]):
    class Meta:
        model = Membership
        fields = ("id", "user", "role", "unit")


class MembershipInput(Strict):
    """A role that a person gets in a unit and below, or without `unit` in the whole organization."""

    user = RecordField(queryset=User.objects.all())
    role = serializers.ChoiceField(choices=[(r.value, r.label) for r in ORGANIZATION_ROLES])
    unit = RecordField(queryset=Unit.objects.all(), allow_null=True, default=None)


class RolesInput(Strict):
    """One role in one place, for several people."""

    users = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1),
        allow_empty=False,
        max_length=MOST_AT_ONCE,
    )
    role = serializers.ChoiceField(choices=[(r.value, r.label) for r in ORGANIZATION_ROLES])
    unit = RecordField(queryset=Unit.objects.all(), allow_null=True, default=None)
    adds = serializers.BooleanField(help_text="false removes the role.")


class OutcomeOutput(serializers.Serializer[Any]):
    """What became of one person."""

    user = serializers.IntegerField()
    is_done = serializers.BooleanField()
    sentence = serializers.CharField()


class UsersInput(Strict):
    users = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1),
        allow_empty=False,
        max_length=MOST_AT_ONCE,
    )


class ListCell(serializers.CharField):
    """A cell of a list: text, read as the same column of a file is."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, allow_blank=True, max_length=1000, **kwargs)


class PersonRow(Strict):
    """One person, in the columns of a list; what is left out or empty stays as it is."""

    name = serializers.CharField(max_length=1000)
    email = ListCell()
    title = ListCell()
    unit = ListCell(help_text="A path such as North / Surgery, or a name that only one unit has.")
    role = ListCell(help_text="Roles by label or code, a semicolon between.")
    role_unit = ListCell(help_text="Where they hold: one unit for all, or one for each.")


class UnitRow(Strict):
    """One unit, in the columns of a list."""

    name = serializers.CharField(max_length=1000)
    kind = ListCell()
    parent = ListCell(  # type: ignore[assignment]  # a column's name; the framework collects fields apart
        help_text="A path, or a name that only one unit has."
    )
    headcount = ListCell()


class PeopleRows(Strict):
    rows = serializers.ListField(child=PersonRow(), allow_empty=False, max_length=MOST_AT_ONCE)
    is_dry_run = serializers.BooleanField(default=False)


class UnitRows(Strict):
    rows = serializers.ListField(child=UnitRow(), allow_empty=False, max_length=MOST_AT_ONCE)
    is_dry_run = serializers.BooleanField(default=False)


class RowOutput(serializers.Serializer[Any]):
    """What became of one row: `row` counts from 1, `id` is the record's, `changes` are what, old, new."""

    row = serializers.IntegerField(source="line")
    id = serializers.IntegerField(source="target", allow_null=True)
    effect = serializers.ChoiceField(choices=[effect.value for effect in RowEffect])
    changes = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))
    reason = serializers.CharField(help_text="Why it was refused, or what is asked; else empty.")
