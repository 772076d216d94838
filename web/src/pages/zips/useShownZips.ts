/** Which zips stand in the list, and in which order. That is as it was read first: under a pointer nothing moves. What
 * has come meanwhile is counted, and shown when the reader asks for it. */
import { useCallback, useEffect, useState } from "react";
import type { Schema } from "../../api/calls";
import type { EventMessage } from "../../zips/eventMessages";
import { putZips, useZipEvents } from "../../zips/useZips";

type Zip = Schema["Zip"];

interface Shown {
  cursor: string | undefined;
  zips: Zip[];
}

/** `read` is what the server listed last at this cursor; `fits` says whether it would list a zip that was heard of. */
export function useShownZips(read: Zip[] | undefined, cursor: string | undefined, fits: (zip: Zip) => boolean) {
  const [shown, setShown] = useState<Shown>();
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  const isOther = shown === undefined || shown.cursor !== cursor || shown.zips.length === 0;

  if (read !== undefined && isOther && shown?.zips !== read) {
    setShown({ cursor, zips: read });
    setFresh(new Set());
  }

  const noteFresh = useCallback(
    (zips: Zip[]) => {
      const newest = shown?.zips[0]?.createdAt;
      const news = zips.filter(
        ({ id, createdAt }) =>
          newest !== undefined && createdAt >= newest && !shown?.zips.some((zip) => zip.id === id),
      );
      if (news.length > 0) {
        setFresh((former) => new Set([...former, ...news.map(({ id }) => id)]));
      }
    },
    [shown],
  );

  useEffect(() => {
    if (read !== undefined) {
      putZips(read);
      noteFresh(read);
    }
  }, [read, noteFresh]);

  useZipEvents(
    useCallback(
      (message: EventMessage) => message.type === "zip" && fits(message.zip) && noteFresh([message.zip]),
      [noteFresh, fits],
    ),
  );

  return {
    zips: shown?.cursor === cursor ? shown?.zips : undefined,
    freshCount: fresh.size,
    /** Shows what was read now. */
    show: useCallback(
      (zips: Zip[]) => {
        setShown({ cursor, zips });
        setFresh(new Set());
      },
      [cursor],
    ),
  };
}
