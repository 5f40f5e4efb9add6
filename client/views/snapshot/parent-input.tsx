/** Takes the dump that a snapshot has been waiting for, as its parent. */
import type { RefObject } from "react";
import { useLocation } from "wouter";
import { useShell } from "../shell/context.ts";

/** @param input opened by a click of somebody else. */
export function ParentInput({ input }: { readonly input: RefObject<HTMLInputElement | null> }) {
  const { uploads } = useShell();
  const [, navigate] = useLocation();
  return (
    <input
      ref={input}
      type="file"
      multiple
      hidden
      data-testid="parent"
      onChange={(event) => {
        for (const file of event.target.files ?? []) uploads.add(file, { kind: "dump" });
        event.target.value = "";
        // There it is seen coming in, and what was waiting for it is read again.
        navigate("/");
      }}
    />
  );
}
