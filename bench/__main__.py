"""Run the whole benchmark, print it and write docs/performance.md."""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from bench.client import ROOT, BenchError, Client, Server
from bench.databases import empty, fingerprint, is_filled
from bench.forms import fields_of, in_own_words
from bench.pages import BY_NAME
from bench.ratios import Ratio, exponent, ratio_of, spread
from bench.report import Results, write

SIZES = (10, 1_000, 10_000)
LARGE, SMALL, TINY = 10_000, 1_000, 10
PAIRS, FEW_PAIRS, WARM = 16, 5, 3
CLIENTS, ASKED = 8, 25
SLOW = frozenset({"csv", "xlsx", "summary", "report", "report-file"})
SLOWEST = frozenset({"report-file"})
BARE = {"csv": "csv", "xlsx": "xlsx", "report-file": "report"}


class Side:
    """One database, its server, and what the capture noted."""

    def __init__(self, size: int, url: str, *, kind: str) -> None:
        self.size, self.url = size, url
        folder = ROOT / "var" / "bench" / f"{kind}-{size}"
        folder.mkdir(parents=True, exist_ok=True)
        self.mark = folder / "filled.txt"
        self.environment = {
            "DATABASE_URL": url,
            "VAR_DIR": str(folder),
            "STATIC_ROOT": str(ROOT / "var" / "bench" / "static"),
            "EXAMPLE": "none",
            "SECRET_KEY": "benchmark-only-" + "k" * 50,
            "DJANGO_SETTINGS_MODULE": "bench.settings",
            "PYTHONPATH": str(ROOT),
        }

    def call(self, *arguments: str) -> str:
        """Run a Python module in this side's environment and return what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", *arguments],
            cwd=ROOT,
            env={**os.environ, **self.environment},
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        if done.returncode:
            raise BenchError(f"{' '.join(arguments)} failed; what it wrote is above.")
        return done.stdout

    def prepare(self) -> None:
        if not is_filled(self.url, self.mark):
            print(f"Filling {self.size:,} projects", flush=True)
            empty(self.url)
            print(self.call("bench.filling", str(self.size)), end="", flush=True)
            self.mark.write_text(fingerprint(), encoding="utf-8")
        found = json.loads(self.call("bench.capture"))
        self.noted: dict[str, Any] = found["noted"]
        self.sessions: dict[str, str] = found["sessions"]
        self.projects: list[int] = found["projects"]

    def reader(self, server: Server, name: str) -> Client:
        return Client(server.port, self.sessions[name])

    def address(self, name: str) -> str:
        return str(self.noted[name]["path"])


def in_turn(ours: Callable[[], float], bare: Callable[[], float], pairs: int) -> Ratio:
    """Measure A B A B, after warming both."""
    for _ in range(WARM if pairs > FEW_PAIRS else 1):
        ours()
        bare()
    return ratio_of([(ours(), bare()) for _ in range(pairs)])


def against_bare(side: Side, server: Server, name: str, *, pairs: int = 0) -> Ratio:
    client = side.reader(server, BY_NAME[name].reader)
    bare = f"/yardstick/{BARE.get(name, 'page')}/{name}/"
    return in_turn(
        lambda: client.get(side.address(name)).milliseconds,
        lambda: client.get(bare).milliseconds,
        pairs or _pairs(name),
    )


def _pairs(name: str) -> int:
    if name in SLOWEST:
        return 2
    return FEW_PAIRS if name in SLOW else PAIRS


def publishing(side: Side, server: Server) -> Callable[[], float]:
    """Return a function that publishes one update and says how long the POST took."""
    client = side.reader(server, "lead")
    client.get(side.address("list"))
    turn = iter(range(2, 10_000))

    def publish() -> float:
        number = next(turn)
        project = side.projects[number % len(side.projects)]
        path = f"/projects/{project}/status/"
        fields = fields_of(client.get(path).body.decode())
        fields = in_own_words(fields, f"Written by the benchmark, number {number}.")
        fields.pop("draft", None)
        return client.post(path, fields).milliseconds

    return publish


def saving(side: Side, server: Server) -> Callable[[], float]:
    client = side.reader(server, "lead")
    client.get("/yardstick/page/list/")
    path = f"/yardstick/save/{side.projects[0]}/"
    return lambda: client.post(path, {}).milliseconds


def crowd(side: Side, server: Server, name: str) -> dict[str, float]:
    """Return the spread and the throughput of a page under eight clients at once."""

    def one(_number: int) -> list[float]:
        client = side.reader(server, BY_NAME[name].reader)
        return [client.get(side.address(name)).milliseconds for _ in range(ASKED)]

    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(one, range(2)))
        began = time.perf_counter()
        times = [taken for taken_by in pool.map(one, range(CLIENTS)) for taken in taken_by]
        seconds = time.perf_counter() - began
    return {"spread": spread(times), "per_second": len(times) / seconds}


def growth(small: Side, large: Side, servers: Mapping[int, Server], name: str) -> float:
    """Return the exponent of time over size from 1,000 to 10,000 projects."""
    reader = BY_NAME[name].reader
    sides = [(side, side.reader(servers[side.size], reader)) for side in (large, small)]
    large_get, small_get = (
        lambda side=side, client=client: client.get(side.address(name)).milliseconds
        for side, client in sides
    )
    return exponent(in_turn(large_get, small_get, _pairs(name)).middle)


def measure(url: str) -> Results:
    sides = {size: Side(size, _database(url, size), kind="pg") for size in SIZES}
    for side in sides.values():
        side.prepare()
    results = Results(noted={size: side.noted for size, side in sides.items()})
    large, small = sides[LARGE], sides[SMALL]
    with Server(large.environment) as big, Server(small.environment) as little:
        servers = {LARGE: big, SMALL: little}
        for name in BY_NAME:
            results.ratios[name] = against_bare(large, big, name)
            if name not in SLOWEST:
                results.growth[name] = growth(small, large, servers, name)
            found = results.ratios[name]
            print(f"  {name}: {found.middle:.2f}, {found.ours:.0f} ms", flush=True)
        results.publishing = in_turn(publishing(large, big), saving(large, big), PAIRS)
        results.growth["publish"] = exponent(
            in_turn(publishing(large, big), publishing(small, little), PAIRS).middle
        )
        results.crowds = {name: crowd(large, big, name) for name in ("list", "dashboard")}
    results.memory = _memory(large)
    # the plans first: the database tidies up for minutes after the jobs, on the same two cores
    results.jobs = json.loads(large.call("bench.plans")) | json.loads(large.call("bench.jobs"))
    return results


def _memory(side: Side) -> float:
    """Return the MiB of two workers that served every page and file, and no bare one."""
    with Server(side.environment) as server:
        for name, page in BY_NAME.items():
            for _ in range(2):
                side.reader(server, page.reader).get(side.address(name))
        return server.memory()


def _on_sqlite() -> dict[str, Ratio]:
    side = Side(LARGE, f"sqlite:///{ROOT / 'var' / 'bench' / 'bench.sqlite3'}", kind="sqlite")
    side.prepare()
    with Server(side.environment) as server:
        return {
            name: against_bare(side, server, name, pairs=FEW_PAIRS)
            for name in BY_NAME
            if name not in SLOWEST
        }


def measure_only(url: str, names: Sequence[str]) -> None:
    """Print what some pages take at the largest size, and write nothing."""
    side = Side(LARGE, _database(url, LARGE), kind="pg")
    side.prepare()
    with Server(side.environment) as server:
        for name in names:
            found, noted = against_bare(side, server, name), side.noted[name]
            print(
                f"  {name}: {noted['queries']} queries, {noted['bytes'] / 1024:.0f} KB,"
                f" {found.ours:.1f} ms / {found.bare:.1f} ms = {found.middle:.2f}",
                flush=True,
            )


def _database(url: str, size: int) -> str:
    """Return the address of the database of one size."""
    return f"{url}_{size}"


def collect_static() -> None:
    side = Side(TINY, "sqlite://:memory:", kind="static")
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **side.environment}, check=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--database", default="postgres://root@127.0.0.1:5432/rounds_bench")
    parser.add_argument("--no-sqlite", action="store_true", help="leave SQLite out")
    parser.add_argument("--page", type=Path, default=ROOT / "docs" / "performance.md")
    parser.add_argument(
        "--only", nargs="+", choices=BY_NAME, help="measure these pages and write nothing"
    )
    chosen = parser.parse_args()
    began = time.monotonic()
    collect_static()
    if chosen.only:
        measure_only(chosen.database, chosen.only)
        return
    results = measure(chosen.database)
    results.seconds = time.monotonic() - began
    print(write(results, chosen.page), flush=True)
    if not chosen.no_sqlite:
        results.sqlite = _on_sqlite()
        results.seconds = time.monotonic() - began
        write(results, chosen.page)


if __name__ == "__main__":
    main()
