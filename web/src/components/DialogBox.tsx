/** The dialog itself; Dialog.tsx loads it. */
import { Dialog as Base } from "@base-ui/react/dialog";
import type { DialogProps } from "./Dialog";
import { Icon } from "./Icon";
import styles from "./DialogBox.module.css";

export default function DialogBox({ title, isOpen, onClose, children }: DialogProps) {
  return (
    <Base.Root open={isOpen} onOpenChange={(open) => open || onClose?.()} disablePointerDismissal>
      <Base.Portal>
        <Base.Backdrop className={styles.backdrop} />
        <Base.Popup className={styles.popup}>
          <Base.Title className={styles.title}>{title}</Base.Title>
          <div className="stack">{children}</div>
          {onClose && (
            // It comes last, so that the focus begins at what the dialog is about.
            <button type="button" className={`button quiet icon ${styles.close}`} aria-label="Close" onClick={onClose}>
              <Icon name="close" />
            </button>
          )}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
