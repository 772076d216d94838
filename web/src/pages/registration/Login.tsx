/** The sign-in. */
import { Link } from "wouter";
import { useSession } from "../../app/session";
import { Narrow } from "./Narrow";
import { SignInForm } from "./SignInForm";
import { words } from "./words";

export default function Login() {
  const { registration } = useSession().server;
  const below = registration !== "closed" && (
    <>
      {words.noAccount} <Link href="/registration/register">{words.register}</Link>
    </>
  );
  return (
    <Narrow title={words.login} below={below}>
      <SignInForm />
    </Narrow>
  );
}
