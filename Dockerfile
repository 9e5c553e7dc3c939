# The site as one image: the web process by default, the worker with the command `python manage.py work`.
# How to build and run it: docs/deploy/image.md.

# Any image with Python 3.11 to 3.13 that answers as `python3`. The digest decides; docs/deploy/image.md says how to take a newer one.
ARG PYTHON_IMAGE=python:3.13.15-slim-trixie@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b


# First stage: what runs, made ready. Nothing of it reaches the image but what the second stage copies.
FROM ${PYTHON_IMAGE} AS builder
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
# The time that files and lists get in place of now, so that two builds of the same tree are equal.
ARG SOURCE_DATE_EPOCH=1767225600

# Wheels alone, so no compiler is needed. Before the code, so that a change to the code installs nothing again.
COPY requirements.txt .
RUN python3 -m venv /venv \
 && pip install --no-cache-dir --disable-pip-version-check --only-binary :all: --require-hashes -r requirements.txt \
 && pip uninstall --quiet --yes setuptools pip

# .dockerignore lists what comes along.
COPY . .

# A site that its own checks refuse makes no image. The keys are made for this step and gone with its shell.
RUN keys="$(python -m crc_site.generate_keys)" && eval "$keys" \
 && export SITE_URL=https://site.example ALLOWED_HOSTS=site.example STAFF_NOTIFY_TO=staff@site.example \
 && pybabel --quiet compile --directory crc_site/locale --domain django \
 && python manage.py check \
 && python manage.py collectstatic --noinput --verbosity 0

# The list of the Python packages in it, in CycloneDX's form. The tool itself stays behind.
COPY requirements-image.txt .
RUN python3 -m venv /tools \
 && /tools/bin/pip install --no-cache-dir --disable-pip-version-check --only-binary :all: --require-hashes -r requirements-image.txt \
 && rm requirements-image.txt \
 && /tools/bin/cyclonedx-py environment --output-reproducible --output-file parts.cdx.json /venv/bin/python


# Second stage: the virtual environment and the code, owned by root and read by a user who may write to /app/var alone.
FROM ${PYTHON_IMAGE}
ARG SOURCE_DATE_EPOCH=1767225600
# Scratch files stay in memory, so that the root can be read-only.
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 TMPDIR=/dev/shm
# Programs beside Python: pg_dump, for backups of a PostgreSQL database, comes with --build-arg PACKAGES=postgresql-client.
ARG PACKAGES=""
# hadolint ignore=DL3008,SC2086
RUN if [ -n "$PACKAGES" ]; then \
      apt-get update -qq && apt-get install -y -qq --no-install-recommends $PACKAGES && rm -rf /var/lib/apt/lists/*; \
    fi
RUN useradd --uid 10001 --user-group --home-dir /app --no-create-home --shell /usr/sbin/nologin site
COPY --from=builder /venv /venv
COPY --from=builder /app /app
WORKDIR /app
# Where volumes belong: data, backups, what the watch has told, the socket that a proxy in another container reaches it by,
# its static files.
RUN install --directory --owner=site --group=site --mode=0700 var /srv/backups /srv/watch \
 && install --directory --owner=site --group=site --mode=0755 /run/crc-site /opt/crc-site/static
VOLUME /app/var
USER 10001:10001

EXPOSE 8000
# Straight to the process, whatever HTTP_PROXY says. A worker answers no requests: run it with the health check off.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["python", "-c", \
    "from urllib.request import *; build_opener(ProxyHandler({})).open('http://127.0.0.1:8000/healthz', timeout=4)"]
STOPSIGNAL SIGTERM
CMD ["gunicorn", "-c", "crc_site/gunicorn.conf.py"]
