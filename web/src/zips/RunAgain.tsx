/** Asks for credentials to run a zip again: those of its first run were erased when it ended. */
import { call } from "../api/call";
import type { Schema } from "../api/calls";
import { Dialog } from "../components/Dialog";
import { Form } from "../components/Form";
import { CredentialFields, credentialsIn } from "./CredentialFields";
import { putZips } from "./useZips";
import { nameOf } from "./zipWords";

interface Props {
  /** Undefined: the dialog is closed. */
  zip: Schema["Zip"] | undefined;
  onClose: () => void;
}

export function RunAgain({ zip, onClose }: Props) {
  const retry = async (values: Record<string, string>) => {
    if (zip !== undefined) {
      putZips([
        await call("POST /api/zips/{id}/retry", { path: { id: zip.id }, body: { credentials: credentialsIn(values) } }),
      ]);
    }
  };
  return (
    <Dialog title={zip ? `Run ${nameOf(zip)} again` : "Run again"} isOpen={zip !== undefined} onClose={onClose}>
      <p>The credentials of its first run are erased. These are used for this run only.</p>
      <Form submit="Run again" onSubmit={retry} onDone={onClose} onCancel={onClose}>
        <CredentialFields />
      </Form>
    </Dialog>
  );
}
