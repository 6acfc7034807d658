// The load balancer as a library. As a process: main.ts.

export { type Alb, type AlbOptions, startAlb } from "./alb.ts";
export { type Clock, systemClock, type Timer } from "./clock.ts";
export { type LogSink, openFileLog, streamLog } from "./telemetry/log-file.ts";
