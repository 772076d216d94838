/** Says to screen readers which zips have ended, and nothing else: what moves is in the rows. */
import { useCallback, useRef, useState } from "react";
import type { EventMessage } from "../../zips/eventMessages";
import { useZipEvents } from "../../zips/useZips";
import { isUnderWay, nameOf } from "../../zips/zipWords";
import { words } from "./words";

export function EndsSaid() {
  const [text, setText] = useState("");
  const underWay = useRef(new Set<string>());

  const hear = useCallback((message: EventMessage) => {
    if (message.type !== "zip") {
      return;
    }
    const { zip } = message;
    if (isUnderWay(zip)) {
      underWay.current.add(zip.id);
    } else if (underWay.current.delete(zip.id) && zip.state !== "cancelled") {
      setText(zip.state === "succeeded" ? words.ready(nameOf(zip)) : words.failed(nameOf(zip)));
    }
  }, []);
  useZipEvents(hear);

  return (
    <div className="hidden" role="status">
      {text}
    </div>
  );
}
