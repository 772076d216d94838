/** A form: native fields and their constraints, the server's errors at the fields that they name, and a button that
 * waits when the server says so. */
import { createContext, type FormEvent, type ReactNode, useContext, useEffect, useRef, useState } from "react";
import { ApiError } from "../api/ApiError";
import { ErrorBlock } from "./ErrorBlock";

/** The error that the last attempt gave, for the fields inside. */
const FormErrorContext = createContext<Error | undefined>(undefined);

/** The message for the field of this name, if the form's error is about it. */
export function useFieldError(name: string): string | undefined {
  const error = useContext(FormErrorContext);
  return error instanceof ApiError && error.field === name ? error.message : undefined;
}

interface Props {
  children: ReactNode;
  /** The verb on the button. */
  submit: string;
  /** What cannot be undone: the focus of a dialog is on Cancel then, which comes first. */
  isDanger?: boolean;
  /** Gets the fields' values by their names. What it throws is shown. */
  onSubmit: (values: Record<string, string>) => Promise<unknown>;
  onDone?: () => void;
  onCancel?: () => void;
  /** Beside the button: "Forgot it?". */
  aside?: ReactNode;
}

export function Form({ children, submit, isDanger = false, onSubmit, onDone, onCancel, aside }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const [error, setError] = useState<Error>();
  const [isBusy, setIsBusy] = useState(false);
  const seconds = useCountdown(error);
  // The button is not disabled meanwhile, as it would lose the focus.
  const isWaiting = isBusy || seconds > 0;

  useEffect(() => {
    if (error !== undefined) {
      form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
    }
  }, [error]);

  const run = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (isWaiting) {
      return;
    }
    const values = Object.fromEntries(new FormData(event.currentTarget)) as Record<string, string>;
    setIsBusy(true);
    setError(undefined);
    try {
      await onSubmit(values);
      onDone?.();
    } catch (thrown) {
      setError(thrown as Error);
    } finally {
      setIsBusy(false);
    }
  };

  const cancel = onCancel && (
    <button type="button" className="button" onClick={onCancel}>
      Cancel
    </button>
  );
  return (
    <form ref={form} className="stack" onSubmit={(event) => void run(event)}>
      <FormErrorContext value={error}>{children}</FormErrorContext>
      <FormError error={error} form={form.current} />
      <div className="row">
        {isDanger && cancel}
        <button
          type="submit"
          className={`button ${isDanger ? "danger" : "primary"}`}
          aria-disabled={isWaiting}
          aria-busy={isBusy}
        >
          {seconds > 0 ? `Try again in ${seconds} s` : submit}
        </button>
        {!isDanger && cancel}
        {aside}
      </div>
    </form>
  );
}

/** What has failed, unless a field says it. */
function FormError({ error, form }: { error: Error | undefined; form: HTMLFormElement | null }) {
  const field = error instanceof ApiError ? error.field : undefined;
  if (error === undefined || (field !== undefined && form?.elements.namedItem(field))) {
    return null;
  }
  return <ErrorBlock error={error} />;
}

/** For how many seconds the server wants no other try. */
function useCountdown(error: Error | undefined): number {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    setSeconds((error instanceof ApiError && error.retryAfterSeconds) || 0);
  }, [error]);
  useEffect(() => {
    const timer = seconds > 0 ? setTimeout(() => setSeconds(seconds - 1), 1000) : undefined;
    return () => clearTimeout(timer);
  }, [seconds]);
  return seconds;
}
