FROM python:3.13-slim-trixie

# The libraries WeasyPrint loads (fonts come with the project), and pg_dump, which copies the database before an upgrade.
# Debian's point releases must reach the image, so no versions here.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 libfontconfig1 \
        postgresql-client \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --create-home --uid 10001 baiqau

WORKDIR /srv/baiqau
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes --requirement requirements.lock

COPY . .
RUN pip install --no-cache-dir --no-deps --no-build-isolation --editable . \
    && pybabel --quiet compile --directory app/translations \
    && install --directory --owner=baiqau --group=baiqau var

ENV BAIQAU_ENV=production \
    BAIQAU_DATA=/srv/baiqau/var \
    FONTCONFIG_FILE=/srv/baiqau/app/static/fonts/fonts.conf \
    PYTHONUNBUFFERED=1
USER 10001
VOLUME /srv/baiqau/var
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["baiqau", "web", "--host", "0.0.0.0"]
