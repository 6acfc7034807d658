// How the page is built: hashed assets, Phaser in a chunk of its own so that a deploy of ours leaves it in the browser's cache.

import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = fileURLToPath(new URL(".", import.meta.url));
const outDir = process.env.CLIENT_OUT_DIR ?? fileURLToPath(new URL("../.tidegate/client", import.meta.url));

export default defineConfig({
  root: here,
  base: "/",
  define: { __BUILD__: JSON.stringify(process.env.TIDEGATE_VERSION ?? "dev") },
  cacheDir: fileURLToPath(new URL("../.tidegate/vite-cache", import.meta.url)),
  build: {
    outDir,
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1600,
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: "phaser", test: /node_modules[\\/]phaser/ }] } },
    },
  },
});
