/** A new account: at once, or after a mail whose link confirms the address. */
import { useState } from "react";
import { Link } from "wouter";
import { call } from "../../api/call";
import { useSession } from "../../app/session";
import { Field, PasswordField } from "../../components/Field";
import { Form } from "../../components/Form";
import { Narrow } from "./Narrow";
import { useCode } from "./useCode";
import { words } from "./words";

export default function Register() {
  const { server } = useSession();
  const invitation = useCode();
  const [sentTo, setSentTo] = useState<string>();
  const below = (
    <>
      {words.haveAccount} <Link href="/registration/login">{words.login}</Link>
    </>
  );
  if (sentTo !== undefined) {
    return (
      <Narrow title={words.register}>
        <p role="status">{words.confirmSent(sentTo)}</p>
      </Narrow>
    );
  }
  return (
    <Narrow title={words.register} below={below}>
      {server.registration === "closed" && invitation === "" ? (
        <p>{words.closed}</p>
      ) : (
        <RegisterForm invitation={invitation} onSent={setSentTo} />
      )}
    </Narrow>
  );
}

function RegisterForm({ invitation, onSent }: { invitation: string; onSent: (name: string) => void }) {
  const { server, signedIn } = useSession();
  const register = async (values: Record<string, string>) => {
    const { name = "", password = "" } = values;
    const answer = await call("POST /registration", {
      body: { name, password, invitation: values.invitation ?? invitation },
    });
    if ("confirm" in answer) {
      onSent(name);
    } else {
      signedIn(answer);
    }
  };
  return (
    <Form submit={words.register} onSubmit={register}>
      <Field name="name" label={words.mail} type="email" autoComplete="username" required />
      <PasswordField name="password" label={words.password} hint={words.passwordHint} isNew />
      {server.registration !== "open" && invitation === "" && (
        <Field
          name="invitation"
          label={words.invitation}
          hint={words.invitationHint}
          autoComplete="off"
          spellCheck={false}
          required
        />
      )}
    </Form>
  );
}
