/** A screen whose snapshots are on their way: its frame stands, and a sentence says what is being done. */
import { StatusBar } from "../shell/status-bar.tsx";
import { TitleBar } from "../shell/title-bar.tsx";
import picture from "./picture.module.css";

export function OpeningScreen({ sentence }: { sentence: string }) {
  return (
    <div className={picture.screen}>
      <TitleBar crumbs={[{ title: "Library", href: "/" }]} />
      <div />
      <main className={picture.message} role="status">
        {sentence}
      </main>
      <StatusBar left={null} right={null} />
    </div>
  );
}
