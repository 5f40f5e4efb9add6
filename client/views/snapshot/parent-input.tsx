/** Takes the dump that a snapshot has been waiting for, as its parent. */
import type { RefObject } from "react";
import { useLocation } from "wouter";
import { FileInput } from "../../controls/index.ts";
import { useShell } from "../shell/context.ts";

/** @param input opened by a click of somebody else. */
export function ParentInput({ input }: { readonly input: RefObject<HTMLInputElement | null> }) {
  const { uploads } = useShell();
  const [, navigate] = useLocation();
  return (
    <FileInput
      input={input}
      name="parent"
      multiple
      onFiles={(files) => {
        for (const file of files) uploads.add(file, { kind: "dump" });
        // There it is seen coming in, and what was waiting for it is read again.
        navigate("/");
      }}
    />
  );
}
