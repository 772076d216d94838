/** A state: icon, word and colour together. */
import { Icon, type IconName } from "./Icon";
import styles from "./Chip.module.css";

export type Tone = "zipping" | "ready" | "failed" | "waiting" | "cancelled";

const ICONS: Record<Tone, IconName> = {
  zipping: "archive",
  ready: "check",
  failed: "alert",
  waiting: "clock",
  cancelled: "stop",
};

export function Chip({ tone, children }: { tone: Tone; children: string }) {
  return (
    <span className={`chip ${styles.chip} ${styles[tone]}`}>
      <Icon name={ICONS[tone]} />
      {children}
    </span>
  );
}
