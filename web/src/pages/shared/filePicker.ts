/** The browser's own way to write into a file that the reader chooses. Some browsers have none, and all of them only in
 * pages that came over https or from this machine. TypeScript's library does not know it yet. */
interface PickerWindow {
  showSaveFilePicker?: (options: { suggestedName: string }) => Promise<FileSystemFileHandle>;
}

export const canPickFile = isSecureContext && "showSaveFilePicker" in window;

/** Undefined: the reader has chosen none. */
export async function pickFile(suggestedName: string): Promise<FileSystemFileHandle | undefined> {
  try {
    return await (window as PickerWindow).showSaveFilePicker?.({ suggestedName });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") {
      return undefined;
    }
    throw error;
  }
}
