/** At the right of the head of the bytes, in a narrow window: shows and hides the values at the cursor. */
import { Button, KeyCap } from "../../controls/index.ts";

export function ValuesSwitch({ onPress }: { onPress: () => void }) {
  return (
    <Button look="plain-link" onPress={onPress}>
      Values <KeyCap>V</KeyCap>
    </Button>
  );
}
