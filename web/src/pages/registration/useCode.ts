/** The code behind the # of a link in a mail. It is taken out of the address at once, so that it is neither in the
 * history nor in a picture of the window. */
import { useEffect, useState } from "react";

export function useCode(): string {
  const [code] = useState(() => decodeURIComponent(location.hash.slice(1)));
  useEffect(() => history.replaceState(history.state, "", location.pathname + location.search), []);
  return code;
}
