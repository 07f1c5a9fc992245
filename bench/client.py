"""A small HTTP client over one kept-alive connection, and the server it talks to."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60.0
GOOD = frozenset({200, 302})


class BenchError(Exception):
    """The benchmark cannot go on; the text says why."""


class Answer(NamedTuple):
    status: int
    milliseconds: float
    body: bytes
    headers: Mapping[str, str]


class Client:
    """One signed-in reader."""

    def __init__(self, port: int, session: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.cookies = {"sessionid": session}

    def get(self, path: str) -> Answer:
        return self._send("GET", path)

    def post(self, path: str, fields: Mapping[str, str]) -> Answer:
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-CSRFToken": self.cookies["csrftoken"],
            "Referer": f"http://127.0.0.1:{self.connection.port}/",
        }
        return self._send("POST", path, urlencode(fields), headers)

    def _send(
        self, method: str, path: str, body: str = "", headers: Mapping[str, str] | None = None
    ) -> Answer:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        began = time.perf_counter()
        self.connection.request(
            method, path, body=body or None, headers={"Cookie": cookies, **(headers or {})}
        )
        response = self.connection.getresponse()
        content = response.read()
        took = (time.perf_counter() - began) * 1000
        for name, value in response.getheaders():
            if name == "Set-Cookie" and value.startswith("csrftoken="):
                self.cookies["csrftoken"] = value.split(";")[0].partition("=")[2]
        if response.status not in GOOD:
            raise BenchError(f"{method} {path} answered {response.status}: {content[:300]!r}")
        return Answer(response.status, took, content, dict(response.getheaders()))


class Server:
    """gunicorn in production mode, with two workers, on a free port."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.port = _free_port()
        self.environment = {
            **os.environ,
            **environment,
            "BASE_URL": f"http://127.0.0.1:{self.port}",
            "DJANGO_SETTINGS_MODULE": "bench.settings",
        }

    def __enter__(self) -> Self:
        command = [str(Path(sys.executable).parent / "gunicorn"), "pmo.wsgi"]
        command += ["--bind", f"127.0.0.1:{self.port}", "--workers", "2", "--threads", "4"]
        command += ["--worker-class", "gthread", "--preload", "--no-control-socket"]
        command += ["--keep-alive", "30", "--log-level", "warning"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment)
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self.process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            time.sleep(0.1)
        self.__exit__(None, None, None)
        raise BenchError("The server did not start; what it wrote is above.")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)

    def memory(self) -> float:
        """Return the memory of the workers in MiB, shared pages counted by their part."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return sum(_proportional(int(pid)) for pid in children.read_text().split())


def _proportional(pid: int) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
