/** The address of the page that shows what a link leads to: https://host/stream/TARGET/SIGNATURE/name.zip has
 * https://host/shared/TARGET/SIGNATURE. None where the link is of another form. */
export function pageOfLink(link: string): string[] {
  const [, base, target, signature] = /^(.*)\/stream\/([^/?#]+)\/([^/?#]+)/.exec(link) ?? [];
  return base === undefined ? [] : [`${base}/shared/${target}/${signature}`];
}
