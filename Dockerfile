FROM python:3.11-slim-bookworm

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    DJANGO_SETTINGS_MODULE=pmo.settings \
    STATIC_ROOT=/app/collected \
    VAR_DIR=/data

WORKDIR /app

COPY requirements/base.txt requirements/base.txt
RUN python -m pip install --no-deps --require-hashes --only-binary=:all: -r requirements/base.txt

COPY . .

# The key lives for this one command only: settings refuse to load without one.
RUN SECRET_KEY="$(python -c 'import secrets; print(secrets.token_hex(32))')" \
    VAR_DIR="$(mktemp -d)" \
    python manage.py collectstatic --no-input --ignore rest_framework

RUN groupadd --gid 10001 rounds \
    && useradd --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin rounds \
    && install --directory --owner 10001 --group 10001 --mode 0700 /data

USER 10001:10001
VOLUME /data
EXPOSE 8000

HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-I", "pmo/common/background/healthcheck.py"]

CMD ["gunicorn", "pmo.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", \
     "--workers", "2", "--threads", "4", "--preload", "--worker-tmp-dir", "/dev/shm", \
     "--graceful-timeout", "30", "--no-control-socket", "--access-logfile", "-"]
