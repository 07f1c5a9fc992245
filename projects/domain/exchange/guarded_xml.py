"""XML from anybody: no entities, no document types, nothing fetched; bytes, elements and depth are bounded."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from projects.domain.exchange.planfile import PlanFileError

MEGABYTE = 1024 * 1024


class Element(Protocol):
    """What is used of an XML element."""

    tag: str
    text: str | None

    def __iter__(self) -> "Iterator[Element]": ...

    def clear(self) -> None: ...


@dataclass(frozen=True, slots=True)
class XmlLimits:
    """Upper bounds; the size in bytes."""

    size: int = 30 * MEGABYTE
    elements: int = 3_000_000
    depth: int = 24


DEFAULT = XmlLimits()


def local(tag: object) -> str:
    """Return an element's name without its namespace; "" for what has no name."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def ends(data: bytes, root: str, limits: XmlLimits = DEFAULT) -> Iterator[tuple[int, Element]]:
    """
    Yield each element when it is complete, with its depth (the root has 1).

    Raises PlanFileError for what is no XML, has another root, or is above a limit.
    """
    if len(data) > limits.size:
        raise PlanFileError(f"The file is larger than {limits.size // MEGABYTE} MB.")
    depth = elements = 0
    try:
        for event, element in iterparse(
            io.BytesIO(data), events=("start", "end"), forbid_dtd=True, forbid_external=True
        ):
            if event == "end":
                yield depth, element
                depth -= 1
                continue
            depth, elements = depth + 1, elements + 1
            if elements == 1 and local(element.tag) != root:
                raise PlanFileError(
                    f"The file's outermost element is not {root}: it is no Microsoft Project XML. "
                    "In Microsoft Project choose Save As and the type XML."
                )
            if depth > limits.depth:
                raise PlanFileError(f"The file is nested more than {limits.depth} levels deep.")
            if elements > limits.elements:
                raise PlanFileError(f"The file has more than {limits.elements:,} elements.")
    except DefusedXmlException as error:
        raise PlanFileError(
            "The file declares its own document type or entities; it was not opened."
        ) from error
    except ParseError as error:
        line = error.position[0]
        raise PlanFileError(
            f"The file is damaged or breaks off near line {line:,}. Save it again as XML."
        ) from error
    except (ValueError, LookupError, UnicodeError) as error:
        raise PlanFileError(
            "The file's encoding is not read here. Save it again as XML in UTF-8."
        ) from error
