/** The path under which the server has the site, with a slash at both ends: the server writes it into the page. */
export const basePath = document.documentElement.dataset.base ?? "/";

/** The same without the slash at the end, as routes want it: "" or "/zips". */
export const routeBase = basePath.slice(0, -1);

/** The whole address of the server, as other programs need it: "https://example.org/zips". */
export const serverUrl = location.origin + routeBase;
