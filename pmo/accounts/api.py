"""The API asks the same policy as the pages do."""

from typing import TYPE_CHECKING, Any

from rest_framework.permissions import SAFE_METHODS, IsAuthenticated
from rest_framework.request import Request

from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can

if TYPE_CHECKING:  # the framework's views import this module by name while they load
    from rest_framework.views import APIView


class HasPermission(IsAuthenticated):
    """
    Ask for the view's `required_permission` to read, and its `write_permission` to write.

    A view without `write_permission` is read-only for everybody.
    """

    def has_permission(self, request: Request, view: "APIView") -> bool:
        if not super().has_permission(request, view):
            return False
        needed: Permission = view.required_permission  # type: ignore[attr-defined]  # the access test sees to it
        decision = can(request.user, needed)
        self.message = decision.reason
        return decision.allowed

    def has_object_permission(self, request: Request, view: "APIView", obj: Any) -> bool:
        needed: Permission | None = (
            view.read_permission  # type: ignore[attr-defined]  # see has_permission
            if request.method in SAFE_METHODS
            else getattr(view, "write_permission", None)
        )
        if needed is None:
            return False
        # people, units, programs, portfolios and objectives belong to no project
        target = obj.scoped_by() if hasattr(obj, "scoped_by") else None
        decision = can(request.user, needed, target)
        self.message = decision.reason
        return decision.allowed
