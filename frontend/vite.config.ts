import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { chunkGroups } from "./scripts/chunks";

const apiServer = process.env.RAPPORT_API ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: { alias: { "@": new URL("./src", import.meta.url).pathname } },
  server: {
    host: "127.0.0.1",
    // The page /help shows the user guide of the documentation.
    fs: { allow: [".", "../docs/user", "../docs/images"] },
    proxy: { "/api": apiServer, "/docs": apiServer, "/problems": apiServer },
  },
  build: {
    target: "es2022",
    // The content security policy allows no data: fonts or scripts, so nothing is inlined.
    assetsInlineLimit: 0,
    manifest: true,
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: { groups: chunkGroups } } },
  },
  test: {
    environment: "happy-dom",
    setupFiles: ["src/test/setup.ts"],
    // The modules of the application and of its libraries are loaded once for all files, not once for each of seventy.
    isolate: false,
    restoreMocks: true,
    unstubGlobals: true,
    testTimeout: 20_000,
    css: false,
  },
});
