"""How the API reads a body."""

from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class BoundedJSONParser(JSONParser):
    """Refuses a body that is nested deeper than Python reads, and says where one is no JSON."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError("The body is nested too deeply.") from error
        except ParseError as error:
            fault = str(error).removeprefix("JSON parse error - ")
            sentence = f'The body is no JSON such as {{"name": "Atrium"}}: {fault}.'
            raise ParseError(sentence) from error
