/** Waits for the first call with one of the keys, and tells of its arrival. */
import { Time } from "../../components/Time";
import { Icon } from "../../components/Icon";
import styles from "./Developer.module.css";
import { useKeys } from "./keys";
import { words } from "./words";

export function FirstCall() {
  const keys = useKeys().data?.keys ?? [];
  if (keys.length === 0) {
    return null;
  }
  const last = keys
    .filter((key) => key.lastUsedAt !== null)
    .sort((a, b) => Date.parse(b.lastUsedAt ?? "") - Date.parse(a.lastUsedAt ?? ""))[0];
  return (
    <div className={styles.call}>
      <span className="hidden" role="status">
        {last ? words.arrivedShort : words.waiting}
      </span>
      {last?.lastUsedAt ? (
        <>
          <Icon name="check" />
          <span>
            {words.arrived} <Time at={last.lastUsedAt} /> {last.lastUsedFrom && words.from(last.lastUsedFrom)}
          </span>
        </>
      ) : (
        <>
          <Icon name="clock" />
          {words.waiting}
        </>
      )}
    </div>
  );
}
