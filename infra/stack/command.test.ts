import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repositoryRoot } from "./environment.ts";
import { typescriptArguments } from "./typescript.ts";

const LINES = 100;

test("a command whose output nobody reads any more goes on to its end", async () => {
  const program = `
    import { newCommand, runCommand } from ${JSON.stringify(join(repositoryRoot, "infra/stack/command.ts"))};
    await runCommand(newCommand("talk", "Talks."), async () => {
      for (let line = 0; line < ${LINES}; line += 1) {
        process.stdout.write("line\\n");
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      process.stderr.write("came to its end");
      return 0;
    });`;
  const loader = typescriptArguments(repositoryRoot, "").slice(0, -1);
  const child = spawn(process.execPath, [...loader, "--input-type=module", "--eval", program], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (chunk) => {
    said += chunk;
  });
  await once(child.stdout, "data");
  child.stdout.destroy();
  const [code] = await once(child, "close");
  expect({ code, said }).toEqual({ code: 0, said: "came to its end" });
});
