/** What a zip is like, in names and values. */
import type { ReactNode } from "react";
import { Facts } from "../../components/Facts";
import { Time } from "../../components/Time";
import { formatBytes, formatCount, formatRate } from "../../format/sizes";
import { formatDuration } from "../../format/times";
import { secondsLeft } from "../../zips/rate";
import type { LiveZip } from "../../zips/zipStore";
import { entriesOf, sizeOf } from "../../zips/zipWords";
import { words } from "./words";

export function ZipFacts({ live: { zip, rate } }: { live: LiveZip }) {
  const { archives, progress, target, missing, leftOut } = zip;
  const left = secondsLeft(rate, progress.bytesTotal - progress.bytesDone);
  const seconds = secondsBetween(zip.startedAt, zip.endedAt);
  const facts: [string, ReactNode | false | undefined][] = [
    [words.target, <code>{`${target.bucket}/${target.key}`}</code>],
    [words.size, archives.length > 0 && formatBytes(sizeOf(zip))],
    [
      words.files,
      archives.length > 0 &&
        (zip.state === "succeeded"
          ? formatCount(entriesOf(zip))
          : words.entries(progress.entriesDone, progress.entriesTotal)),
    ],
    [words.started, <Time at={zip.createdAt} />],
    [words.took, seconds !== undefined && formatDuration(seconds)],
    [words.meanRate, zip.state === "succeeded" && seconds ? formatRate(progress.bytesTotal / seconds) : undefined],
    [words.rate, rate !== undefined && formatRate(rate)],
    [words.left, left !== undefined && formatDuration(left)],
    [words.missing, missing.count > 0 && words.missingText(missing.count, missing.paths.join(", "))],
    [words.leftOut, leftOut && leftOutInWords(leftOut.ownZips.count, leftOut.excluded.count)],
    [words.expires, zip.expiresAt !== null && zip.deletedAt === null && <Time at={zip.expiresAt} />],
    [words.deleted, zip.deletedAt !== null && <Time at={zip.deletedAt} />],
  ];
  return (
    <>
      <Facts facts={facts.filter(([, value]) => value !== undefined && value !== false)} />
      {zip.cleaning && <p className="secondary">{words.cleaning}</p>}
      {zip.deletionNote !== null && <p className="secondary">{zip.deletionNote}</p>}
    </>
  );
}

function secondsBetween(start: string | null, end: string | null): number | undefined {
  return start === null || end === null ? undefined : (Date.parse(end) - Date.parse(start)) / 1000;
}

function leftOutInWords(ownZips: number, excluded: number): string {
  return [ownZips > 0 && words.ownZips(ownZips), excluded > 0 && words.excluded(excluded)].filter(Boolean).join(", ");
}
