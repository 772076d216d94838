/** How many of the shown zips are under way, and how fast they are together. */
import { useSyncExternalStore } from "react";
import type { Schema } from "../../api/calls";
import { followAny, liveZip } from "../../zips/useZips";
import { isUnderWay } from "../../zips/zipWords";
import { words } from "./words";

export function Summary({ zips }: { zips: Schema["Zip"][] }) {
  const text = useSyncExternalStore(followAny, () => summaryOf(zips));
  return <p className="secondary figures">{zips.length === 0 ? "\u00a0" : text}</p>;
}

function summaryOf(zips: Schema["Zip"][]): string {
  const live = zips.map((zip) => liveZip(zip.id) ?? { zip, rate: undefined });
  const running = live.filter(({ zip }) => isUnderWay(zip)).length;
  return words.summary(running, live.reduce((sum, { rate = 0 }) => sum + rate, 0));
}
