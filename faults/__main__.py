"""Kill workers at every phase of every kind of job, on both brokers, and print what became of it."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.databases import empty

ROOT = Path(__file__).resolve().parents[1]
SHORT_LEASE = "2"  # seconds; it changes how long a take-over takes, and nothing else
TRUE_LIMIT = 75.0  # seconds for a take-over with the lease of the product


class BrokerSide:
    """One broker with its database."""

    def __init__(self, name: str, folder: Path, **environment: str) -> None:
        self.name, self.folder = name, folder
        self.environment = {
            **{key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ},
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPATH": str(ROOT),
            "PYTHONWARNINGS": "ignore:You're running the worker",
            "DJANGO_SETTINGS_MODULE": "faults.settings",
            "SECRET_KEY": "kill-tests-only-" + "k" * 50,
            "VAR_DIR": str(folder),
            "EXAMPLE": "none",
            "FAULTS_FOLDER": str(folder),
            **environment,
        }

    def call(self, *arguments: str, **more: str) -> str:
        """Run a Python module on this side and return what it printed; raises where it failed."""
        done = subprocess.run(
            [sys.executable, "-m", *arguments],
            cwd=ROOT,
            env={**self.environment, **more},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return done.stdout

    def migrate(self) -> None:
        self.call("django", "migrate", "--verbosity", "0")

    def kill(self, courses: str) -> list[dict[str, Any]]:
        """Kill the workers of this side; return a line of the table for each course."""
        lease = {} if courses == "true-lease" else {"FAULTS_LEASE": SHORT_LEASE}
        said = self.call("faults.side", courses, **lease)
        # the last line: workers that are ended say so before
        lines: list[dict[str, Any]] = json.loads(said.splitlines()[-1])
        return lines


def table(name: str, lines: list[dict[str, Any]]) -> list[str]:
    """Return the lines as text, with a line of sums."""
    head = f"{'kind':<20}{'killed at':<36}{'kills':>6}{'hits':>6}{'lost':>6}{'doubled':>9}{'longest':>9}"
    found = [f"{name}", head]
    for one in lines:
        figures = "".join(f"{one[key]:>6}" for key in ("kills", "hits", "lost"))
        seconds = f"{one['longest']:.1f} s"
        row = f"{one['kind']:<20}{one['phases']:<36}{figures}{one['doubled']:>9}{seconds:>9}"
        found.append(f"{row}  {one['remark']}".rstrip())
    sums = "".join(f"{sum(one[key] for one in lines):>6}" for key in ("kills", "hits", "lost"))
    doubled = sum(one["doubled"] for one in lines)
    return [*found, f"{'together':<56}{sums}{doubled:>9}", ""]


def failures(lines: list[dict[str, Any]]) -> list[str]:
    """Say what must not be: a job lost or doubled, or a kill that did not hit it."""
    return [
        f"{one['kind']} ({one['phases']}): {one['lost']} lost, {one['doubled']} doubled,"
        f" {one['hits']} of {one['kills']} kills hit"
        for one in lines
        if one["lost"] or one["doubled"] or one["hits"] != one["kills"]
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--database", required=True, help="the PostgreSQL database to make and fill"
    )
    parser.add_argument("--redis", required=True, help="the Redis database to use")
    given = parser.parse_args()
    wrong = []
    with tempfile.TemporaryDirectory(prefix="rounds-faults-") as folder:
        for name in ("files", "redis"):
            (Path(folder) / name).mkdir()
        empty(given.database)
        services = {"DATABASE_URL": given.database, "REDIS_URL": given.redis}
        sides = (
            BrokerSide("Files as broker, SQLite", Path(folder) / "files"),
            BrokerSide("Redis, PostgreSQL", Path(folder) / "redis", **services),
        )
        for side in sides:
            side.migrate()
            lines = side.kill("full")
            print("\n".join(table(f"{side.name}: lease of {SHORT_LEASE} s for the test", lines)))
            true = side.kill("true-lease")
            print("\n".join(table(f"{side.name}: as it is", true)), flush=True)
            wrong += failures([*lines, *true])
            if true[0]["longest"] > TRUE_LIMIT:
                wrong.append(f"{side.name}: taken over after {true[0]['longest']:.0f} s")
    print("\n".join(wrong) or "Nothing was lost, nothing doubled, and every kill hit.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
