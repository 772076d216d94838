/** The first account, whose maker shows by a code that the server is theirs. */
import { ApiError } from "../../api/ApiError";
import { call } from "../../api/call";
import { useSession } from "../../app/session";
import { Field, PasswordField } from "../../components/Field";
import { Form } from "../../components/Form";
import { Narrow } from "../registration/Narrow";
import { useCode } from "../registration/useCode";
import { words } from "./words";

export default function Setup() {
  const { signedIn } = useSession();
  const code = useCode();
  const setUp = async ({ code = "", name = "", password = "" }: Record<string, string>) => {
    try {
      signedIn(await call("POST /setup", { body: { code: code.trim(), name, password } }));
    } catch (error) {
      const isWrongCode = error instanceof ApiError && (error.status === 401 || error.status === 403);
      throw isWrongCode ? new ApiError(400, words.wrongCode, undefined, "code") : error;
    }
  };
  return (
    <Narrow title={words.title}>
      <p>{words.text}</p>
      <Form submit={words.action} onSubmit={setUp}>
        <Field
          name="code"
          label={words.code}
          hint={words.codeHint}
          defaultValue={code}
          autoComplete="off"
          spellCheck={false}
          required
        />
        <Field name="name" label={words.mail} type="email" autoComplete="username" required />
        <PasswordField name="password" label={words.password} hint={words.passwordHint} isNew />
      </Form>
    </Narrow>
  );
}
