#!/usr/bin/env python3
"""Say whether PostgreSQL and Redis answer at the two URLs given; exit 1 with a sentence if not."""

import sys
from pathlib import Path

import dj_database_url
import psycopg2
import redis

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from starting.telling import told

CONNECT_SECONDS = 5


def refusals(database_url: str, redis_url: str) -> list[str]:
    """Return one sentence for each service that does not answer."""
    found = []
    database = dj_database_url.parse(database_url)
    try:
        psycopg2.connect(
            host=database["HOST"],
            port=database["PORT"] or None,
            user=database["USER"],
            password=database["PASSWORD"] or None,
            dbname="postgres",
            connect_timeout=CONNECT_SECONDS,
        ).close()
    except psycopg2.OperationalError as error:
        found.append(
            f"PostgreSQL does not answer at {database['HOST']}:{database['PORT']}: {error}"
        )
    try:
        redis.Redis.from_url(redis_url, socket_connect_timeout=CONNECT_SECONDS).ping()
    except redis.RedisError as error:
        found.append(f"Redis does not answer: {error}")
    return [sentence.strip() for sentence in found]


def main() -> int:
    """Print the refusals."""
    with told():
        sentences = refusals(sys.argv[1], sys.argv[2])
    for sentence in sentences:
        print(sentence, file=sys.stderr)
    return 1 if sentences else 0


if __name__ == "__main__":
    sys.exit(main())
