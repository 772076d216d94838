/** A quiet line while changes do not arrive by themselves. */
import { formatClock } from "../format/times";
import styles from "./NotLive.module.css";
import { useConnection } from "./useZips";

export function NotLive() {
  const connection = useConnection();
  return (
    <div role="status">
      {connection?.isLive === false && (
        <p className={styles.line}>
          Not live since {formatClock(connection.since)}. Reconnecting; until then this page asks every 2 seconds.
        </p>
      )}
    </div>
  );
}
