"""The project that all rows of a file belong to, said once beside the columns."""

from django import forms
from django.urls import reverse

from pmo.accounts.models import User
from pmo.common.records.search import same
from projects.models import Project


def project_field() -> forms.CharField:
    """Return a field that finds projects as somebody types."""
    address = reverse("reports:import_projects")
    widget = forms.TextInput(
        attrs={
            "list": "project-choices",
            "autocomplete": "off",
            "hx-get": address,
            "hx-trigger": "input changed delay:200ms",
            "hx-target": "#project-choices",
            "hx-sync": "this:replace",
        }
    )
    return forms.CharField(
        label="All rows belong to",
        required=False,
        max_length=200,
        widget=widget,
        help_text="Code or name of a project, for rows that name none themselves.",
    )


def project_said(text: str, by: User) -> Project:
    """Return the project of this code, or the only one of this name; raise ValidationError."""
    visible = Project.objects.visible_to(by)
    for column in ("code", "name"):
        found = list(visible.filter(same(text, column))[:2])
        if len(found) == 1:
            return found[0]
    raise forms.ValidationError(
        "No project has this code or name. Choose one from the list.", code="unknown"
    )
