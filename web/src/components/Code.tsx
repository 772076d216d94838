/** A piece of code, with a button that copies it. */
import { useRef } from "react";
import styles from "./Code.module.css";
import { CopyButton } from "./CopyButton";

export function Code({ text, what }: { text: string; what: string }) {
  const pre = useRef<HTMLPreElement>(null);
  const select = () => {
    if (pre.current !== null) {
      getSelection()?.selectAllChildren(pre.current);
    }
  };
  return (
    <div className={styles.code}>
      <pre ref={pre} tabIndex={0} aria-label={what}>
        {text}
      </pre>
      <div className={styles.copy}>
        <CopyButton text={text} what={what} select={select} />
      </div>
    </div>
  );
}
