/** Keeps what has been ticked, and counts folders one after the other, in the order of ticking. */
import { useCallback, useEffect, useState } from "react";
import { type Choice, idOf } from "./choice";
import { type Count, NOTHING_COUNTED } from "./count";
import { type Access, countFolder } from "./store";

export function useChoices(access: Access | undefined) {
  const [choices, setChoices] = useState<Choice[]>([]);

  const setCount = useCallback((id: string, change: (count: Count) => Count) => {
    setChoices((all) =>
      all.map((choice) => (idOf(choice) === id ? { ...choice, count: change(choice.count) } : choice)),
    );
  }, []);

  const next = choices.find(({ count }) => count.state === "counting");
  const nextId = next && idOf(next);
  useEffect(() => {
    if (access === undefined || next === undefined || nextId === undefined) {
      return;
    }
    const abort = new AbortController();
    countFolder(access, { bucket: next.bucket, prefix: next.key }, (count) => setCount(nextId, () => count), abort.signal).catch(
      () => {
        if (!abort.signal.aborted) {
          setCount(nextId, (count) => ({ ...count, state: "failed" }));
        }
      },
    );
    return () => abort.abort();
    // A folder is counted from its beginning until another one is next.
  }, [access, nextId, setCount]);

  const add = useCallback((choice: Choice) => setChoices((all) => [...all, choice]), []);
  const remove = useCallback((id: string) => setChoices((all) => all.filter((choice) => idOf(choice) !== id)), []);
  return {
    choices,
    add,
    remove,
    stop: useCallback((id: string) => setCount(id, (count) => ({ ...count, state: "stopped" })), [setCount]),
    goOn: useCallback((id: string) => setCount(id, () => NOTHING_COUNTED), [setCount]),
    clear: useCallback(() => setChoices([]), []),
  };
}
