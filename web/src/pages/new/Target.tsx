/** Where the zip goes: into a bucket, or to whoever has the link. */
import { useEffect, useId, useState } from "react";
import { type Choice, nameFor } from "./choice";
import type { Connection } from "./Connect";
import styles from "./New.module.css";
import { words } from "./words";

export interface TargetFields {
  isLink: boolean;
  /** Of the zip, if it goes into one. */
  bucket: string;
  /** Its key there, or the name of the download. */
  name: string;
  hours: number;
}

interface Props {
  connection: Connection | undefined;
  choices: Choice[];
  fields: TargetFields;
  /** The size of what stands at the zip's place, if something does. */
  replacedBytes: number | undefined;
  onChange: (fields: TargetFields) => void;
}

export function Target({ connection, choices, fields, replacedBytes, onChange }: Props) {
  const id = useId();
  const [isNamed, setIsNamed] = useState(false);
  const { isLink, bucket, name, hours } = fields;

  // Until somebody says otherwise, name and bucket follow what is chosen.
  const proposed = nameFor(choices);
  const firstBucket = choices[0]?.bucket ?? "";
  useEffect(() => {
    if (proposed !== "") {
      onChange({
        ...fields,
        bucket: bucket || firstBucket,
        name: isNamed ? name : isLink ? proposed : `zips/${proposed}`,
      });
    }
  }, [proposed, firstBucket, isLink, isNamed]);

  if (connection === undefined) {
    return (
      <section className="card stack" aria-labelledby="to">
        <h2 id="to">{words.to}</h2>
        <p className="secondary">{words.notConnected}</p>
      </section>
    );
  }
  const setName = (value: string) => {
    setIsNamed(true);
    onChange({ ...fields, name: value });
  };
  return (
    <section className="card stack" aria-labelledby="to">
      <h2 id="to">{words.to}</h2>
      <fieldset className={styles.choices}>
        <legend className="hidden">{words.kind}</legend>
        <label>
          <input type="radio" name="kind" checked={!isLink} onChange={() => onChange({ ...fields, isLink: false })} />{" "}
          {words.intoBucket}
        </label>
        <label>
          <input type="radio" name="kind" checked={isLink} onChange={() => onChange({ ...fields, isLink: true, name: lastPart(name) })} />{" "}
          {words.asLink}
        </label>
      </fieldset>
      <div className={styles.fields}>
        {!isLink && (
          <div className={styles.field}>
            <label htmlFor={`${id}-bucket`}>{words.bucket}</label>
            <select
              id={`${id}-bucket`}
              className="input"
              value={bucket}
              onChange={(event) => onChange({ ...fields, bucket: event.target.value })}
            >
              {connection.buckets.map((each) => (
                <option key={each}>{each}</option>
              ))}
            </select>
          </div>
        )}
        <div className={styles.field}>
          <label htmlFor={`${id}-name`}>{isLink ? words.fileName : words.key}</label>
          <input
            id={`${id}-name`}
            className="input"
            value={name}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            aria-describedby={`${id}-note`}
            onChange={(event) => setName(event.target.value)}
          />
          <p id={`${id}-note`} className="secondary" role="status">
            {replacedBytes === undefined ? words.keyHint : words.exists(replacedBytes)}
          </p>
        </div>
        {isLink && (
          <div className={styles.field}>
            <label htmlFor={`${id}-hours`}>{words.hours}</label>
            <select
              id={`${id}-hours`}
              className="input"
              value={hours}
              onChange={(event) => onChange({ ...fields, hours: Number(event.target.value) })}
            >
              {words.hourChoices.map(([value, text]) => (
                <option key={value} value={value}>
                  {text}
                </option>
              ))}
            </select>
          </div>
        )}
      </div>
    </section>
  );
}

/** The name of a download has no folders. */
function lastPart(key: string): string {
  return key.slice(key.lastIndexOf("/") + 1);
}
