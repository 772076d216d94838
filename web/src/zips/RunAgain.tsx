/** Asks for credentials to run a zip again: those of its first run were erased when it ended. */
import type { Schema } from "../api/calls";
import { Dialog } from "../components/Dialog";
import { Form } from "../components/Form";
import { CredentialFields, credentialsIn } from "./CredentialFields";
import { runAgain } from "./runZipAgain";
import { nameOf } from "./zipWords";

interface Props {
  /** Undefined: the dialog is closed. */
  zip: Schema["Zip"] | undefined;
  /** Gets the new zip, where one was made. */
  onMade: (zip: Schema["Zip"]) => void;
  onClose: () => void;
}

export function RunAgain({ zip, onMade, onClose }: Props) {
  const run = async (values: Record<string, string>) => {
    if (zip !== undefined) {
      const running = await runAgain(zip, credentialsIn(values));
      onClose();
      if (running.id !== zip.id) {
        onMade(running);
      }
    }
  };
  return (
    <Dialog title={zip ? `Run ${nameOf(zip)} again` : "Run again"} isOpen={zip !== undefined} onClose={onClose}>
      <p>The credentials of its first run are erased. These are used for this run only.</p>
      <Form submit="Run again" onSubmit={run} onCancel={onClose}>
        <CredentialFields />
      </Form>
    </Dialog>
  );
}
