/** The keys, made of the live table: what is printed here is what the keys do now. */
import { useState } from "react";
import { Button, Dialog, KeyCap, Switch } from "../../controls/index.ts";
import { liveCommands, printKey, setSingleLetterKeys, singleLetterKeys } from "../../keys/index.ts";
import styles from "./help.module.css";

export function Help({ onClose }: { onClose: () => void }) {
  const [commands] = useState(() => liveCommands().filter((command) => command.keys.length > 0));
  const [letters, setLetters] = useState(singleLetterKeys());
  const groups = [...new Set(commands.map((command) => command.group))];
  return (
    <Dialog label="Keys" shape="wide" className={styles.help} onClose={onClose}>
      <h2>Keys</h2>
      <div className={styles.groups}>
        {groups.map((group) => (
          <section key={group} className={styles.group}>
            <h3>{group}</h3>
            {commands
              .filter((command) => command.group === group)
              .map((command) => (
                <div
                  key={command.id}
                  className={styles.row}
                  data-here={command.run !== null || command.local}
                  title={command.local ? undefined : (command.unavailable ?? undefined)}
                >
                  <span>{command.title}</span>
                  <span className={styles.keys}>
                    {[...new Set(command.keys.map(printKey))].map((key) => (
                      <KeyCap key={key}>{key}</KeyCap>
                    ))}
                  </span>
                </div>
              ))}
          </section>
        ))}
      </div>
      <div className={styles.foot}>
        <Switch
          on={letters}
          onChange={(on) => {
            setSingleLetterKeys(on);
            setLetters(on);
          }}
        >
          Single-letter keys
        </Switch>
        <Button onPress={onClose}>Close</Button>
      </div>
    </Dialog>
  );
}
