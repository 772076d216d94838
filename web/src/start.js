// Runs before the first paint: the reader's theme, whether the outline has the rail of somebody who is signed in, and
// the first call, which would otherwise wait for the program. It is no module, as those wait for the page. What it reads
// here, app/theme.ts and app/Frame.tsx write.
{
  const root = document.documentElement;
  let read = () => null;
  try {
    const storage = localStorage;
    read = (key) => storage.getItem(key);
  } catch {
    // Storage is off: the system's theme it is.
  }
  const theme = read("s3zipper.theme");
  if (theme === "light" || theme === "dark") {
    root.dataset.theme = theme;
  }
  const isAlone = location.pathname.startsWith(`${root.dataset.base}shared/`);
  root.dataset.frame = read("s3zipper.frame") === "rail" && !isAlone ? "rail" : "top";

  const session = document.createElement("link");
  session.rel = "preload";
  session.as = "fetch";
  session.crossOrigin = "anonymous";
  session.href = `${root.dataset.base}session`;
  document.head.append(session);
}
