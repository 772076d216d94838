/** The name of the program with its sign, as a link. */
import { Link } from "wouter";

export function Brand({ to }: { to: string }) {
  return (
    <Link href={to} className="frame-brand">
      <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true" fill="currentColor">
        <path d="M5 1h10a3 3 0 0 1 3 3v12a3 3 0 0 1-3 3H5a3 3 0 0 1-3-3V4a3 3 0 0 1 3-3zm3.5 2v2h1.5V3zM10 5v2h1.5V5zM8.5 7v2H10V7zM10 9v2h1.5V9zm-1.5 3v4h3v-4z" fillRule="evenodd" />
      </svg>
      S3zipper
    </Link>
  );
}
