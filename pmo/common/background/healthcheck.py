"""Ask a web server for its health as the proxy in front of it would; also a script, for containers."""

import http.client
import json
import os
import sys
from typing import Any, NamedTuple
from urllib.parse import urlsplit

HOST = "127.0.0.1"
LIVE = "/health/live/"
READY = "/health/ready/"
TIMEOUT_SECONDS = 4.0


class HealthAnswer(NamedTuple):
    """What the server said; `body` is empty where that was no JSON object."""

    status: int
    body: dict[str, Any]


def ask(port: int, path: str, *, base_url: str) -> HealthAnswer | None:
    """Return the answer under the host name and scheme that it serves; None when there is none."""
    address = urlsplit(base_url)
    connection = http.client.HTTPConnection(HOST, port, timeout=TIMEOUT_SECONDS)
    headers = {"Host": address.netloc, "X-Forwarded-Proto": address.scheme}
    try:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        said = json.loads(response.read() or b"{}")
    except ValueError:
        return HealthAnswer(response.status, {})
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
    return HealthAnswer(response.status, said if isinstance(said, dict) else {})


def is_live(port: int, *, base_url: str) -> bool:
    """Say whether the server answers at all; what stands against its readiness is no matter here."""
    answer = ask(port, LIVE, base_url=base_url)
    return answer is not None and answer.status == http.HTTPStatus.OK


def main() -> int:
    """Check the port given, 8000 without one; the settings are not loaded, to cost nothing."""
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8000
    base_url = os.environ.get("BASE_URL", f"http://{HOST}:{port}")
    return 0 if is_live(port, base_url=base_url) else 1


if __name__ == "__main__":
    sys.exit(main())
