/**
 * How many pixels of A and B differ when the whole strip is drawn: always with layout, channel and level beside the
 * count, because these are not those of the view.
 */
import { COMPARISON_CHANNELS, channelTitle } from "../../../shared/channel/index.ts";
import type { StripChoice } from "../../../shared/strip/index.ts";
import { asApiError, urlOf, usePictureDifference } from "../../api/index.ts";
import { formatCount, formatSize } from "../../format/index.ts";
import type { Look } from "../../viewer/contract.ts";
import legend from "../picture/legend.module.css";

export interface PictureDifferenceProps {
  readonly a: string;
  readonly b: string;
  readonly strip: StripChoice;
  readonly look: Look;
}

export function PictureDifference({ a, b, strip, look }: PictureDifferenceProps) {
  // Verdicts are drawn from both sides at once; what a person sees of each side alone is its bytes.
  const channel =
    look.channel === "verdict" ? "class" : (COMPARISON_CHANNELS.find((drawn) => drawn === look.channel) ?? "class");
  const query = { layout: look.layout, channel, strip } as const;
  const { data, error } = usePictureDifference(a, b, query, true);
  return (
    <section className={legend.aside} aria-label="Picture difference">
      <div className={legend.head}>
        <h2>Picture difference</h2>
        {data && (
          <a
            href={urlOf("pictureDifferencePng", { parameters: { a, b }, query })}
            target="_blank"
            rel="noopener"
            title="Opens the picture of what differs"
          >
            {formatCount(data.pixels)}
            {"\u00a0"}px
          </a>
        )}
      </div>
      <p className={legend.note} role="status">
        {error
          ? asApiError(error).message
          : data
            ? `The whole strip, not the view: ${data.layout}, ${channelTitle(data.channel)}, ${formatSize(4 ** data.level)}\u00a0per\u00a0cell`
            : "The pixels of A and B that differ are being counted."}
      </p>
    </section>
  );
}
