/** What is in the zip, read from the zip itself. */
import { useMemo } from "react";
import { call } from "../../api/call";
import type { Schema } from "../../api/calls";
import { Empty } from "../../components/Empty";
import { Contents, type ContentsSource } from "../../zips/Contents";
import { isUnderWay } from "../../zips/zipWords";
import { fileUrl } from "./fileUrl";
import { words } from "./words";

export function ZipEntries({ zip }: { zip: Schema["Zip"] }) {
  const { id } = zip;
  const source = useMemo(
    (): ContentsSource => ({
      key: id,
      list: (query, signal) => call("GET /api/zips/{id}/files", { path: { id }, query, signal }),
      urlOf: (name) => fileUrl(id, name),
    }),
    [id],
  );
  if (zip.state === "succeeded" && zip.deletedAt === null) {
    return <Contents source={source} />;
  }
  return <Empty text={isUnderWay(zip) ? words.entriesLater : zip.deletedAt ? words.entriesGone : words.entriesNever} />;
}
