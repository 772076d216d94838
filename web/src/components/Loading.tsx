/** Grey blocks in the place of what is on its way; nothing for the first 150 ms. */
import styles from "./states.module.css";

/** `rows`: how many blocks of the height of a table's row; without it, one of the height of a card. */
export function Loading({ rows }: { rows?: number }) {
  return (
    <div className={styles.loading} role="status">
      <span className="hidden">Loading</span>
      {rows === undefined ? (
        <div className="ghost block" />
      ) : (
        Array.from({ length: rows }, (_, row) => <div key={row} className={`ghost ${styles.line}`} />)
      )}
    </div>
  );
}
