/** Puts a text onto the clipboard. Over plain http browsers offer no clipboard, so a selected field and the old command
 * stand in; `beside` is where that field lies for a moment, as a dialog keeps the focus inside. */
export async function copyText(text: string, beside: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyByCommand(text, beside);
  }
}

function copyByCommand(text: string, beside: HTMLElement): boolean {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "hidden";
  area.tabIndex = -1;
  const focused = document.activeElement;
  beside.after(area);
  area.select();
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  } finally {
    area.remove();
    if (focused instanceof HTMLElement) {
      focused.focus({ preventScroll: true });
    }
  }
}
