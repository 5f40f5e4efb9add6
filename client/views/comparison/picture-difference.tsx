/** How many pixels of the two pictures differ: always with layout, channel and level beside the count. */
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

export function PictureDifferenceText({ a, b, strip, look }: PictureDifferenceProps) {
  // Verdicts are drawn from both sides at once; what a person sees of each side alone is its bytes.
  const channel = look.channel === "value" || look.channel === "entropy" ? look.channel : "class";
  const query = { layout: look.layout, channel, strip } as const;
  const { data, error } = usePictureDifference(a, b, query, true);
  if (error) return <p className={legend.note}>Picture difference: {asApiError(error).message}</p>;
  if (!data) return <p className={legend.note}>Picture difference is being counted.</p>;
  return (
    <p className={legend.note}>
      Picture difference{" "}
      <a href={urlOf("pictureDifferencePng", { parameters: { a, b }, query })} target="_blank" rel="noopener">
        {formatCount(data.pixels)}
        {"\u00a0"}px
      </a>{" "}
      · {data.layout}, {data.channel}, {formatSize(4 ** data.level)}
      {"\u00a0per\u00a0cell"}
    </p>
  );
}
