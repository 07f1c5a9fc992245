from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request


class Pages(PageNumberPagination):
    page_size_query_param = "page_size"
    max_page_size = 200
    invalid_page_message = "There is no page {page_number} in this list: pages count from 1, and `next` names the next."

    def get_page_size(self, request: Request) -> Any:
        said = request.query_params.get(self.page_size_query_param, "")
        wanted = int(said) if said.isdecimal() and len(said) < 10 else 0  # noqa: PLR2004 - a number
        if said and not 1 <= wanted <= self.max_page_size:
            sentence = f"Give a whole number from 1 to {self.max_page_size}."
            raise ValidationError({self.page_size_query_param: [sentence]})
        return wanted or self.page_size
