# One image for all duties; what differs is the command: python app.py [worker | bot | transfer].
# x86-64 only: tgcrypto has no wheel for ARM. No instruction here that Railway refuses (VOLUME, cache mounts).

FROM python:3.11.14-slim-bookworm AS packages
WORKDIR /build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
# This layer is made anew when the lock changes, and only then. Wheels only: nothing is built, no code is run.
COPY requirements.lock ./
RUN python -m venv /venv \
    && /venv/bin/pip install --require-hashes --no-deps --only-binary :all: -r requirements.lock

FROM python:3.11.14-slim-bookworm
RUN useradd --uid 10001 --user-group --no-log-init --create-home --home-dir /data --shell /usr/sbin/nologin medusa
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DATA_DIR=/data \
    PORT=8080
COPY --from=packages /venv /venv
WORKDIR /app
# From what changes least to what changes most.
COPY app.py ./
COPY plugins plugins
COPY medusa medusa
# As root, for good: the bot cannot write here, and would compile everything anew at each start.
RUN python -m compileall -q app.py plugins medusa
USER 10001:10001
EXPOSE 8080
# Alive, not ready: a bot whose database is away is not helped by another start. Without PORT nobody listens.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; port = os.environ.get('PORT'); port and urllib.request.urlopen(f'http://127.0.0.1:{port}/live', timeout=4)"]
CMD ["python", "app.py"]
