/** Asks for the password again when the session has ended under a page. The page stays as it is below the dialog, with
 * all that was typed. */
import { Dialog } from "../components/Dialog";
import { SignInForm } from "../pages/registration/SignInForm";
import { useSession } from "./session";

export function SignInAgain() {
  const { isLost, account } = useSession();
  return (
    <Dialog title="Sign in again" isOpen={isLost}>
      <p>You have been signed out meanwhile. What you have typed stays here.</p>
      <SignInForm name={account?.name ?? ""} />
    </Dialog>
  );
}
