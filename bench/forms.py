"""Read a page's form as a browser would send it."""

from html.parser import HTMLParser


class _Fields(HTMLParser):
    """Collects the fields of the form that holds `wanted`."""

    def __init__(self, wanted: str) -> None:
        super().__init__()
        self.wanted = wanted
        self.forms: list[dict[str, str]] = []
        self.area = ""
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        name = found.get("name") or ""
        if tag == "form":
            self.forms.append({})
        if not self.forms:
            return
        if tag == "input" and name:
            self._input(name, found)
        elif tag == "textarea" and name:
            self.area = name
            self.forms[-1][name] = ""
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and ("selected" in found):
            self.forms[-1][self.select] = found.get("value") or ""

    def _input(self, name: str, found: dict[str, str | None]) -> None:
        kind = found.get("type") or "text"
        if kind in {"radio", "checkbox"} and "checked" not in found:
            return
        self.forms[-1][name] = found.get("value") or ("on" if kind == "checkbox" else "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.area = ""
        elif tag == "select":
            self.select = ""

    def handle_data(self, data: str) -> None:
        if self.area:
            self.forms[-1][self.area] += data


def fields_of(html: str, *, wanted: str = "overall_note") -> dict[str, str]:
    """Return what sending the form unchanged would send; raises KeyError without such a form."""
    parser = _Fields(wanted)
    parser.feed(html)
    for fields in parser.forms:
        if wanted in fields:
            fields[wanted] = fields[wanted].removeprefix("\n")
            return fields
    raise KeyError(wanted)


def in_own_words(fields: dict[str, str], text: str) -> dict[str, str]:
    """Return the fields of a status form with a new sentence everywhere: none of the data is in its way."""
    asked = {name for name in fields if name.endswith(("_note", "_reason"))}
    return fields | dict.fromkeys(asked, text)
