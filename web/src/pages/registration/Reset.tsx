/** Asks for a mail with a link to a new password. */
import { useState } from "react";
import { Link } from "wouter";
import { call } from "../../api/call";
import { useSession } from "../../app/session";
import { Field } from "../../components/Field";
import { Form } from "../../components/Form";
import { Narrow } from "./Narrow";
import { words } from "./words";

export default function Reset() {
  const { server } = useSession();
  const [sentTo, setSentTo] = useState<string>();
  return (
    <Narrow title={words.reset} below={<Link href="/registration/login">{words.login}</Link>}>
      {!server.mail ? (
        <p>
          {words.noMail} <code>{words.noMailCommand}</code>
        </p>
      ) : sentTo !== undefined ? (
        <p role="status">{words.resetSent(sentTo)}</p>
      ) : (
        <Form
          submit={words.sendLink}
          onSubmit={async ({ name = "" }) => {
            await call("POST /registration/reset", { body: { name } });
            setSentTo(name);
          }}
        >
          <Field name="name" label={words.mail} type="email" autoComplete="username" required />
        </Form>
      )}
    </Narrow>
  );
}
