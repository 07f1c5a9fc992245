"""People, units and roles over the API."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from pmo.accounts import serializers, services
from pmo.accounts.lists import ListKind
from pmo.accounts.models import Membership, Unit, User
from pmo.accounts.permissions import Permission
from pmo.accounts.resources import ReadingResource, Writing
from pmo.accounts.roles import Role


def outcomes(found: list[services.Outcome]) -> Response:
    rows = [
        {"user": one.person.pk, "is_done": one.is_done, "sentence": one.sentence} for one in found
    ]
    return Response(serializers.OutcomeOutput(rows, many=True).data)


class PersonResource(ReadingResource):
    """People with the roles they hold. One who has no address can be named and cannot sign in."""

    required_permission = read_permission = Permission.ACCOUNT_LIST
    write_permission: ClassVar[Permission] = Permission.ACCOUNT_CHANGE
    queryset = User.objects.prefetch_related("memberships")
    serializer_class = serializers.PersonOutput
    filterset_fields = ("is_active", "email")
    ordering_fields = ("name", "email")

    @extend_schema(
        request=serializers.PeopleRows, responses={200: serializers.RowOutput(many=True)}
    )
    @action(detail=False, methods=["post"], pagination_class=None, filter_backends=[])
    def bulk(self, request: Request) -> Response:
        """Add and change many people, as a list in a file does; each row is answered by itself."""
        self.demand(self.write_permission)
        return _bulk(ListKind.PEOPLE, serializers.PeopleRows(data=request.data), self.caller)

    @extend_schema(
        request=serializers.UsersInput, responses={200: serializers.OutcomeOutput(many=True)}
    )
    @action(detail=False, methods=["post"], pagination_class=None, filter_backends=[])
    def invite(self, request: Request) -> Response:
        """Mail people a link to choose a password; each is answered by itself."""
        self.demand(self.write_permission)
        serializer = serializers.UsersInput(data=request.data)
        serializer.is_valid(raise_exception=True)
        people = list(User.objects.filter(pk__in=serializer.validated_data["users"]))
        return outcomes(services.invite_all(people=people, by=self.caller))


def _bulk(kind: ListKind, serializer: Any, by: User) -> Response:
    serializer.is_valid(raise_exception=True)
    said = serializer.validated_data
    results = services.add_rows(kind=kind, rows=said["rows"], by=by, is_dry_run=said["is_dry_run"])
    return Response(serializers.RowOutput(results, many=True).data)


class MembershipResource(ReadingResource, mixins.DestroyModelMixin):
    """Who holds which role where. Deleting one takes the role away at once."""

    required_permission = read_permission = Permission.ACCOUNT_LIST
    write_permission: ClassVar[Permission] = Permission.ACCOUNT_CHANGE
    queryset = Membership.objects.all()
    related = ("user",)
    serializer_class = serializers.MembershipOutput
    filterset_fields = ("user", "role", "unit")
    ordering_fields = ("role",)
    http_method_names = ["get", "head", "options", "post", "delete"]

    @extend_schema(
        request=serializers.MembershipInput, responses={201: serializers.MembershipOutput}
    )
    def create(self, request: Request) -> Response:
        self.demand(self.write_permission)
        serializer = serializers.MembershipInput(data=request.data)
        serializer.is_valid(raise_exception=True)
        said = serializer.validated_data
        record = services.grant_role(
            user=said["user"], role=Role(said["role"]), unit=said["unit"], by=self.caller
        )
        return Response(self.get_serializer(record).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        request=serializers.RolesInput, responses={200: serializers.OutcomeOutput(many=True)}
    )
    @action(detail=False, methods=["post"], pagination_class=None, filter_backends=[])
    def bulk(self, request: Request) -> Response:
        """Add one role in one place to several people, or remove it; each is answered by itself."""
        self.demand(self.write_permission)
        serializer = serializers.RolesInput(data=request.data)
        serializer.is_valid(raise_exception=True)
        said = serializer.validated_data
        return outcomes(
            services.change_roles(
                people=list(User.objects.filter(pk__in=said["users"])),
                role=Role(said["role"]),
                unit=said["unit"],
                adds=said["adds"],
                by=self.caller,
            )
        )

    def perform_destroy(self, instance: Membership) -> None:
        services.revoke_role(membership=instance, by=self.caller)


class UnitResource(Writing):
    """Facilities, departments and wards."""

    required_permission = read_permission = Permission.ACCOUNT_LIST
    write_permission = Permission.UNIT_CHANGE
    queryset = Unit.objects.all()
    serializer_class = serializers.UnitOutput
    input_class = serializers.UnitInput
    filterset_fields = ("kind", "parent", "name")
    ordering_fields = ("name", "path")

    def add(self, values: dict[str, Any]) -> Unit:
        return services.create_unit(by=self.caller, **values)

    def change(self, record: Unit, version: int, values: dict[str, Any]) -> Unit:
        return services.change_unit(unit=record, version=version, by=self.caller, **values)

    @extend_schema(request=serializers.UnitRows, responses={200: serializers.RowOutput(many=True)})
    @action(detail=False, methods=["post"], pagination_class=None, filter_backends=[])
    def bulk(self, request: Request) -> Response:
        """Add and change many units, as a list in a file does; each row is answered by itself."""
        self.demand(self.write_permission)
        return _bulk(ListKind.UNITS, serializers.UnitRows(data=request.data), self.caller)
