"""The form of a funding source."""

from typing import Any

from pmo.common.page.editing import RecordForm
from pmo.common.page.sentences import Sentences
from projects.forms.money import with_currency
from projects.models import FundingSource


class FundingSourceForm(RecordForm):
    class Meta:
        model = FundingSource
        fields = (
            "name",
            "code",
            "kind",
            "restriction",
            "amount",
            "available_from",
            "expires_on",
        )
        labels = {
            "code": "Code",
            "restriction": "May be spent only on",
            "available_from": "Available from",
            "expires_on": "Expires on",
        }
        help_texts = {
            "name": "As sentences name it, for example HRSA grant.",
            "code": "Short and unique, for example GR-HRSA.",
            "restriction": "Leave empty if it may be spent on anything.",
            "amount": "The whole of it. Leave empty if no amount is set.",
            "expires_on": "The last day on which it may be spent. Leave empty if it does not expire.",
        }
        widgets = {"restriction": Sentences(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        with_currency(self)
