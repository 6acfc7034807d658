# All images of Tidegate: `docker build --target game|alb|agent|bots .`, or all at once by docker-compose.yml.
# Each holds Node and one JavaScript file: no npm, no packages, nothing that only building needs.

# An LTS of Node, and the Debian that its program is put on (glibc 2.28 or newer).
ARG NODE_IMAGE=node:24-slim
ARG BASE_IMAGE=debian:bookworm-slim

# --- what all builds share -------------------------------------------------------------------------------------------

FROM ${NODE_IMAGE} AS node

FROM node AS packages
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error

FROM packages AS tools
COPY tsconfig.json ./
COPY infra/provision infra/provision
COPY infra/deploy infra/deploy
COPY infra/stack infra/stack
COPY infra/containers infra/containers

FROM ${BASE_IMAGE} AS runtime
# What Node's program needs besides Debian's smallest image.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends libstdc++6 libatomic1 \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/*
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY infra/containers/healthy.sh /app/
WORKDIR /app
# Node asks for a home, and what has no user's name has none. Nothing is written there.
ENV NODE_ENV=production HOME=/tmp
USER 1000:1000

# --- game server -----------------------------------------------------------------------------------------------------

FROM tools AS game-build
COPY game game
COPY server server
RUN node infra/containers/bundle.ts server/main.ts /out/server.mjs \
 && node infra/containers/bundle.ts infra/containers/before-game.ts /out/before-game.mjs
COPY client client
ARG VERSION=v1
RUN NODE_ENV=production CLIENT_OUT_DIR=/out/client TIDEGATE_VERSION=${VERSION} \
    node node_modules/vite/bin/vite.js build client --logLevel warn

FROM runtime AS game
# What the containers of one machine share is a volume here; it begins with this owner.
USER 0
RUN install -d -o 1000 -g 1000 /shared
USER 1000:1000
COPY --from=game-build /out/ ./
ENV HOST=0.0.0.0 PORT=8000 CLIENT_DIR=/app/client
EXPOSE 8000
# Docker starts a process for each check, which costs a twentieth of a second of CPU time; the load balancer asks for itself, and nothing waits for this.
HEALTHCHECK --interval=30s --timeout=3s --start-period=20s --retries=3 CMD ["/app/healthy.sh", "/healthz"]
# The flags are those of infra/stack/topology.ts; a test compares.
CMD ["node", "--max-semi-space-size=32", "--no-parallel-scavenge", "--import", "./before-game.mjs", "server.mjs"]
ARG VERSION=v1
ENV VERSION=${VERSION}

# --- load balancer ---------------------------------------------------------------------------------------------------

FROM tools AS alb-build
COPY infra/alb infra/alb
RUN node infra/containers/bundle.ts infra/alb/main.ts /out/alb.mjs esbuild \
 && node infra/alb/console/write-page.ts /out/page

FROM runtime AS alb
USER 0
RUN install -d -o 1000 -g 1000 -m 700 /data
USER 1000:1000
COPY --from=alb-build /out/ ./
EXPOSE 8443 8080 8400
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 CMD ["/app/healthy.sh", "/healthz", "8400"]
ENTRYPOINT ["node", "alb.mjs", "--home", "/data", "--bind", "0.0.0.0", "--control-bind", "0.0.0.0"]

# --- agent: the part of ECS ------------------------------------------------------------------------------------------

FROM tools AS agent-build
RUN node infra/containers/bundle.ts infra/containers/agent.ts /out/agent.mjs

FROM runtime AS agent
COPY --from=agent-build /out/ ./
EXPOSE 8401
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 CMD ["/app/healthy.sh", "/stack", "8401"]
CMD ["node", "agent.mjs"]

# --- headless players ------------------------------------------------------------------------------------------------

FROM tools AS bots-build
COPY game game
COPY client client
RUN node infra/containers/bundle.ts client/bots/main.ts /out/bots.mjs

FROM runtime AS bots
COPY --from=bots-build /out/ ./
ENTRYPOINT ["node", "bots.mjs"]
