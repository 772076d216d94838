/** The contents of a place in a bucket, to tick and to open. */
import { useState } from "react";
import { Empty } from "../../components/Empty";
import { ErrorBlock } from "../../components/ErrorBlock";
import { Icon } from "../../components/Icon";
import { Loading } from "../../components/Loading";
import { formatBytes } from "../../format/sizes";
import { chosenFile, idOf } from "./choice";
import { NOTHING_COUNTED } from "./count";
import styles from "./New.module.css";
import type { Access, Place } from "./store";
import type { useChoices } from "./useChoices";
import { useListing } from "./useListing";
import { words } from "./words";

interface Props {
  access: Access;
  place: Place;
  picked: ReturnType<typeof useChoices>;
  onOpen: (prefix: string) => void;
}

export function Browser({ access, place: { bucket, prefix }, picked, onOpen }: Props) {
  const [filter, setFilter] = useState("");
  const listing = useListing(access, { bucket, prefix: prefix + filter });
  const chosen = new Set(picked.choices.map(idOf));
  const toggle = (key: string, size: number | undefined) => {
    const id = idOf({ bucket, key });
    if (chosen.has(id)) {
      picked.remove(id);
    } else {
      picked.add(size === undefined ? { bucket, key, count: NOTHING_COUNTED } : chosenFile(bucket, key, size));
    }
  };
  return (
    <>
      <form
        role="search"
        className={styles.filter}
        onSubmit={(event) => {
          event.preventDefault();
          setFilter(String(new FormData(event.currentTarget).get("filter")));
        }}
      >
        <input type="search" name="filter" className="input" placeholder={words.filter} aria-label={words.filter} />
        <button type="submit" className="button">
          {words.filterAction}
        </button>
      </form>
      {listing.error && <ErrorBlock error={listing.error} onRetry={listing.retry} />}
      {listing.lines === undefined ? (
        listing.error ? null : <Loading rows={4} />
      ) : listing.lines.length === 0 ? (
        <Empty text={words.empty} />
      ) : (
        <ul className={styles.list} aria-label={words.listOf(`${bucket}/${prefix}`)}>
          {listing.lines.map(({ key, size }) => (
            <li key={key} className={styles.line}>
              <input
                type="checkbox"
                className={styles.tick}
                aria-label={words.choose(key.slice(prefix.length))}
                checked={chosen.has(idOf({ bucket, key }))}
                onChange={() => toggle(key, size)}
              />
              {size === undefined ? (
                <button type="button" className={styles.open} onClick={() => onOpen(key)}>
                  <Icon name="folder" /> {key.slice(prefix.length)}
                </button>
              ) : (
                <span className={styles.file}>{key.slice(prefix.length)}</span>
              )}
              {size !== undefined && <span className="secondary figures">{formatBytes(size)}</span>}
            </li>
          ))}
        </ul>
      )}
      {listing.hasMore && (
        <div>
          <button type="button" className="button" onClick={listing.loadMore}>
            {words.loadMore}
          </button>
        </div>
      )}
    </>
  );
}
