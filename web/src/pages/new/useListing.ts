/** The folders and files of a place, page by page. */
import { useEffect, useState } from "react";
import { type Access, listObjects, type Place } from "./store";

interface Line {
  key: string;
  /** Undefined: a folder. */
  size: number | undefined;
}

export function useListing(access: Access, { bucket, prefix }: Place) {
  const [lines, setLines] = useState<Line[]>();
  const [next, setNext] = useState<string | null>(null);
  const [error, setError] = useState<Error>();
  /** The cursor of the page that is wanted; counts tries, so that the same may be asked for again. */
  const [wanted, setWanted] = useState<{ cursor?: string; attempt: number }>({ attempt: 0 });

  useEffect(() => {
    const abort = new AbortController();
    setError(undefined);
    if (wanted.cursor === undefined) {
      setLines(undefined);
    }
    listObjects(access, { bucket, prefix }, wanted.cursor, abort.signal).then(
      (page) => {
        const news: Line[] = [
          ...page.folders.map((key) => ({ key, size: undefined })),
          // A folder may have an empty object of its own name, which is not in it.
          ...page.objects.filter(({ key }) => key !== prefix).map(({ key, size }) => ({ key, size })),
        ];
        setLines((all) => (wanted.cursor === undefined ? news : [...(all ?? []), ...news]));
        setNext(page.nextCursor);
      },
      (thrown: Error) => abort.signal.aborted || setError(thrown),
    );
    return () => abort.abort();
  }, [access, bucket, prefix, wanted]);

  return {
    lines,
    error,
    hasMore: next !== null,
    loadMore: () => next !== null && setWanted({ cursor: next, attempt: 0 }),
    retry: () => setWanted(({ attempt, ...rest }) => ({ ...rest, attempt: attempt + 1 })),
  };
}
