import { expect, test } from "vitest";
import { atLowPriority } from "./low-priority.ts";
import { runToEnd } from "./program.ts";

test("a program runs at the lowest priority", async () => {
  const { command, args } = atLowPriority(process.execPath, ["-p", "os.getPriority()"]);
  const { code, output } = await runToEnd(command, args, { timeoutMs: 10_000 });
  expect({ code, output: output.trim() }).toEqual({ code: 0, output: "19" });
});

test("without nice it runs as it is", () => {
  expect(atLowPriority("node", ["-v"], null)).toEqual({ command: "node", args: ["-v"] });
});
