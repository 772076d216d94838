/** The files of what a link leads to. */
import { useMemo } from "react";
import { call } from "../../api/call";
import { Contents, type ContentsSource } from "../../zips/Contents";
import type { LinkNames } from "./useShared";

export default function SharedContents({ names: { target, signature } }: { names: LinkNames }) {
  const source = useMemo(
    (): ContentsSource => ({
      key: `${target}/${signature}`,
      list: (query, signal) =>
        call("GET /api/shared/{target}/{signature}/files", { path: { target, signature }, query, signal }),
    }),
    [target, signature],
  );
  return <Contents source={source} />;
}
