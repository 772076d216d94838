/** The dialogs that make, rename, revoke a key, or give it another secret. */
import { call } from "../../api/call";
import type { Schema } from "../../api/calls";
import { Confirm } from "../../components/Confirm";
import { Dialog } from "../../components/Dialog";
import { Field } from "../../components/Field";
import { Form } from "../../components/Form";
import { Time } from "../../components/Time";
import { useToast } from "../../components/Toast";
import styles from "./Developer.module.css";
import { useKeysChanged } from "./keys";
import { words } from "./words";

type Key = Schema["UserKey"];

interface Closable {
  onClose: () => void;
}

interface Making extends Closable {
  /** Gets the key with its secret. */
  onMade: (key: Schema["NewUserKey"]) => void;
}

export function MakeKey({ isOpen, onMade, onClose }: Making & { isOpen: boolean }) {
  const changed = useKeysChanged();
  const make = async ({ name = "" }: Record<string, string>) => {
    const key = await call("POST /api/keys", { body: { name } });
    changed();
    onMade(key);
  };
  return (
    <Dialog title={words.newKey} isOpen={isOpen} onClose={onClose}>
      <Form submit={words.makeKey} onSubmit={make} onCancel={onClose}>
        <Field name="name" label={words.name} hint={words.nameHint} defaultValue="default" autoComplete="off" required />
      </Form>
    </Dialog>
  );
}

export function RotateKey({ of: { userKey, name }, onMade, onClose }: Making & { of: Key }) {
  const changed = useKeysChanged();
  const rotate = async ({ overlapHours }: Record<string, string>) => {
    const body = { overlapHours: Number(overlapHours) };
    const key = await call("POST /api/keys/{userKey}/rotate", { path: { userKey }, body });
    changed();
    onMade(key);
  };
  return (
    <Dialog title={words.rotateTitle(name)} isOpen onClose={onClose}>
      <Form submit={words.rotate} onSubmit={rotate} onCancel={onClose}>
        <fieldset className={styles.choice}>
          <legend>{words.overlap}</legend>
          <label>
            <input type="radio" name="overlapHours" value="24" defaultChecked /> {words.overlapDay}
          </label>
          <label>
            <input type="radio" name="overlapHours" value="0" /> {words.overlapNone}
          </label>
        </fieldset>
      </Form>
    </Dialog>
  );
}

export function RenameKey({ of: { userKey, name }, onClose }: Closable & { of: Key }) {
  const changed = useKeysChanged();
  const toast = useToast();
  const rename = async ({ name = "" }: Record<string, string>) => {
    await call("PUT /api/keys/{userKey}", { path: { userKey }, body: { name } });
    changed();
    toast({ text: words.renamed });
  };
  return (
    <Dialog title={words.renameTitle(name)} isOpen onClose={onClose}>
      <Form submit={words.rename} onSubmit={rename} onDone={onClose} onCancel={onClose}>
        <Field name="name" label={words.name} defaultValue={name} autoComplete="off" required />
      </Form>
    </Dialog>
  );
}

export function RevokeKey({ of: { userKey, name, lastUsedAt }, onClose }: Closable & { of: Key }) {
  const changed = useKeysChanged();
  const toast = useToast();
  const revoke = async () => {
    await call("DELETE /api/keys/{userKey}", { path: { userKey }, body: {} });
    changed();
    toast({ text: words.revoked });
  };
  return (
    <Confirm title={words.revokeTitle(name)} action={words.revoke} isOpen onConfirm={revoke} onClose={onClose}>
      <p>{words.revokeText}</p>
      <p>
        {lastUsedAt ? (
          <>
            {words.lastUsed} <Time at={lastUsedAt} />.
          </>
        ) : (
          words.neverUsedYet
        )}
      </p>
    </Confirm>
  );
}
