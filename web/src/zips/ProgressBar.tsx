/** How much of a zip is done. Striped while nobody knows how much there is. */
import styles from "./ProgressBar.module.css";

interface Props {
  /** What it is about, for screen readers. */
  label: string;
  /** From 0 to 1. */
  share: number | undefined;
}

export function ProgressBar({ label, share }: Props) {
  return (
    <div
      className={styles.track}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={share === undefined ? undefined : Math.floor(share * 100)}
    >
      <div
        className={share === undefined ? styles.unknown : styles.bar}
        style={share === undefined ? undefined : { transform: `scaleX(${share})` }}
      />
    </div>
  );
}
