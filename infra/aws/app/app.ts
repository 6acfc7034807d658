// The CDK app: two stacks for each region, and with a domain one for the page. AWS's rules for safe set-ups judge it on every synth.
import { createRequire } from "node:module";
import { App, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import type { Settings } from "../settings.ts";
import { acceptFindings } from "./accepted-findings.ts";
import { addEdgeStack } from "./edge-stack.ts";
import { addImagesStack } from "./images-stack.ts";
import { addRegionStack } from "./region-stack.ts";

/** What a new CDK project gets: today's behaviour where the CDK keeps an older one for older projects. */
const featureFlags: Record<string, unknown> = createRequire(import.meta.url)(
  "aws-cdk-lib/recommended-feature-flags.json",
);

/** `outdir`: where the templates go. */
export function buildApp(settings: Settings, outdir: string): App {
  const app = buildStacks(settings, outdir);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  acceptFindings(app);
  return app;
}

/** Nobody judges them yet. */
export function buildStacks(settings: Settings, outdir: string): App {
  const app = new App({ outdir, analyticsReporting: false, context: featureFlags });
  for (const region of settings.regions) {
    addImagesStack(app, settings, region);
    addRegionStack(app, settings, region);
  }
  if (settings.domain) addEdgeStack(app, settings, settings.domain);
  return app;
}
