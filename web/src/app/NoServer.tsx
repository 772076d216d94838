/** In the place of the whole site while the server does not answer. */
import { ErrorBlock } from "../components/ErrorBlock";

export function NoServer({ error }: { error: Error }) {
  return (
    <main className="frame-main">
      <h1 className="hidden">S3zipper</h1>
      <ErrorBlock error={error} onRetry={() => location.reload()} />
    </main>
  );
}
