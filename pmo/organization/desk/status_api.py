"""Categories, bands and axes over the API."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from pmo.accounts.permissions import Permission
from pmo.accounts.resources import Input, ReadingResource, Strict, Writing
from pmo.organization import category_services as services
from pmo.organization.axes import AXES, AxisSetting, axes_of
from pmo.organization.bands import AMBER_GRADES, NAMES, PRESETS, RED_GRADES, bands_of, preset_of
from pmo.organization.current import forget, organization
from pmo.organization.models import ONLY, Category, Organization
from pmo.organization.status_services import change_status_rules


class CategoryOutput(serializers.ModelSerializer[Category]):
    class Meta:
        model = Category
        fields = ("id", "code", "name", "position", "is_active", "version")


class CategoryInput(Input):
    code = serializers.SlugField(
        max_length=20, required=False, help_text="Made of the name where it is left out."
    )

    class Meta:
        model = Category
        fields = ("code", "name", "version")


class CategoryChange(Input):
    position = serializers.IntegerField(
        min_value=0, max_value=services.MOST, help_text="The place in the list, from 0."
    )

    class Meta:
        model = Category
        fields = ("name", "position", "is_active", "version")


class CategoryResource(Writing):
    """Kinds of projects. None is deleted: `is_active` false retires one, projects that have it keep it."""

    required_permission = read_permission = Permission.HOME_OPEN
    write_permission = Permission.ORGANIZATION_CHANGE
    queryset = Category.objects.all()
    serializer_class = CategoryOutput
    input_class = CategoryInput
    filterset_fields = ("code", "is_active")
    ordering = ("position", "pk")
    ordering_fields = ("position", "name", "code")

    def add(self, values: dict[str, Any]) -> Category:
        return services.create_category(by=self.caller, **values)

    @extend_schema(request=CategoryChange, responses=CategoryOutput)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Rename, retire, bring back or move to a place."""
        record = self.get_object()
        self.demand(self.write_permission)
        serializer = CategoryChange(
            record, data=request.data, partial=True, context=self.get_serializer_context()
        )
        serializer.is_valid(raise_exception=True)
        values = dict(serializer.validated_data)
        version = values.pop("version")
        changed = services.change_category(
            category=record, version=version, by=self.caller, **values
        )
        return self.answer(changed)


class AxisFields(Strict):
    """One axis: its name here, and whether updates are asked for it."""

    key = serializers.ChoiceField(choices=[(key, name) for key, name in AXES.items()])
    name = serializers.CharField(max_length=100)
    in_use = serializers.BooleanField()


def _share() -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=4, decimal_places=1, required=False)


class StatusRulesOutput(serializers.Serializer[Organization]):
    """The bands in force, shares in percent, and all axes."""

    id = serializers.IntegerField()
    preset = serializers.ChoiceField(choices=[*PRESETS, "own"])
    schedule_green = serializers.DecimalField(max_digits=4, decimal_places=1)
    schedule_amber = serializers.DecimalField(max_digits=4, decimal_places=1)
    schedule_days = serializers.IntegerField()
    cost_green = serializers.DecimalField(max_digits=4, decimal_places=1)
    cost_amber = serializers.DecimalField(max_digits=4, decimal_places=1)
    risk_amber = serializers.ChoiceField(choices=AMBER_GRADES)
    risk_red = serializers.ChoiceField(choices=RED_GRADES)
    stale_days = serializers.IntegerField()
    axes = AxisFields(many=True)
    version = serializers.IntegerField(help_text="0 while nobody has saved settings.")

    def to_representation(self, instance: Organization) -> dict[str, Any]:
        bands = bands_of(instance.bands)
        values = {name: getattr(bands, name) for name in NAMES}
        values |= {
            "id": ONLY,
            "preset": preset_of(bands),
            "axes": [one._asdict() for one in axes_of(instance.axes)],
            "version": 0 if instance._state.adding else instance.version,
        }
        return super().to_representation(values)  # type: ignore[arg-type]  # a mapping does as well


class StatusRulesInput(Strict):
    """What changes; of `axes` those that are named. `version` is that of the rules that were read."""

    schedule_green, schedule_amber = _share(), _share()
    schedule_days = serializers.IntegerField(required=False)
    cost_green, cost_amber = _share(), _share()
    risk_amber = serializers.ChoiceField(choices=AMBER_GRADES, required=False)
    risk_red = serializers.ChoiceField(choices=RED_GRADES, required=False)
    stale_days = serializers.IntegerField(required=False)
    axes = AxisFields(many=True, required=False)
    version = serializers.IntegerField(min_value=0)


class StatusRulesResource(ReadingResource):
    """From where on a project is amber or red, and the axes of a status: one record, with id 1."""

    required_permission = read_permission = Permission.HOME_OPEN
    write_permission: ClassVar[Permission] = Permission.ORGANIZATION_CHANGE
    queryset = Organization.objects.none()
    serializer_class = StatusRulesOutput
    filterset_fields: tuple[str, ...] = ()
    http_method_names = ["get", "head", "options", "patch"]

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        del request, args, kwargs
        self.filter_queryset(self.get_queryset())  # refuses an order: there is one record
        page = self.paginate_queryset([organization()])
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        del request, args
        return Response(self.get_serializer(self._only(kwargs["pk"])).data)

    @extend_schema(request=StatusRulesInput, responses=StatusRulesOutput)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change bands or axes; the colors of all projects are worked out again in the background."""
        now = self._only(pk)
        self.demand(self.write_permission)
        serializer = StatusRulesInput(data=request.data)
        serializer.is_valid(raise_exception=True)
        said = dict(serializer.validated_data)
        version, axes = said.pop("version"), said.pop("axes", None)
        named = None
        if axes is not None:
            given = {one["key"]: AxisSetting(**one) for one in axes}
            named = [given.get(one.key, one) for one in axes_of(now.axes)]
        change_status_rules(by=self.caller, version=version, bands=said or None, axes=named)
        forget()
        return Response(self.get_serializer(organization()).data)

    def _only(self, pk: str) -> Organization:
        if pk != str(ONLY):
            raise NotFound
        return organization()
