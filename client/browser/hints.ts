// Moments at which it is worth trying to connect at once: the network is back, or somebody looks at the page again.

export function onConnectHint(window: Window, document: Document): (tryNow: () => void) => () => void {
  return (tryNow) => {
    const seen = () => {
      if (!document.hidden) tryNow();
    };
    window.addEventListener("online", tryNow);
    document.addEventListener("visibilitychange", seen);
    return () => {
      window.removeEventListener("online", tryNow);
      document.removeEventListener("visibilitychange", seen);
    };
  };
}
