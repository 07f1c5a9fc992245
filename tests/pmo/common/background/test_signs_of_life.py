"""What the supervisor is told by the pages, over the wire."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from pmo.common.background.healthcheck import is_live
from pmo.common.background.watchdog import Signs
from pmo.common.management.commands.rounds import background_services, signs_of_life


@contextmanager
def pages(status, body):
    """Answer every request with this; yields the port and the addresses asked for."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append((self.path, self.headers["Host"]))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port, asked
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("status", [200, 503])
def test_signs_are_read_whether_ready_or_not(status):
    body = json.dumps({"seconds_since_tick": 12, "is_working": True}).encode()

    with pages(status, body) as (port, asked):
        found = signs_of_life(port, "http://rounds.example:8000")

    assert found == Signs(12, is_working=True)
    assert asked == [("/health/ready/", "rounds.example:8000")]


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"ready": false}'])
def test_an_answer_of_another_kind_says_nothing(body):
    with pages(500, body) as (port, _asked):
        assert signs_of_life(port, "http://rounds.example") is None


def test_no_answer_says_nothing():
    assert signs_of_life(1, "http://rounds.example") is None
    assert not is_live(1, base_url="http://rounds.example")


@pytest.mark.parametrize(("status", "live"), [(200, True), (503, False)])
def test_a_process_is_live_when_it_answers_200(status, live):
    with pages(status, b'{"live": true}') as (port, asked):
        assert is_live(port, base_url="http://rounds.example") is live

    assert asked[0][0] == "/health/live/"


def test_two_workers_of_one_process_each_and_one_scheduler():
    services = background_services()

    assert [service.name for service in services] == ["worker-1", "worker-2", "scheduler"]
    for worker in services[:2]:
        command = " ".join(worker.command)
        assert "--pool solo" in command
        assert f"--hostname {worker.name}@" in command
        assert "--concurrency" not in command
