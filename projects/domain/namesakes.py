"""
Two groups of one name are two groups: what stands beside the name to tell them apart.

People, units, programs and funding sources are told apart by their ids; a page names them, and the
names may be the same. The first tag that differs among namesakes is added, and only to them.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import NamedTuple


class Named(NamedTuple):
    """A name with its tags, the most telling first; an empty one tells nothing."""

    name: str
    tags: Sequence[str] = ()


def told_apart(groups: Iterable[Named]) -> list[str]:
    """
    Return the names in their order, those that are shared with a tag.

    >>> told_apart([Named("Kim", ("ICU",)), Named("Lee", ("ICU",)), Named("Kim", ("Lab",))])
    ['Kim (ICU)', 'Lee', 'Kim (Lab)']
    """
    rows = list(groups)
    shared: dict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(rows):
        shared[one.name].append(place)
    names = [one.name for one in rows]
    for name, places in shared.items():
        if len(places) == 1:
            continue
        for tags in zip_longest(*(rows[place].tags for place in places), fillvalue=""):
            if len(set(tags)) == len(places):
                for place, tag in zip(places, tags, strict=True):
                    names[place] = f"{name} ({tag})" if tag else name
                break
    return names
