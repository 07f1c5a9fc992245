"""What a click on one line of a later version says."""

from django import forms


class LineForm(forms.Form):
    """Which line, as it was seen, and whether it is taken over; `over_own` replaces the project's own."""

    section = forms.CharField(max_length=20)
    key = forms.CharField(max_length=300)
    seal = forms.CharField(max_length=16)
    take = forms.BooleanField(required=False)
    over_own = forms.BooleanField(required=False)
