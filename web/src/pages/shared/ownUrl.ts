/** A link's address as this page may ask for it: at the page's own server, which the policy wants, even if the server is
 * known to the world by another name. */
import { basePath } from "../../app/basePath";

export function ownUrl(link: string): string {
  const at = link.indexOf("/stream/");
  return at === -1 ? link : basePath + link.slice(at + 1);
}
