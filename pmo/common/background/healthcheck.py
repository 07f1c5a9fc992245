"""Ask a web server for its health as the proxy in front of it would; also a script, for containers."""

import http.client
import os
import sys
from urllib.parse import urlsplit

HOST = "127.0.0.1"
PATH = "/health/"
TIMEOUT_SECONDS = 4.0


def is_healthy(port: int, *, base_url: str) -> bool:
    """Say whether the server answers 200 under the host name and scheme that it serves."""
    address = urlsplit(base_url)
    connection = http.client.HTTPConnection(HOST, port, timeout=TIMEOUT_SECONDS)
    headers = {"Host": address.netloc, "X-Forwarded-Proto": address.scheme}
    try:
        connection.request("GET", PATH, headers=headers)
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def main() -> int:
    """Check the port given, 8000 without one; the settings are not loaded, to cost nothing."""
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8000
    base_url = os.environ.get("BASE_URL", f"http://{HOST}:{port}")
    return 0 if is_healthy(port, base_url=base_url) else 1


if __name__ == "__main__":
    sys.exit(main())
