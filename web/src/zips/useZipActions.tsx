/** What can be done with a zip, in lists and on its page: cancel (sent after five seconds, in which it can be undone),
 * run again, download, copy the link. */
import { type ReactNode, useCallback, useMemo, useState } from "react";
import { ApiError } from "../api/ApiError";
import { call } from "../api/call";
import type { Schema } from "../api/calls";
import { copyText } from "../components/copyText";
import type { MenuItem } from "../components/Menu";
import { useToast } from "../components/Toast";
import { openLink } from "./openLink";
import { RunAgain } from "./RunAgain";
import { runAgain as sendRunAgain } from "./runZipAgain";
import { useCancelling } from "./useCancelling";
import { putZips } from "./useZips";
import { isUnderWay, nameOf } from "./zipWords";

type Zip = Schema["Zip"];

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

async function sendCancel(id: string): Promise<void> {
  putZips([await call("POST /api/zips/{id}/cancel", { path: { id } })]);
}

/** `onMade` gets the new zip where running again has made one; it must stay the same function. */
export function useZipActions(onMade: (zip: Zip) => void): ZipActions {
  const cancelling = useCancelling(sendCancel);
  const [again, setAgain] = useState<Zip>();
  const [error, setError] = useState<Error>();

  const runAgain = useCallback(
    async (zip: Zip) => {
      setError(undefined);
      try {
        const run = await sendRunAgain(zip, undefined);
        if (run.id !== zip.id) {
          onMade(run);
        }
      } catch (thrown) {
        if (thrown instanceof ApiError && thrown.field?.startsWith("credentials")) {
          setAgain(zip);
        } else {
          setError(thrown as Error);
        }
      }
    },
    [onMade],
  );

  return useMemo(
    () => ({
      cancel: (zip: Zip) => cancelling.cancel(zip.id, nameOf(zip)),
      undoCancel: cancelling.undo,
      runAgain: (zip: Zip) => void runAgain(zip),
      isCancelling: cancelling.isCancelling,
      error: error ?? cancelling.error,
      dialog: <RunAgain zip={again} onMade={onMade} onClose={() => setAgain(undefined)} />,
    }),
    [cancelling, runAgain, error, again, onMade],
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
    if (!isUnderWay(zip)) {
      items.push({ label: "Run again", onSelect: () => actions.runAgain(zip) });
    }
    return items;
  };
}
