/** A field with its label, its hint and its error. Its name is the path of the field in the call's body. */
import { type InputHTMLAttributes, type TextareaHTMLAttributes, useId, useState } from "react";
import styles from "./Field.module.css";
import { useFieldError } from "./Form";

interface Shared {
  name: string;
  label: string;
  hint?: string;
}

type InputProps = Shared & Omit<InputHTMLAttributes<HTMLInputElement>, "name" | "id" | "className">;

export function Field({ name, label, hint, ...input }: InputProps) {
  const field = useField(name, hint);
  return (
    <Labelled field={field} label={label} hint={hint}>
      <input {...input} {...field.attributes} className="input" />
    </Labelled>
  );
}

type TextProps = Shared & Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, "name" | "id" | "className">;

export function TextField({ name, label, hint, ...area }: TextProps) {
  const field = useField(name, hint);
  return (
    <Labelled field={field} label={label} hint={hint}>
      <textarea rows={3} {...area} {...field.attributes} className="input" />
    </Labelled>
  );
}

interface PasswordProps extends Shared {
  isNew?: boolean;
  isFirst?: boolean;
}

/** A password, which can be shown. `isNew`: the browser may offer to make one. `isFirst`: typing begins here. */
export function PasswordField({ name, label, hint, isNew = false, isFirst = false }: PasswordProps) {
  const field = useField(name, hint);
  const [isShown, setIsShown] = useState(false);
  return (
    <Labelled field={field} label={label} hint={hint}>
      <div className={styles.password}>
        <input
          {...field.attributes}
          className="input"
          type={isShown ? "text" : "password"}
          autoComplete={isNew ? "new-password" : "current-password"}
          minLength={isNew ? 10 : undefined}
          maxLength={256}
          spellCheck={false}
          autoCapitalize="none"
          required
          autoFocus={isFirst}
        />
        <button
          type="button"
          className="button"
          aria-pressed={isShown}
          aria-label={`Show: ${label}`}
          onClick={() => setIsShown(!isShown)}
        >
          {isShown ? "Hide" : "Show"}
        </button>
      </div>
    </Labelled>
  );
}

interface FieldState {
  id: string;
  error: string | undefined;
  attributes: { id: string; name: string; "aria-invalid": boolean | undefined; "aria-describedby": string | undefined };
}

function useField(name: string, hint: string | undefined): FieldState {
  const id = useId();
  const error = useFieldError(name);
  const notes = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return {
    id,
    error,
    attributes: { id, name, "aria-invalid": error ? true : undefined, "aria-describedby": notes || undefined },
  };
}

interface LabelledProps {
  field: FieldState;
  label: string;
  hint: string | undefined;
  children: React.ReactNode;
}

function Labelled({ field, label, hint, children }: LabelledProps) {
  return (
    <div className={styles.field}>
      <label htmlFor={field.id}>{label}</label>
      {children}
      {hint && (
        <p className="secondary" id={`${field.id}-hint`}>
          {hint}
        </p>
      )}
      {field.error && (
        <p className={styles.error} id={`${field.id}-error`}>
          {field.error}
        </p>
      )}
    </div>
  );
}
