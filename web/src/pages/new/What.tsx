/** Buckets and folders to tick in, and what has been ticked. */
import { useState } from "react";
import { Crumbs, foldersOf } from "../../components/Crumbs";
import type { Connection } from "./Connect";
import { Chosen } from "./Chosen";
import { Browser } from "./Browser";
import styles from "./New.module.css";
import type { useChoices } from "./useChoices";
import { words } from "./words";

interface Props {
  connection: Connection | undefined;
  picked: ReturnType<typeof useChoices>;
}

export function What({ connection, picked }: Props) {
  return (
    <section className="card stack" aria-labelledby="what">
      <h2 id="what">{words.what}</h2>
      {connection === undefined ? (
        <p className="secondary">{words.notConnected}</p>
      ) : (
        <div className={styles.what}>
          <Places connection={connection} picked={picked} />
          <Chosen picked={picked} />
        </div>
      )}
    </section>
  );
}

function Places({ connection, picked }: { connection: Connection; picked: Props["picked"] }) {
  const { access, buckets } = connection;
  const [bucket, setBucket] = useState(buckets.length === 1 ? (buckets[0] ?? "") : "");
  const [prefix, setPrefix] = useState("");
  const open = (nextBucket: string, nextPrefix: string) => {
    setBucket(nextBucket);
    setPrefix(nextPrefix);
  };
  return (
    <div className="stack">
      <PlaceCrumbs bucket={bucket} prefix={prefix} hasBuckets={buckets.length > 1} onOpen={open} />
      {bucket === "" ? (
        <ul className={styles.list} aria-label={words.buckets}>
          {buckets.map((name) => (
            <li key={name} className={styles.line}>
              <button type="button" className={styles.open} onClick={() => open(name, "")}>
                {name}
              </button>
            </li>
          ))}
        </ul>
      ) : (
        <Browser
          key={`${bucket}/${prefix}`}
          access={access}
          place={{ bucket, prefix }}
          picked={picked}
          onOpen={(folder) => open(bucket, folder)}
        />
      )}
    </div>
  );
}

interface PlaceCrumbsProps {
  bucket: string;
  prefix: string;
  hasBuckets: boolean;
  onOpen: (bucket: string, prefix: string) => void;
}

function PlaceCrumbs({ bucket, prefix, hasBuckets, onOpen }: PlaceCrumbsProps) {
  const steps = [
    ...(hasBuckets ? [{ name: words.buckets, bucket: "", prefix: "" }] : []),
    ...(bucket === "" ? [] : [{ name: bucket, bucket, prefix: "" }]),
    ...foldersOf(prefix).map((folder) => ({ ...folder, bucket })),
  ];
  return (
    <Crumbs
      label={words.place}
      steps={steps.map((step) => ({
        key: `${step.bucket}/${step.prefix}`,
        name: step.name,
        onOpen: () => onOpen(step.bucket, step.prefix),
      }))}
    />
  );
}
