"""
A template's file: YAML in, a document of plain values and the line of each; and the other way round.

Read by the composer of PyYAML alone: no tag makes an object, a name for another part (an alias) is
refused, and of two equal keys the second is a fault. Numbers, true and false, and texts are told apart as
YAML 1.1 does; days and times stay texts.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import yaml

Path = tuple[str | int, ...]
LARGEST = 1_000_000  # characters
MOST_NODES = 40_000
DEEPEST = 12
# what YAML does not take as it stands, or takes for the end of a line, inside quotes
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_HALF = re.compile("[\ud800-\udfff]")
_PLAIN = {f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "float", "bool", "null")}


class PackFault(NamedTuple):
    """What is wrong with a template, in a sentence; `line` is None where no line can be named."""

    sentence: str
    line: int | None = None


@dataclass(slots=True)
class FileRead:
    """What was read; without a document there are faults."""

    document: dict[str, Any] = field(default_factory=dict)
    lines: dict[Path, int] = field(default_factory=dict)
    faults: list[PackFault] = field(default_factory=list)


class _Reader:
    def __init__(self) -> None:
        self.found = FileRead()
        self.nodes = 0
        self.scalars = yaml.constructor.SafeConstructor()

    def value(self, node: yaml.Node, path: Path) -> Any:
        self.nodes += 1
        line = node.start_mark.line + 1
        if self.nodes > MOST_NODES or len(path) > DEEPEST:
            if self.nodes == MOST_NODES + 1 or len(path) > DEEPEST:
                self.fault("The file is larger or deeper than any template.", line)
            return None
        self.found.lines[path] = line
        if isinstance(node, yaml.MappingNode):
            return dict(self.pairs(node, path))
        if isinstance(node, yaml.SequenceNode):
            return [self.value(one, (*path, at)) for at, one in enumerate(node.value)]
        return self.plain(node, line)

    def pairs(self, node: yaml.MappingNode, path: Path) -> Iterator[tuple[str, Any]]:
        seen: set[str] = set()
        for key, value in node.value:
            line = key.start_mark.line + 1
            name = self.whole(key, line)[:60] if isinstance(key, yaml.ScalarNode) else "?"
            if name in seen:
                self.fault(f"“{name}” is said twice here.", line)
                continue
            seen.add(name)
            said = self.value(value, (*path, name))
            self.found.lines[(*path, name)] = line
            yield name, said

    def whole(self, node: yaml.Node, line: int) -> str:
        """Return the text as written; half a character, which no page could say again, is a fault."""
        if _HALF.search(node.value):
            self.fault("Half a character stands here. Type the text again.", line)
            node.value = _HALF.sub("\ufffd", node.value)
        return str(node.value)

    def plain(self, node: yaml.Node, line: int) -> Any:
        self.whole(node, line)
        if node.tag not in _PLAIN:
            return str(node.value)
        try:
            return self.scalars.construct_object(node)
        except (ValueError, yaml.YAMLError):
            self.fault(f"“{str(node.value)[:40]}” cannot be read.", line)
            return None

    def fault(self, sentence: str, line: int | None) -> None:
        self.found.faults.append(PackFault(sentence, line))


def read_file(text: str) -> FileRead:
    """Read a file into a document; what cannot be read at all is a fault with its line."""
    reader = _Reader()
    if len(text) > LARGEST:
        reader.fault(
            "The file is larger than a template can be: at most a million characters.", None
        )
        return reader.found
    try:
        _refuse_aliases(text, reader)
        node = None if reader.found.faults else yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        why = getattr(error, "problem", "") or "it is no YAML"
        reader.fault(
            f"The file cannot be read from here on: {why}.", mark.line + 1 if mark else None
        )
        return reader.found
    if reader.found.faults:
        return reader.found
    if not isinstance(node, yaml.MappingNode):
        reader.fault("The file holds no template: it begins with “schema:”.", 1)
        return reader.found
    reader.found.document = reader.value(node, ())
    return reader.found


def _refuse_aliases(text: str, reader: _Reader) -> None:
    for count, token in enumerate(yaml.scan(text, Loader=yaml.SafeLoader)):
        if count > MOST_NODES * 4:
            reader.fault("The file is larger or deeper than any template.", None)
            return
        if isinstance(token, yaml.AliasToken):
            line = token.start_mark.line + 1
            reader.fault("Names for other parts of a file (aliases) are not read.", line)
            return


def written(document: Mapping[str, Any]) -> str:
    """Write a document as a file that reads back as the same: a row of a table is a line."""
    lines: list[str] = []
    for name, value in document.items():
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            lines += [f"{name}:", *(f"  - {_flow(row)}" for row in value)]
        elif name == "budget":
            lines += [f"{name}:"]
            for inner, said in value.items():
                if isinstance(said, list):
                    lines += [f"  {inner}:", *(f"    - {_flow(row)}" for row in said)]
                else:
                    lines.append(f"  {inner}: {_flow(said)}")
        else:
            lines.append(f"{name}: {_flow(value)}")
    return "\n".join(lines) + "\n"


def _flow(value: Any) -> str:
    """Write a value on one line; JSON is YAML, with keys that need no quotes left bare."""
    if isinstance(value, Mapping):
        inside = ", ".join(f"{name}: {_flow(said)}" for name, said in value.items())
        return f"{{{inside}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    said = json.dumps(value, ensure_ascii=False)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", said)
