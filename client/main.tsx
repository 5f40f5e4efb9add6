/** Mounts the application. */
import "./api/jitless.ts";
import "./styles/base.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createQueryClient } from "./api/index.ts";
import { startTheme } from "./styles/theme.ts";
import { App } from "./views/app.tsx";

startTheme();

const root = document.getElementById("app");
if (!root) throw new Error("assertion: index.html has no #app");
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={createQueryClient()}>
      <App />
    </QueryClientProvider>
  </StrictMode>,
);
