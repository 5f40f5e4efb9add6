/** Layout, channel, address: segments, or menus where the window is narrow. */
import type { ReactNode } from "react";
import { LAYOUTS, type Layout } from "../../../shared/layout/index.ts";
import { type Choice, Segmented, Select } from "../../controls/index.ts";
import type { AnyChannel, Look } from "../../viewer/contract.ts";
import { ChannelChoice } from "./channel-choice.tsx";
import styles from "./picture.module.css";
import type { MapSwitch } from "./use-layout-acts.ts";

export interface ViewBarProps {
  readonly look: Look;
  readonly channels: readonly AnyChannel[];
  /** Channels that cannot be shown now, each with the reason in a sentence. */
  readonly unavailable?: Partial<Readonly<Record<AnyChannel, string>>>;
  readonly narrow: boolean;
  readonly onLayout: (layout: Layout) => void;
  /** Where there is a memory map: one more choice beside the layouts. */
  readonly map?: MapSwitch;
  readonly onChannel: (channel: AnyChannel) => void;
  /** Behind layout and channel, and at the right end. */
  readonly children?: ReactNode;
  readonly end: ReactNode;
}

const LAYOUT_CHOICES: readonly Choice<Layout | "map">[] = LAYOUTS.map((layout) => ({
  value: layout,
  title: layout[0].toUpperCase() + layout.slice(1),
}));

const MAP_CHOICE: Choice<"map"> = { value: "map", title: "Map" };

export function ViewBar(props: ViewBarProps) {
  const { look, channels, unavailable, narrow, onLayout, onChannel, map, children, end } = props;
  const Control = narrow ? Select : Segmented;
  return (
    <nav className={styles.viewBar} aria-label="View" data-region="view">
      <span className={styles.group}>
        Layout
        <Control
          label="Layout"
          choices={map ? [...LAYOUT_CHOICES, MAP_CHOICE] : LAYOUT_CHOICES}
          value={map?.isShown ? "map" : look.layout}
          onChoose={(layout) => {
            map?.show(layout === "map");
            if (layout !== "map") onLayout(layout);
          }}
        />
      </span>
      <span className={styles.group}>
        Channel
        <ChannelChoice
          channels={channels}
          value={look.channel}
          unavailable={unavailable}
          narrow={narrow}
          onChoose={onChannel}
        />
      </span>
      {children}
      <span className={styles.spacer} />
      {end}
    </nav>
  );
}
