/** Copies a text, and says whether that went well. */
import { useEffect, useRef, useState } from "react";
import { copyText } from "./copyText";
import { Icon } from "./Icon";

interface Props {
  text: string;
  /** What is copied, for screen readers: "the secret". */
  what: string;
  /** What the button says, where "Copy" alone is not clear. */
  word?: string;
  isIcon?: boolean;
  /** Without a border, where the button stands in a frame already. */
  isQuiet?: boolean;
  /** Selects the text where it stands, for a browser in which copying fails. */
  select?: () => void;
}

const SAID_FOR_MS = 3_000;

export function CopyButton({ text, what, word: usual = "Copy", isIcon = false, isQuiet = isIcon, select }: Props) {
  const [result, setResult] = useState<"copied" | "failed">();
  const button = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    const timer = result && setTimeout(() => setResult(undefined), SAID_FOR_MS);
    return () => clearTimeout(timer);
  }, [result]);

  const copy = async () => {
    const isCopied = button.current !== null && (await copyText(text, button.current));
    setResult(isCopied ? "copied" : "failed");
    if (!isCopied) {
      select?.();
    }
  };

  const word = result === "copied" ? "Copied" : result === "failed" ? "Press Ctrl+C" : usual;
  return (
    <>
      <button
        ref={button}
        type="button"
        className={`button${isQuiet ? " quiet" : ""}${isIcon ? " icon" : ""}`}
        aria-label={`Copy ${what}`}
        title={isIcon ? word : undefined}
        onClick={() => void copy()}
      >
        <Icon name={result === "copied" ? "check" : "copy"} />
        {!isIcon && <span aria-hidden="true">{word}</span>}
      </button>
      <span className="hidden" role="status">
        {result && word}
      </span>
    </>
  );
}
