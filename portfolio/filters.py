"""What a portfolio's projects can be searched by."""

from django import forms


class SearchForm(forms.Form):
    """A name or code to look for; anything unreadable counts as nothing typed."""

    q = forms.CharField(
        label="Project",
        required=False,
        max_length=100,
        widget=forms.SearchInput(attrs={"placeholder": "Name or code"}),
    )

    def words(self) -> str:
        self.is_valid()
        return str(self.cleaned_data.get("q", ""))
