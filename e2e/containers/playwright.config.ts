// The story of the containers: real browsers, real containers. It needs a Docker engine, and runs alone.

import { defineConfig } from "playwright/test";
import stories from "../playwright.config.ts";

export default defineConfig({ ...stories, testDir: ".", outputDir: "../../.tidegate/e2e/results-of-containers" });
