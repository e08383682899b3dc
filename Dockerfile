# One image for every region: which one it serves is FLY_REGION (or REGION), the shared Redis is
# REDIS_URL. Leaving Redis out of the image: docker build --build-arg REDIS= .

FROM rust:1-bookworm AS build
SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
WORKDIR /murmuration

# The tools change more seldom than the code: a layer of their own.
COPY Cargo.toml Cargo.lock ./
COPY scripts scripts
COPY end2end/package.json end2end/package-lock.json end2end/.npmrc end2end/
RUN scripts/setup --build

COPY . .
RUN scripts/build

FROM debian:bookworm-slim
ARG REDIS=redis-server
# hadolint ignore=SC2086
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates ${REDIS} \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /data --create-home murmuration

# hash.txt must stand beside the binary: it maps names to hashed file names.
WORKDIR /murmuration
COPY --from=build /murmuration/target/release/server /murmuration/target/release/hash.txt ./
COPY --from=build /murmuration/target/site site
COPY regions.toml ./

# Give PUBLIC_URL (this region's address), SECRET_KEY (the same everywhere) and REDIS_URL at run time.
# Without REDIS_URL the server keeps a Redis of its own in DATA_DIR: one region, one machine.
ENV LEPTOS_ENV=PROD \
    LEPTOS_OUTPUT_NAME=murmuration \
    LEPTOS_SITE_ROOT=/murmuration/site \
    LEPTOS_SITE_PKG_DIR=pkg \
    LEPTOS_SITE_ADDR=0.0.0.0:8080 \
    LEPTOS_HASH_FILES=true \
    REGIONS_FILE=/murmuration/regions.toml \
    DATA_DIR=/data

USER murmuration
VOLUME /data
EXPOSE 8080

# SIGTERM drains: browsers are sent elsewhere, clicks flushed, the registry left, within 10 s.
STOPSIGNAL SIGTERM
# The slim image has no curl; bash can ask as well.
HEALTHCHECK --interval=10s --timeout=3s --start-period=15s CMD ["bash", "-c", \
    "exec 3<>/dev/tcp/127.0.0.1/${LEPTOS_SITE_ADDR##*:} && printf 'GET /healthz HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && read -r -t 2 line <&3 && [[ $line == *' 200 '* ]]"]

CMD ["/murmuration/server"]
