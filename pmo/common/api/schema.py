"""How the API describes itself: what goes in is not what comes out."""

from typing import Any

from drf_spectacular.openapi import AutoSchema

from pmo.common.api.once import PARAMETER

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


class RecordSchema(AutoSchema):
    """Takes a resource's `input_class` for bodies and its `serializer_class` for answers."""

    def get_request_serializer(self) -> Any:
        view: Any = self.view
        named = getattr(view, "input_class", None)
        if named is None or view.action not in {"create", "partial_update"}:
            return super().get_request_serializer()
        is_edit = view.action == "partial_update"
        context = {"request": None, "view": view, "is_edit": is_edit, "fixed": view.fixed}
        return named(partial=is_edit, context=context)

    def get_response_serializers(self) -> Any:
        view: Any = self.view
        if hasattr(view, "input_class") and view.action == "create":
            return {"201": view.serializer_class}
        return super().get_response_serializers()

    def get_override_parameters(self) -> list[Any]:
        """Add the key under which a call is done once."""
        named = list(super().get_override_parameters())
        return [*named, PARAMETER] if self.method in UNSAFE else named
