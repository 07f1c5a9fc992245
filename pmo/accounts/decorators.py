from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404

from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.page.addresses import page_before

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def requires(permission: Permission, model: type[Model] | None = None) -> Callable[[View], View]:
    """
    Let the view run only for a signed-in user who holds `permission`.

    With `model`, the view gets the record instead of its `pk`: 404 when the user may not see it,
    403 with the reason when they may see it but not do this. A record that belongs to a project
    answers through `scoped_by()`; `scope_needs` names what that reads, to be fetched along.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(_asked_page(request))
            scope: Any = None
            if model is not None:
                visible = model._default_manager.visible_to(request.user)  # type: ignore[attr-defined]  # every scoped model's queryset has it
                if needs := getattr(model, "scope_needs", ()):
                    visible = visible.select_related(*needs)
                target = get_object_or_404(visible, pk=kwargs.pop("pk"))
                args = (target, *args)
                scope = target.scoped_by()
            decision = can(request.user, permission, scope)
            if not decision.allowed:
                raise PermissionDenied(decision.reason)
            return view(request, *args, **kwargs)

        guarded.required_permission = permission  # type: ignore[attr-defined]  # read by the access test
        return guarded  # type: ignore[return-value]  # same call, the pk replaced by its record

    return decorate


def _asked_page(request: HttpRequest) -> str:
    """Return where a sign-in leads: what a form is sent to may be no page that can be opened."""
    is_form = request.method not in {"GET", "HEAD"}
    return (page_before(request) if is_form else "") or request.get_full_path()
