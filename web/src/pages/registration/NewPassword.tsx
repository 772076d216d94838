/** Where the link of the mail for a forgotten password leads. */
import { call } from "../../api/call";
import { useSession } from "../../app/session";
import { PasswordField } from "../../components/Field";
import { CodePage } from "./CodePage";
import { words } from "./words";

export default function NewPassword() {
  const { signedIn } = useSession();
  return (
    <CodePage
      title={words.choosePassword}
      text={words.passwordText}
      action={words.savePassword}
      onCode={async (code, { password = "" }) => {
        signedIn(await call("POST /registration/password", { body: { code, password } }));
      }}
    >
      <PasswordField name="password" label={words.newPassword} hint={words.passwordHint} isNew />
    </CodePage>
  );
}
