// Copies a text; false when the browser does not allow it, so that the caller can show the text instead.

export async function copyText(navigator: Navigator, text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // No permission or no secure context: the caller shows the text.
    return false;
  }
}
