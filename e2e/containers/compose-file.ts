// What docker-compose.yml may say: the part of the Compose specification that we use, and that compose 1.29 knows as well.
// Anything else is refused by its name, so that a misspelt key is found where no compose command is.
import { z } from "zod";

const text = z.string();
const texts = z.array(text);
const variables = z.record(text, z.union([text, z.number()]));
const duration = text.regex(/^\d+(ms|s|m|h)$/);
const size = text.regex(/^\d+[kmg]$/);
const restart = z.enum(["no", "always", "on-failure", "unless-stopped"]);

const service = z.strictObject({
  ...{ image: text, user: text.optional(), command: texts.optional(), entrypoint: texts.optional() },
  build: z.strictObject({ context: text, target: text, args: variables.optional() }).optional(),
  profiles: texts.optional(),
  environment: variables.optional(),
  ports: texts.optional(),
  volumes: texts.optional(),
  networks: texts.optional(),
  network_mode: text.optional(),
  tmpfs: texts.optional(),
  healthcheck: z
    .strictObject({
      test: texts,
      interval: duration,
      timeout: duration,
      retries: z.int(),
      start_period: duration.optional(),
    })
    .optional(),
  depends_on: z
    .union([
      texts,
      z.record(
        text,
        z.strictObject({ condition: z.enum(["service_started", "service_healthy", "service_completed_successfully"]) }),
      ),
    ])
    .optional(),
  deploy: z.strictObject({ replicas: z.int().positive() }).optional(),
  ...{
    init: z.boolean(),
    read_only: z.boolean(),
    cap_drop: texts,
    security_opt: texts,
    pids_limit: z.int().positive(),
  },
  ...{ cpu_shares: z.int().positive().optional(), mem_limit: size, restart },
  stop_grace_period: duration.optional(),
  logging: z.strictObject({ driver: text, options: z.record(text, text) }),
});

export const composeFileSchema = z
  .looseObject({ services: z.record(text, service), volumes: z.record(text, z.null()).optional() })
  .superRefine((file, context) => {
    const unknown = Object.keys(file).filter(
      (key) => !["services", "volumes", "networks"].includes(key) && !key.startsWith("x-"),
    );
    for (const key of unknown) context.addIssue({ code: "custom", path: [key], message: "is nothing that we use" });
  });
