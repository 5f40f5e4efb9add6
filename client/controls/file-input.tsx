/** Where the browser's dialog for files is opened from: unseen, by a click of somebody else. */
import type { RefObject } from "react";

export interface FileInputProps {
  readonly input: RefObject<HTMLInputElement | null>;
  readonly name: string;
  readonly multiple?: boolean;
  readonly onFiles: (files: readonly File[]) => void;
}

export function FileInput({ input, name, multiple = false, onFiles }: FileInputProps) {
  return (
    <input
      ref={input}
      type="file"
      multiple={multiple}
      hidden
      data-testid={name}
      onChange={(event) => {
        onFiles([...(event.target.files ?? [])]);
        // The same file, chosen once more, is a change again.
        event.target.value = "";
      }}
    />
  );
}
