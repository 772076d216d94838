/** Says what has failed, in the place that it concerns; the rest of the page stays. */
import { Icon } from "./Icon";
import styles from "./states.module.css";

export function ErrorBlock({ error, onRetry }: { error: Error; onRetry?: () => void }) {
  return (
    <div className={styles.error} role="alert">
      <Icon name="alert" />
      <p>{error.message}</p>
      {onRetry && (
        <button type="button" className="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}
