/** The dialogs that change an account, or make a link with which its owner sets a new password. */
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../api/call";
import type { Schema } from "../../api/calls";
import { Confirm } from "../../components/Confirm";
import { CopyField } from "../../components/CopyField";
import { Dialog } from "../../components/Dialog";
import { Form } from "../../components/Form";
import { useToast } from "../../components/Toast";
import { words } from "./words";

export type Change = "disable" | "enable" | "delete";

interface Props {
  of: Schema["ManagedAccount"];
  onClose: () => void;
}

export function ChangeAccount({ of: { id, name }, change, onClose }: Props & { change: Change }) {
  const queries = useQueryClient();
  const toast = useToast();
  const run = async () => {
    await call(`POST /api/admin/accounts/{id}/${change}`, { path: { id } });
    await queries.invalidateQueries({ queryKey: ["admin"] });
    toast({ text: words.done[change] });
  };
  return (
    <Confirm title={words[`${change}Title`](name)} action={words[change]} isOpen onConfirm={run} onClose={onClose}>
      <p>{words[`${change}Text`]}</p>
    </Confirm>
  );
}

export function ResetLink({ of: { id, name }, onClose }: Props) {
  const [link, setLink] = useState<string>();
  const make = async () => {
    setLink((await call("POST /api/admin/accounts/{id}/reset", { path: { id } })).link);
  };
  return (
    <Dialog title={words.resetTitle(name)} isOpen onClose={onClose}>
      <p>{words.resetText}</p>
      {link === undefined ? (
        <Form submit={words.reset} onSubmit={make} onCancel={onClose}>
          {null}
        </Form>
      ) : (
        <>
          <CopyField label={words.resetLink} value={link} />
          <div>
            <button type="button" className="button" onClick={onClose}>
              {words.close}
            </button>
          </div>
        </>
      )}
    </Dialog>
  );
}
