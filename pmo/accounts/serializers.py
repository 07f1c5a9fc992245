from rest_framework import serializers

from pmo.accounts.models import Membership, Unit, User
from pmo.accounts.resources import Input


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
        fields = ("id", "name", "email", "title", "is_active", "memberships")
