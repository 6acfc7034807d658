import { describe, expect, it } from "vitest";
import { Input } from "./input.ts";

function page() {
  const window = Object.assign(new EventTarget(), { innerWidth: 1000, matchMedia: () => ({ matches: false }) });
  const surface = new EventTarget();
  const input = new Input(window as unknown as Window, surface as HTMLElement);
  input.enabled = true;
  const send = (to: EventTarget, type: string, fields: object) =>
    to.dispatchEvent(Object.assign(new Event(type, { cancelable: true }), fields));
  return {
    input,
    key: (type: "keydown" | "keyup", code: string, fields = {}) => send(window, type, { code, ...fields }),
    mouse: (type: string, x: number, y: number) =>
      send(type === "pointerdown" ? surface : window, type, {
        pointerType: "mouse",
        button: 0,
        clientX: x,
        clientY: y,
        pointerId: 1,
      }),
    touch: (type: string, id: number, x: number, y: number) =>
      send(type === "pointerdown" ? surface : window, type, {
        pointerType: "touch",
        clientX: x,
        clientY: y,
        pointerId: id,
      }),
    blur: () => send(window, "blur", {}),
  };
}

const helm = { xPx: 0, yPx: 0, heading: 0 };
const sameAsScreen = (x: number, y: number) => ({ xPx: x, yPx: y });

describe("the input", () => {
  it("holds keys until they are let go", () => {
    const { input, key } = page();
    key("keydown", "KeyW");
    expect(input.controls(helm, sameAsScreen).throttle).toBe(1);
    key("keyup", "KeyW");
    expect(input.controls(helm, sameAsScreen).throttle).toBe(0);
  });

  it("aims at the pointer as seen from the boat, and goes on doing so while the boat moves", () => {
    const { input, mouse } = page();
    mouse("pointermove", 100, 0);
    expect(input.controls(helm, sameAsScreen).aim).toBeCloseTo(0);
    expect(input.controls({ ...helm, xPx: 100, yPx: 100 }, sameAsScreen).aim).toBeCloseTo(-Math.PI / 2);
  });

  it("fires once for a click that was over before anybody asked", () => {
    const { input, mouse } = page();
    mouse("pointerdown", 10, 10);
    mouse("pointerup", 10, 10);
    expect(input.controls(helm, sameAsScreen).fire).toBe(true);
    expect(input.controls(helm, sameAsScreen).fire).toBe(false);
  });

  it("forgets a click that nobody asked about when the page goes to the background", () => {
    const { input, mouse, blur } = page();
    mouse("pointerdown", 10, 10);
    blur();
    expect(input.controls(helm, sameAsScreen).fire).toBe(false);
  });

  it("lets go of keys whose end the Command key swallowed", () => {
    const { input, key } = page();
    key("keydown", "KeyW");
    key("keydown", "MetaLeft", { metaKey: true });
    key("keyup", "MetaLeft");
    expect(input.controls(helm, sameAsScreen).throttle).toBe(0);
  });

  it("keeps the trigger's key from pressing a button that has the focus", () => {
    const { key } = page();
    key("keydown", "Space");
    expect(key("keyup", "Space")).toBe(false);
    expect(key("keyup", "Space")).toBe(true);
  });

  it("leaves shortcuts and typing alone", () => {
    const { input, key } = page();
    key("keydown", "KeyW", { ctrlKey: true });
    expect(input.controls(helm, sameAsScreen).throttle).toBe(0);
    input.enabled = false;
    key("keydown", "KeyW");
    expect(input.controls(helm, sameAsScreen).throttle).toBe(0);
  });

  it("lets go of everything when the window loses the keyboard", () => {
    const { input, key, blur } = page();
    key("keydown", "KeyW");
    blur();
    expect(input.controls(helm, sameAsScreen).throttle).toBe(0);
  });

  it("sails with the left thumb and fires with the right one, both at once", () => {
    const { input, touch } = page();
    touch("pointerdown", 1, 100, 300);
    touch("pointermove", 1, 200, 300);
    touch("pointerdown", 2, 800, 300);
    touch("pointermove", 2, 800, 400);
    const both = input.controls(helm, sameAsScreen);
    expect(both).toMatchObject({ throttle: 1, rudder: 0, fire: true });
    expect(both.aim).toBeCloseTo(Math.PI / 2);
    touch("pointerup", 2, 800, 400);
    expect(input.controls(helm, sameAsScreen)).toMatchObject({ throttle: 1, fire: false });
    expect(input.touch).toBe(true);
  });

  it("fires at the place that the right thumb taps", () => {
    const { input, touch } = page();
    touch("pointerdown", 2, 700, 700);
    touch("pointerup", 2, 700, 700);
    expect(input.controls(helm, sameAsScreen).fire).toBe(true);
  });

  it("hears nothing any more once it is closed", () => {
    const { input, key } = page();
    input.close();
    key("keydown", "KeyW");
    expect(input.controls(helm, sameAsScreen).throttle).toBe(0);
  });
});
