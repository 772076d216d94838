/** Another password. */
import { useState } from "react";
import { ApiError } from "../../api/ApiError";
import { call } from "../../api/call";
import { PasswordField } from "../../components/Field";
import { Form } from "../../components/Form";
import { useToast } from "../../components/Toast";
import styles from "./Account.module.css";
import { words } from "./words";

export function Password() {
  const toast = useToast();
  // Another key gives an empty form.
  const [formKey, setFormKey] = useState(0);
  const change = async ({ password = "", newPassword = "" }: Record<string, string>) => {
    try {
      await call("PUT /api/account/password", { body: { password, newPassword } });
    } catch (error) {
      throw asWrongPassword(error);
    }
  };
  return (
    <section className="card stack" aria-labelledby="password">
      <h2 id="password">{words.password}</h2>
      <div className={styles.narrow}>
        <Form
          key={formKey}
          submit={words.changePassword}
          onSubmit={change}
          onDone={() => {
            setFormKey(formKey + 1);
            toast({ text: words.passwordChanged });
          }}
        >
          <PasswordField name="password" label={words.presentPassword} />
          <PasswordField name="newPassword" label={words.newPassword} hint={words.passwordHint} isNew />
        </Form>
      </div>
    </section>
  );
}

/** A refusal of the password that the call has is an error of its field. A 401 is none: the session has ended then. */
export function asWrongPassword(error: unknown): unknown {
  const isRefusal = error instanceof ApiError && error.status === 403;
  return isRefusal ? new ApiError(400, words.wrongPassword, undefined, "password") : error;
}
