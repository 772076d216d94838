/** A line that confirms what was done, at the window's foot, for some seconds. What fails is told where it failed, and
 * not here. */
import { createContext, type ReactNode, useCallback, useContext, useEffect, useState } from "react";
import styles from "./Toast.module.css";

interface ToastMessage {
  text: string;
  /** A way back: "Undo". */
  action?: { label: string; run: () => void };
}

const SHOWN_FOR_MS = 5_000;
const ToastContext = createContext<(message: ToastMessage) => void>(() => {});

/** Gives the function that shows a line: `toast({text: "Key revoked"})`. */
export function useToast(): (message: ToastMessage) => void {
  return useContext(ToastContext);
}

export function ToastHost({ children }: { children: ReactNode }) {
  const [message, setMessage] = useState<ToastMessage>();
  const show = useCallback((next: ToastMessage) => setMessage({ ...next }), []);

  useEffect(() => {
    const timer = message && setTimeout(() => setMessage(undefined), SHOWN_FOR_MS);
    return () => clearTimeout(timer);
  }, [message]);

  return (
    <ToastContext value={show}>
      {children}
      <div className={styles.host} role="status">
        {message && (
          <div className={styles.toast}>
            {message.text}
            {message.action && (
              <button
                type="button"
                className="button"
                onClick={() => {
                  message.action?.run();
                  setMessage(undefined);
                }}
              >
                {message.action.label}
              </button>
            )}
          </div>
        )}
      </div>
    </ToastContext>
  );
}
