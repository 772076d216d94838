/** Shows a secret, this once. It lives in the state of the component that shows this dialog, and nowhere else. */
import { useState } from "react";
import type { Schema } from "../../api/calls";
import { serverUrl } from "../../app/basePath";
import { CopyField } from "../../components/CopyField";
import { Dialog } from "../../components/Dialog";
import { Icon } from "../../components/Icon";
import styles from "./Developer.module.css";
import { envFile } from "./envFile";
import { words } from "./words";

export function SecretOnce({ of: key, onClose }: { of: Schema["NewUserKey"]; onClose: () => void }) {
  const [isAsking, setIsAsking] = useState(false);
  return (
    <Dialog title={words.newKeyTitle(key.name)} isOpen onClose={() => setIsAsking(true)}>
      <CopyField label="userKey" value={key.userKey} />
      <CopyField label="userSecret" value={key.userSecret} />
      <p className={styles.once}>
        <Icon name="alert" /> {words.once}
      </p>
      {isAsking ? (
        <div className="stack" role="alert">
          <p>{words.closeUnstored}</p>
          <div className="row">
            <button type="button" className="button danger" onClick={onClose}>
              {words.closeAnyway}
            </button>
            <button type="button" className="button" onClick={() => setIsAsking(false)}>
              {words.goBack}
            </button>
          </div>
        </div>
      ) : (
        <div className="row">
          <button type="button" className="button primary" onClick={onClose}>
            {words.stored}
          </button>
          <button type="button" className="button" onClick={() => download(envFile(serverUrl, key))}>
            <Icon name="download" /> {words.download}
          </button>
        </div>
      )}
    </Dialog>
  );
}

function download(text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = "s3zipper.env";
  link.click();
  URL.revokeObjectURL(url);
}
