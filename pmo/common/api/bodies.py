"""How the API reads a body, and writes one."""

from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from rest_framework.renderers import JSONRenderer


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


class AnyTextRenderer(JSONRenderer):
    """Writes half a character, which no encoding has, as JSON does: a refusal says again what was sent."""

    def render(self, *args: Any, **options: Any) -> Any:
        try:
            return super().render(*args, **options)
        except UnicodeEncodeError:
            return _Escaped().render(*args, **options)


class _Escaped(JSONRenderer):
    ensure_ascii = True
