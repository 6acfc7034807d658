// Moments at which the network may be another one, or back: it is worth trying to connect at once, and asking whether an open wire lives.

/** What of a page is listened to. */
export interface Hinting {
  window: EventTarget;
  document: EventTarget & { readonly hidden: boolean };
  /** In some browsers its `connection` tells that a phone went from one network to another. */
  navigator: object;
}

export function onConnectHint({ window, document, navigator }: Hinting): (tryNow: () => void) => () => void {
  const { connection } = navigator as { connection?: EventTarget };
  return (tryNow) => {
    const seen = () => {
      if (!document.hidden) tryNow();
    };
    const sources: [EventTarget | undefined, string, () => void][] = [
      [window, "online", tryNow],
      [connection, "change", tryNow],
      [window, "focus", seen],
      [window, "pageshow", seen],
      [document, "visibilitychange", seen],
      // A page that the browser had frozen.
      [document, "resume", seen],
    ];
    for (const [source, name, listener] of sources) source?.addEventListener(name, listener);
    return () => {
      for (const [source, name, listener] of sources) source?.removeEventListener(name, listener);
    };
  };
}
