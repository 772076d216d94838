/** In the place of a list that has nothing: one sentence, and what to do about it. */
import type { ReactNode } from "react";
import styles from "./states.module.css";

export function Empty({ text, children }: { text: string; children?: ReactNode }) {
  return (
    <div className={styles.empty}>
      <p>{text}</p>
      {children && <div className="row">{children}</div>}
    </div>
  );
}
