"""What the list of lessons can be narrowed to; the address alone reproduces the list."""

from typing import Any

from django import forms

from pmo.common.records.search import as_read, found
from projects.models import InProjectQuerySet
from projects.project_templates.models import Lesson, LessonCategory, ProjectTemplate


class LessonFilter(forms.Form):
    """Search, category and template; anything unknown is ignored."""

    q = forms.CharField(
        label="Search",
        required=False,
        max_length=100,
        widget=forms.SearchInput(attrs={"placeholder": "Words of a lesson or a project"}),
    )
    category = forms.ChoiceField(
        required=False, choices=[("", "All categories"), *LessonCategory.choices]
    )
    template = forms.ModelChoiceField(
        ProjectTemplate.objects.none(), required=False, empty_label="All templates"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["template"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - narrows the type
        field.queryset = ProjectTemplate.objects.published().order_by(*as_read("name", "pk"))

    def chosen(self, lessons: InProjectQuerySet[Lesson]) -> InProjectQuerySet[Lesson]:
        self.is_valid()
        said = self.cleaned_data
        if words := said.get("q"):
            lessons = lessons.filter(found(Lesson, words))
        if category := said.get("category"):
            lessons = lessons.filter(category=category)
        if template := said.get("template"):
            lessons = lessons.filter(template=template)
        return lessons
