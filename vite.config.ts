/** Builds the client into `dist/client`; in development it proxies the API to the server beside it. */
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const server = `http://127.0.0.1:${process.env.DUMPSCOPE_PORT ?? "7070"}`;

export default defineConfig({
  root: "client",
  plugins: [react()],
  build: { outDir: "../dist/client", emptyOutDir: true, target: "es2024", assetsInlineLimit: 0 },
  server: { host: "127.0.0.1", port: 7071, proxy: { "^/api/(?!.*[.]tsx?)": { target: server, changeOrigin: true } } },
});
