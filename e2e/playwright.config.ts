// Real browsers against a real stack: few stories, one at a time, never retried.

import { defineConfig } from "playwright/test";

export default defineConfig({
  testDir: "./stories",
  testMatch: "*.story.ts",
  outputDir: "../.tidegate/e2e/results",
  workers: 1,
  retries: 0,
  timeout: 300_000,
  expect: { timeout: 30_000 },
  reporter: [["list"]],
  use: {
    ignoreHTTPSErrors: true,
    // Pixels are drawn without a graphics card here: a small window and no filmed trace leave the processor to the game.
    trace: { mode: "retain-on-failure", screenshots: false },
    viewport: { width: 960, height: 600 },
    launchOptions: {
      ...(process.env.CHROMIUM_PATH ? { executablePath: process.env.CHROMIUM_PATH } : {}),
      args: [
        "--no-sandbox",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--use-gl=angle",
        "--disable-gpu-compositing",
        "--use-angle=swiftshader",
        "--enable-unsafe-swiftshader",
      ],
    },
  },
});
