/** What is said where no known set has the files of a snapshot, and the act that mends it. */
import { useRef, useState } from "react";
import { useLocation } from "wouter";
import { Button, FileInput } from "../../controls/index.ts";
import { NameKnownSet } from "../library/dialogs.tsx";
import { useShell } from "../shell/context.ts";
import styles from "./stripped.module.css";

export interface AddImageProps {
  /** Of the container, as the dump names it. */
  readonly imageName: string | null;
  /** Names of known sets that are here. */
  readonly taken: readonly string[];
}

export function AddImage({ imageName, taken }: AddImageProps) {
  const { uploads } = useShell();
  const [, navigate] = useLocation();
  const input = useRef<HTMLInputElement>(null);
  const [file, setFile] = useState<File | null>(null);
  return (
    <div className={styles.empty}>
      <p>
        No known set has these files: add the image
        {imageName !== null && (
          <>
            {" "}
            <code>{imageName}</code>
          </>
        )}
        . Until then nothing here can be the same or relocated.
      </p>
      <Button onPress={() => input.current?.click()}>Add a known set…</Button>
      <FileInput input={input} name="stripped-image" onFiles={([first]) => setFile(first ?? null)} />
      {file !== null && (
        <NameKnownSet
          file={file.name}
          taken={taken}
          onClose={() => setFile(null)}
          onName={(chosen) => {
            uploads.add(file, chosen);
            // There it is seen coming in.
            navigate("/");
          }}
        />
      )}
    </div>
  );
}
