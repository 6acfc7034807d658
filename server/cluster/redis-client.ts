// Clients of ioredis that fail fast: no offline queue, no silent resending, a timeout for every command, and quick reconnecting.
// The stores and buses above them decide what a failure means.

import { Redis } from "ioredis";
import { SCRIPTS } from "./lua.ts";
import { COMMAND_TIMEOUT_MS, RECONNECT_MAX_MS } from "./timing.ts";

/** A connection that brings no bytes for this long while a command waits is dead, milliseconds. */
const DEAD_CONNECTION_MS = 3 * COMMAND_TIMEOUT_MS;
/** What a former primary answers to a write, also from within a script. */
const READ_ONLY = /\bREADONLY\b/;

export interface RedisClientOptions {
  /** Beside a URL without one. */
  readonly password?: string | undefined;
  /** What is at the other end is no primary any more. This connection is made anew; so should be all others that were made before. */
  readonly onDemoted?: () => void;
}

/**
 * Connects in the background, to redis:// or rediss://; the name in it is looked up anew for every connection. `onTrouble` hears every
 * connection error; nothing is thrown.
 */
export function createRedisClient(
  url: string,
  name: string,
  onTrouble: (error: Error) => void,
  { password, onDemoted }: RedisClientOptions = {},
): Redis {
  const client = new Redis(url, {
    connectionName: name,
    commandTimeout: COMMAND_TIMEOUT_MS,
    connectTimeout: COMMAND_TIMEOUT_MS,
    socketTimeout: DEAD_CONNECTION_MS,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    retryStrategy: (attempt) => Math.min(50 * attempt, RECONNECT_MAX_MS),
    reconnectOnError: (error) => {
      if (!READ_ONLY.test(error.message)) return false;
      onTrouble(error);
      onDemoted?.();
      return true;
    },
    scripts: SCRIPTS,
    ...(password !== undefined && { password }),
  });
  client.on("error", onTrouble);
  return client;
}
