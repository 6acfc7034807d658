// What this browser can draw with. A renderer in software (a virtual machine, a test) gets a plainer picture from the start.

export type Graphics = "none" | "software" | "hardware";

const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i;

export function graphicsOf(document: Document): Graphics {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("webgl2") ?? canvas.getContext("webgl");
  if (!context) return "none";
  const info = context.getExtension("WEBGL_debug_renderer_info");
  const name = info ? String(context.getParameter(info.UNMASKED_RENDERER_WEBGL)) : "";
  // Browsers allow a page only a few contexts; this one has said what it knows.
  context.getExtension("WEBGL_lose_context")?.loseContext();
  return isSoftware(name) ? "software" : "hardware";
}

export function isSoftware(rendererName: string): boolean {
  return SOFTWARE.test(rendererName);
}
