/** Channels: the main ones as segments, the others in a menu beside them; all in one menu where the window is narrow. */
import { channelTitle, MAIN_CHANNELS } from "../../../shared/channel/index.ts";
import { type Choice, Segmented, Select } from "../../controls/index.ts";
import type { AnyChannel } from "../../viewer/contract.ts";

export interface ChannelChoiceProps {
  readonly channels: readonly AnyChannel[];
  readonly value: AnyChannel;
  /** Channels that cannot be shown now, each with the reason in a sentence. */
  readonly unavailable?: Partial<Readonly<Record<AnyChannel, string>>> | undefined;
  readonly narrow: boolean;
  readonly onChoose: (channel: AnyChannel) => void;
}

const MAIN: readonly AnyChannel[] = [...MAIN_CHANNELS, "verdict"];

export function ChannelChoice({ channels, value, unavailable, narrow, onChoose }: ChannelChoiceProps) {
  const choiceOf = (channel: AnyChannel): Choice<AnyChannel> => ({
    value: channel,
    title: channelTitle(channel),
    unavailable: unavailable?.[channel],
  });
  if (narrow) return <Select label="Channel" choices={channels.map(choiceOf)} value={value} onChoose={onChoose} />;
  const more = channels.filter((channel) => !MAIN.includes(channel));
  return (
    <>
      <Segmented
        label="Channel"
        choices={channels.filter((channel) => MAIN.includes(channel)).map(choiceOf)}
        value={value}
        onChoose={onChoose}
      />
      {more.length > 0 && (
        <Select
          look="more"
          label="More channels"
          placeholder="More"
          choices={more.map(choiceOf)}
          value={value}
          onChoose={onChoose}
        />
      )}
    </>
  );
}
