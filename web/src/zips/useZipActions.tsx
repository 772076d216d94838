/** What can be done with a zip, in lists and on its page: cancel (sent after five seconds, in which it can be undone),
 * run again, download, copy the link. */
import { type ReactNode, useCallback, useMemo, useRef, useState } from "react";
import { ApiError } from "../api/ApiError";
import { call } from "../api/call";
import type { Schema } from "../api/calls";
import { copyText } from "../components/copyText";
import type { MenuItem } from "../components/Menu";
import { useToast } from "../components/Toast";
import { openLink } from "./openLink";
import { RunAgain } from "./RunAgain";
import { putZips } from "./useZips";
import { isUnderWay, nameOf } from "./zipWords";

type Zip = Schema["Zip"];

const UNDO_MS = 5_000;

export interface ZipActions {
  cancel: (zip: Zip) => void;
  undoCancel: (id: string) => void;
  runAgain: (zip: Zip) => void;
  /** Whether it will be cancelled in some seconds. */
  isCancelling: (id: string) => boolean;
  /** What went wrong last. */
  error: Error | undefined;
  /** The dialog that an action may need. */
  dialog: ReactNode;
}

export function useZipActions(): ZipActions {
  const [cancelling, setCancelling] = useState<ReadonlySet<string>>(new Set());
  const [again, setAgain] = useState<Zip>();
  const [error, setError] = useState<Error>();
  const timers = useRef(new Map<string, ReturnType<typeof setTimeout>>());
  const toast = useToast();

  const undoCancel = useCallback((id: string) => {
    clearTimeout(timers.current.get(id));
    timers.current.delete(id);
    setCancelling(new Set(timers.current.keys()));
  }, []);

  const cancel = useCallback(
    (zip: Zip) => {
      const send = async () => {
        try {
          putZips([await call("POST /api/zips/{id}/cancel", { path: { id: zip.id } })]);
        } catch (thrown) {
          setError(thrown as Error);
        }
        undoCancel(zip.id);
      };
      setError(undefined);
      timers.current.set(zip.id, setTimeout(() => void send(), UNDO_MS));
      setCancelling(new Set(timers.current.keys()));
      toast({
        text: `${nameOf(zip)} is being cancelled`,
        action: { label: "Undo", run: () => undoCancel(zip.id) },
      });
    },
    [toast, undoCancel],
  );

  const runAgain = useCallback(async (zip: Zip) => {
    setError(undefined);
    try {
      putZips([await call("POST /api/zips/{id}/retry", { path: { id: zip.id }, body: {} })]);
    } catch (thrown) {
      if (thrown instanceof ApiError && thrown.field?.startsWith("credentials")) {
        setAgain(zip);
      } else {
        setError(thrown as Error);
      }
    }
  }, []);

  const dialog = <RunAgain zip={again} onClose={() => setAgain(undefined)} />;
  return useMemo(
    () => ({
      cancel,
      undoCancel,
      runAgain: (zip: Zip) => void runAgain(zip),
      isCancelling: (id: string) => cancelling.has(id),
      error,
      dialog,
    }),
    [cancel, undoCancel, runAgain, cancelling, error, again],
  );
}

/** The items of a zip's menu: what its state allows. */
export function useZipMenu(actions: ZipActions): (zip: Zip) => MenuItem[] {
  const toast = useToast();
  return (zip) => {
    const items: MenuItem[] = [];
    if (actions.isCancelling(zip.id)) {
      items.push({ label: "Undo the cancelling", onSelect: () => actions.undoCancel(zip.id) });
    } else if (isUnderWay(zip)) {
      items.push({ label: "Cancel", isDanger: true, onSelect: () => actions.cancel(zip) });
    }
    zip.links.forEach((link, at) => {
      const which = zip.links.length === 1 ? "" : ` ${at + 1} of ${zip.links.length}`;
      items.push({ label: `Download${which}`, onSelect: () => openLink(link) });
    });
    const link = zip.links[0];
    if (link !== undefined) {
      items.push({
        label: "Copy link",
        onSelect: () => void copyText(zip.links.join("\n"), document.body).then((isCopied) =>
          toast({ text: isCopied ? "Copied" : "The browser does not let this page copy. Open the zip to see its link." }),
        ),
      });
    }
    if (zip.state === "failed" || zip.state === "cancelled") {
      items.push({ label: "Run again", onSelect: () => actions.runAgain(zip) });
    }
    return items;
  };
}
