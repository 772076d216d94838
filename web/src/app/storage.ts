/** What the browser remembers for the site: never a secret. Where storage is off, nothing is remembered. */
type Name = "theme" | "frame" | "language" | "reloadedAt";

export function remembered(name: Name): string | null {
  try {
    return localStorage.getItem(`s3zipper.${name}`);
  } catch {
    return null;
  }
}

export function remember(name: Name, value: string | null): void {
  try {
    if (value === null) {
      localStorage.removeItem(`s3zipper.${name}`);
    } else {
      localStorage.setItem(`s3zipper.${name}`, value);
    }
  } catch {
    // Nothing is remembered.
  }
}
