/** The card in which the pages of the registration stand. */
import type { ReactNode } from "react";
import { PageHeader } from "../../app/PageHeader";
import styles from "./Narrow.module.css";

interface Props {
  title: string;
  children: ReactNode;
  /** A line below the card. */
  below?: ReactNode;
}

export function Narrow({ title, children, below }: Props) {
  return (
    <div className={styles.narrow}>
      <PageHeader title={title} />
      <div className="card stack">{children}</div>
      {below && <p className={`secondary ${styles.below}`}>{below}</p>}
    </div>
  );
}
