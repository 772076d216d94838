/** A value to take away, in a field that can be selected, with a button that copies it. */
import { useId, useRef } from "react";
import { CopyButton } from "./CopyButton";
import styles from "./CopyField.module.css";

export function CopyField({ label, value }: { label: string; value: string }) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  return (
    <div>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <div className={styles.row}>
        <input
          id={id}
          ref={input}
          className="input mono"
          readOnly
          value={value}
          autoComplete="off"
          spellCheck={false}
          onFocus={(event) => event.currentTarget.select()}
        />
        <CopyButton text={value} what={label} select={() => input.current?.select()} />
      </div>
    </div>
  );
}
