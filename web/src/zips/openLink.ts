/** Follows a link to a file, as a click would, in another tab: if the store refuses, the page is not lost. */
export function openLink(url: string): void {
  open(url, "_blank", "noopener,noreferrer");
}
