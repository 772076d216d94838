/** Keeps the focus in the page. A press may take away what was pressed: the folder that opens, the row that goes. Browsers
 * leave the focus nowhere then, and a screen reader at the beginning; here it goes to what stood around it and stays. */

const PARTS = "tr, li, section, [role='tabpanel'], [role='dialog'], main";

export function keepFocus(): void {
  let focused: Element | undefined;
  let around: HTMLElement[] = [];

  // A press on nothing takes the focus away on purpose.
  document.addEventListener("pointerdown", () => (focused = undefined), true);
  document.addEventListener("focusin", ({ target }) => {
    focused = target as Element;
    around = partsAround(focused);
  });
  new MutationObserver(() => {
    if (focused?.isConnected === false && document.activeElement === document.body) {
      focused = undefined;
      focusPart(around.find((part) => part.isConnected));
    }
  }).observe(document.body, { childList: true, subtree: true });
}

function partsAround(element: Element): HTMLElement[] {
  const part = element.parentElement?.closest<HTMLElement>(PARTS);
  return part ? [part, ...partsAround(part)] : [];
}

/** A part takes the focus for this once: otherwise each click into it would. */
function focusPart(part: HTMLElement | undefined): void {
  if (part !== undefined && !part.hasAttribute("tabindex")) {
    part.tabIndex = -1;
    part.addEventListener("blur", () => part.removeAttribute("tabindex"), { once: true });
  }
  part?.focus({ preventScroll: true });
}
