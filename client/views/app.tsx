/** The application: which screen stands at which path, and what is on every screen. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { Route, Switch, useLocation } from "wouter";
import { askAgainWhenAnswered, followLibrary, LIBRARY_KEY, Uploads } from "../api/index.ts";
import { listenToKeys, setSingleLetterKeys, singleLetterKeys, useActs } from "../keys/index.ts";
import { chooseTheme, themeChoice } from "../styles/theme.ts";
import { ArrivingScreen } from "./arriving/arriving-screen.tsx";
import { ComparisonScreen } from "./comparison/comparison-screen.tsx";
import { LibraryScreen } from "./library/library-screen.tsx";
import { Help } from "./palette/help.tsx";
import { Palette } from "./palette/palette.tsx";
import { announce, announced, subscribeAnnounced } from "./shell/announce.ts";
import { type Shell, ShellContext } from "./shell/context.ts";
import { ErrorBoundary } from "./shell/error-boundary.tsx";
import { NoSuchPlace } from "./shell/no-such-place.tsx";
import { focusRegion } from "./shell/regions.ts";
import { SnapshotScreen } from "./snapshot/snapshot-screen.tsx";

type Open = { readonly what: "palette"; readonly text: string } | { readonly what: "help" } | null;

export function App() {
  const client = useQueryClient();
  const [open, setOpen] = useState<Open>(null);
  const [, navigate] = useLocation();
  const shell = useMemo<Shell>(
    () => ({
      uploads: new Uploads(() => void client.invalidateQueries({ queryKey: LIBRARY_KEY })),
      openPalette: (text = "") => setOpen({ what: "palette", text }),
      openHelp: () => setOpen({ what: "help" }),
    }),
    [client],
  );
  useEffect(() => followLibrary(client), [client]);
  useEffect(() => askAgainWhenAnswered(client), [client]);
  useEffect(listenToKeys, []);
  useActs({
    palette: { run: () => shell.openPalette() },
    help: { run: () => shell.openHelp() },
    library: { run: () => navigate("/") },
    back: { run: () => window.history.back() },
    forward: { run: () => window.history.forward() },
    "next-region": { run: () => focusRegion(1) },
    "previous-region": { run: () => focusRegion(-1) },
    "copy-link": {
      run: () => {
        void navigator.clipboard.writeText(window.location.href).then(() => announce("Link copied"));
      },
    },
    "theme-dark": { run: () => chooseTheme("dark"), inUse: themeChoice() === "dark" },
    "theme-light": { run: () => chooseTheme("light"), inUse: themeChoice() === "light" },
    "theme-system": { run: () => chooseTheme("system"), inUse: themeChoice() === "system" },
    letters: { run: () => setSingleLetterKeys(!singleLetterKeys()), inUse: singleLetterKeys() },
  });

  const close = () => setOpen(null);
  return (
    <ShellContext value={shell}>
      <ErrorBoundary>
        <Switch>
          <Route path="/">
            <LibraryScreen />
          </Route>
          <Route path="/s/:snapshot">{({ snapshot }) => <SnapshotScreen key={snapshot} snapshot={snapshot} />}</Route>
          <Route path="/arriving/:arriving">
            {({ arriving }) => <ArrivingScreen key={arriving} arriving={arriving} />}
          </Route>
          <Route path="/compare/:a/:b">{({ a, b }) => <ComparisonScreen key={`${a}/${b}`} a={a} b={b} />}</Route>
          <Route>
            <NoSuchPlace title="Nothing is here" detail="This address names no screen of Dumpscope." />
          </Route>
        </Switch>
      </ErrorBoundary>
      {open?.what === "palette" && <Palette text={open.text} onClose={close} />}
      {open?.what === "help" && <Help onClose={close} />}
      <LiveLine />
    </ShellContext>
  );
}

function LiveLine() {
  const text = useSyncExternalStore(subscribeAnnounced, announced);
  return (
    <div className="visually-hidden" aria-live="polite">
      {text}
    </div>
  );
}
