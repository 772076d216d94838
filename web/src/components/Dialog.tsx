/** A dialog. Its code is loaded when the first one opens. */
import { lazy, type ReactNode, Suspense, useState } from "react";

export interface DialogProps {
  title: string;
  isOpen: boolean;
  /** Asked to close, by Escape or the cross; whether it does is the owner's affair. A click outside never closes. Without
   * it there is no cross, as for a dialog that must be answered. */
  onClose?: () => void;
  children: ReactNode;
}

const DialogBox = lazy(() => import("./DialogBox"));

export function Dialog(props: DialogProps) {
  const [wasOpen, setWasOpen] = useState(props.isOpen);
  if (props.isOpen && !wasOpen) {
    setWasOpen(true);
  }
  return wasOpen ? (
    <Suspense fallback={null}>
      <DialogBox {...props} />
    </Suspense>
  ) : null;
}
