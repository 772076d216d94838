/** What the program is, for somebody who is not signed in; others are sent to their pages. */
import { Link, Redirect } from "wouter";
import { serverUrl } from "../../app/basePath";
import { PageHeader } from "../../app/PageHeader";
import { HOME } from "../../app/pages";
import { useSession } from "../../app/session";
import { Code } from "../../components/Code";
import styles from "./Landing.module.css";
import { words } from "./words";

export default function Landing() {
  const { server, account } = useSession();
  if (account !== null) {
    return <Redirect to={HOME} replace />;
  }
  return (
    <div className={styles.page}>
      <PageHeader title={words.title}>{words.server(location.host, server)}</PageHeader>
      <div className="stack wide">
        <p>{words.what}</p>
        {!server.accounts && <p>{words.openServer}</p>}
        <div className="row">{server.accounts ? <VisitorButtons /> : <OpenButtons />}</div>
        <section className="card stack" aria-labelledby="example">
          <h2 id="example">{words.exampleTitle}</h2>
          <Code
            what={words.exampleName}
            text={server.accounts ? words.example(serverUrl) : words.openExample(serverUrl)}
          />
          <h3>{words.answerTitle}</h3>
          <pre className={styles.answer} tabIndex={0} aria-label={words.answerTitle}>
            {words.answer}
          </pre>
        </section>
      </div>
    </div>
  );
}

function VisitorButtons() {
  const { registration } = useSession().server;
  return (
    <>
      {registration === "open" ? (
        <Link href="/registration/register" className="button primary">
          {words.register}
        </Link>
      ) : (
        <span>{words.invitation}</span>
      )}
      <Link href="/docs/reference/api" className="button">
        {words.api}
      </Link>
    </>
  );
}

function OpenButtons() {
  return (
    <>
      <Link href="/auth/develop" className="button primary">
        {words.start}
      </Link>
      <Link href="/docs/start/ec2" className="button">
        {words.docs}
      </Link>
    </>
  );
}
