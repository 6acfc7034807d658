// The only way the HUD makes elements: text goes in as text, so names cannot carry markup.

export interface ElementOptions {
  className?: string;
  text?: string;
  /** Attributes as they stand in HTML. */
  attributes?: Record<string, string>;
}

export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  options: ElementOptions = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  if (options.className) made.className = options.className;
  if (options.text !== undefined) made.textContent = options.text;
  for (const [name, value] of Object.entries(options.attributes ?? {})) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Writes only when it differs: layout is not touched for nothing. */
export function setText(target: HTMLElement, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

export function show(target: HTMLElement, visible: boolean): void {
  if (target.hidden === visible) target.hidden = !visible;
}

export function button(label: string, className: string, onPress: () => void, description?: string): HTMLButtonElement {
  const made = element("button", { className, text: label, attributes: { type: "button" } });
  if (description) {
    made.title = description;
    made.setAttribute("aria-label", description);
  }
  made.addEventListener("click", onPress);
  return made;
}
