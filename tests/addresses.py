"""Every address that can be opened with GET, each with a record that is there: what the walks of pages go through."""

import inspect
from functools import cache

from django.apps import apps
from django.db import models
from django.urls import NoReverseMatch, reverse

from projects.models import Project
from tests.test_access import VIEWS

# spaces of names that are called otherwise than their app
APPS = {"templates": "project_templates", "": "common"}
# beginnings of names that are not the name of the model whose number stands in the address
WORDS = {
    "accounts:person": "user",
    "accounts:role_grant": "user",
    "accounts:role": "membership",
    "audiences:text": "audiencetext",
    "communication:group": "stakeholdergroup",
    "governance:action": "meetingaction",
    "governance:item": "agendaitem",
    "governance:paper": "agendaitem",
    "governance:set_gate_new": "gateset",
    "intake:request": "projectrequest",
    "intake:item": "requestitem",
    "intake:item_new": "projectrequest",
    "intake:cycle": "capitalcycle",
    "intake:draw": "capitalcycle",
    "intake:replacement": "replacementitem",
    "projects:calendar": "workcalendar",
    "reports:submission": "requestversion",
    "reports:variance": "variancereport",
    "starts:start": "projecttemplate",
    "starts:item": "startitem",
    "templates:template": "projecttemplate",
    "templates:version": "projecttemplate",
}
MOST = 4  # records of one kind, where its pages differ by what became of it
SEVERAL = {"projectrequest", "startitem"}


def model_of(view):
    """Return the model whose record the view gets in place of its `pk`, below any other decorator."""
    while view is not None:
        if model := inspect.getclosurevars(view).nonlocals.get("model"):
            return model
        view = getattr(view, "__wrapped__", None)
    return None


@cache
def model_named(name):
    """Return the model that the name of a view begins with; its numbers need not begin with 1."""
    space, _, last = name.rpartition(":")
    known = [model for model in apps.get_models() if not model.__module__.startswith("django")]
    # its own app's before another's
    known.sort(key=lambda model: model._meta.app_label != APPS.get(space, space))
    fitting = [word for word in WORDS if name.startswith(word)]
    word = WORDS[max(fitting, key=len)] if fitting else last.replace("_", "")
    found = [model for model in known if word.startswith(model._meta.model_name)]
    return max(found, key=lambda model: len(model._meta.model_name)) if found else None


def rows_of(model, records):
    """Return the records of a kind for its pages: of the project that is looked at, or any."""
    rows = model._default_manager.order_by("pk")
    if model is Project:
        return rows.filter(pk=records["projects"].pk)
    if "project" in {field.name for field in model._meta.get_fields()}:
        own = rows.filter(project=records["projects"])
        return own if own.exists() else rows
    return rows


def addresses(records, unseen=None):
    """
    Yield the name and address of what can be opened with GET, with the records of the project.

    What no record is there for goes into `unseen`, where a set is given.
    """
    for name, entry in VIEWS:
        if name.startswith(("api:", "schema")) or name in {"logout", "setup"}:
            continue
        kinds = {key: type(c).__name__ for key, c in entry.pattern.converters.items()}
        values = {key: 1 if kind == "IntConverter" else "x" for key, kind in kinds.items()}
        pks = [{}]
        model = model_of(entry.callback) or model_named(name)
        if "pk" in kinds and isinstance(model, type) and issubclass(model, models.Model):
            most = MOST if model._meta.model_name in SEVERAL else 1
            pks = [{"pk": pk} for pk in rows_of(model, records).values_list("pk", flat=True)[:most]]
        if not pks and unseen is not None:
            unseen.add(name)
        for pk in pks:
            try:
                yield name, reverse(name, kwargs=values | pk)
            except NoReverseMatch:
                continue
