"""People and units over the API."""

from typing import Any

from pmo.accounts import services
from pmo.accounts.models import Unit, User
from pmo.accounts.permissions import Permission
from pmo.accounts.resources import Reading, Writing
from pmo.accounts.serializers import PersonOutput, UnitInput, UnitOutput


class PersonResource(Reading):
    """People who may sign in, with the roles they hold. They are changed on the pages only."""

    required_permission = read_permission = Permission.ACCOUNT_LIST
    queryset = User.objects.prefetch_related("memberships")
    serializer_class = PersonOutput
    filterset_fields = ("is_active", "email")
    ordering_fields = ("name", "email")


class UnitResource(Writing):
    """Facilities, departments and wards."""

    required_permission = read_permission = Permission.ACCOUNT_LIST
    write_permission = Permission.UNIT_CHANGE
    queryset = Unit.objects.all()
    serializer_class = UnitOutput
    input_class = UnitInput
    filterset_fields = ("kind", "parent", "name")
    ordering_fields = ("name", "path")

    def add(self, values: dict[str, Any]) -> Unit:
        return services.create_unit(by=self.caller, **values)

    def change(self, record: Unit, version: int, values: dict[str, Any]) -> Unit:
        return services.change_unit(unit=record, version=version, by=self.caller, **values)
