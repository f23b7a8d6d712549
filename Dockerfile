# practiq in a container; docs/operating.md says how to set it up. compose.yaml runs it.
FROM python:3.13-slim AS build
WORKDIR /src
COPY pyproject.toml README.md ./
COPY parsers parsers
COPY service service
COPY templates templates
RUN ["python", "-m", "venv", "/opt/practiq"]
RUN ["/opt/practiq/bin/pip", "install", "--no-cache-dir", "--disable-pip-version-check", ".[google,microsoft,postgres]"]

FROM python:3.13-slim
COPY --from=build /opt/practiq /opt/practiq
RUN ["useradd", "--system", "--uid", "10001", "--home-dir", "/var/lib/practiq", "--shell", "/usr/sbin/nologin", "practiq"]
RUN ["install", "-d", "-o", "practiq", "-g", "practiq", "-m", "700", "/var/lib/practiq"]
ENV PATH="/opt/practiq/bin:/usr/local/bin:/usr/bin:/bin"
ENV PRACTIQ_CONFIG="/etc/practiq/config.toml"
# The database sqlite:///practiq.db lies here.
WORKDIR /var/lib/practiq
VOLUME ["/var/lib/practiq"]
USER 10001
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=1m --timeout=30s --start-period=10m --retries=3 CMD ["practiq", "status", "--check", "--max-age", "10m"]
ENTRYPOINT ["practiq"]
CMD ["run"]
