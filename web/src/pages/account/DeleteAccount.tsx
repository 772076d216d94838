/** The end of the account. */
import { useState } from "react";
import { call } from "../../api/call";
import { basePath } from "../../app/basePath";
import { Confirm } from "../../components/Confirm";
import { PasswordField } from "../../components/Field";
import { asWrongPassword } from "./Password";
import { words } from "./words";

export function DeleteAccount() {
  const [isAsking, setIsAsking] = useState(false);
  const remove = async ({ password = "" }: Record<string, string>) => {
    try {
      await call("DELETE /api/account", { body: { password } });
    } catch (error) {
      throw asWrongPassword(error);
    }
    location.assign(basePath);
  };
  return (
    <section className="card stack" aria-labelledby="delete">
      <h2 id="delete">{words.deletion}</h2>
      <p className="secondary">{words.deletionText}</p>
      <div>
        <button type="button" className="button danger" onClick={() => setIsAsking(true)}>
          {words.deleteAction}
        </button>
      </div>
      <Confirm
        title={words.deleteTitle}
        action={words.deleteAction}
        isOpen={isAsking}
        onConfirm={remove}
        onClose={() => setIsAsking(false)}
      >
        <p>{words.deletionText}</p>
        <PasswordField name="password" label={words.password} />
      </Confirm>
    </section>
  );
}
