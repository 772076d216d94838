/** Mail and password: on the sign-in page, and in the dialog of a session that has ended. */
import { Link } from "wouter";
import { call } from "../../api/call";
import { useSession } from "../../app/session";
import { Field, PasswordField } from "../../components/Field";
import { Form } from "../../components/Form";
import { words } from "./words";

/** `name`: whose session it was, if there was one. */
export function SignInForm({ name = "" }: { name?: string }) {
  const { signedIn } = useSession();
  return (
    <Form
      submit={words.login}
      onSubmit={async (values) => {
        signedIn(await call("POST /session", { body: { name: values.name ?? "", password: values.password ?? "" } }));
      }}
      aside={<Link href="/registration/reset">{words.forgot}</Link>}
    >
      <Field
        name="name"
        label={words.mail}
        type="text"
        inputMode="email"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        defaultValue={name}
        required
      />
      <PasswordField name="password" label={words.password} isFirst={name !== ""} />
    </Form>
  );
}
