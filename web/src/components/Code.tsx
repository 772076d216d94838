/** A piece of code under a line with its name and a button that copies it. */
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
    <figure className={styles.code}>
      <figcaption className={styles.caption}>
        <span className="secondary">{what}</span>
        <CopyButton text={text} what={what} select={select} isQuiet />
      </figcaption>
      <pre ref={pre} tabIndex={0} aria-label={what}>
        {text}
      </pre>
    </figure>
  );
}
