/** How far a zip is: a bar with figures, or why it has failed. Always of one height. */
import type { Schema } from "../../api/calls";
import { asSentence } from "../../format/sentences";
import { ProgressBar } from "../../zips/ProgressBar";
import type { ZipActions } from "../../zips/useZipActions";
import { isBegun, nameOf, progressInWords, shareDone } from "../../zips/zipWords";
import { words } from "./words";
import styles from "./Zips.module.css";

export function ZipProgress({ zip, actions }: { zip: Schema["Zip"]; actions: ZipActions }) {
  if (actions.isCancelling(zip.id)) {
    return (
      <div className={styles.cancelling}>
        <span className={styles.line}>{words.willBeCancelled}</span>
        <button type="button" className={styles.undo} onClick={() => actions.undoCancel(zip.id)}>
          {words.undo}
        </button>
      </div>
    );
  }
  const reason = zip.error === null ? undefined : asSentence(zip.error);
  if (reason !== undefined) {
    return (
      <div className={styles.progress}>
        <span className={styles.reason} title={reason}>
          {reason}
        </span>
      </div>
    );
  }
  return (
    <div className={styles.progress}>
      {isBegun(zip) && (
        <ProgressBar label={words.progressOf(nameOf(zip))} share={shareDone(zip)} />
      )}
      <span className={styles.line}>{progressInWords(zip)}</span>
    </div>
  );
}
