/** Asks before what cannot be undone: revoke, disable, delete. All else offers a way back instead. */
import type { ReactNode } from "react";
import { Dialog } from "./Dialog";
import { Form } from "./Form";

interface Props {
  title: string;
  /** What stops or is lost, and fields that are needed for it. */
  children: ReactNode;
  /** The verb on the button. */
  action: string;
  isOpen: boolean;
  onConfirm: (values: Record<string, string>) => Promise<unknown>;
  onClose: () => void;
}

export function Confirm({ title, children, action, isOpen, onConfirm, onClose }: Props) {
  return (
    <Dialog title={title} isOpen={isOpen} onClose={onClose}>
      <Form submit={action} isDanger onSubmit={onConfirm} onDone={onClose} onCancel={onClose}>
        {children}
      </Form>
    </Dialog>
  );
}
