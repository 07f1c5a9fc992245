"""Read a Dockerfile into its instructions."""

import json
import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction: its keyword in capitals and the rest with continued lines joined."""

    keyword: str
    rest: str

    def words(self) -> list[str]:
        """Return the parts of an exec form such as CMD ["a", "b"]."""
        form: list[str] = json.loads(self.rest[self.rest.index("[") :])
        return form


def read(path: Path) -> list[Instruction]:
    """Return the instructions in order, without comments and empty lines."""
    lines = [
        line
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip() and not line.lstrip().startswith("#")
    ]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [Instruction(*line.split(maxsplit=1)) for line in joined.splitlines()]
