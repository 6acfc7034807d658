import { describe, expect, it } from "vitest";
import { isSoftware } from "./graphics.ts";

describe("the graphics", () => {
  it("know a renderer in software by its name", () => {
    expect(
      isSoftware("ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero) (0x0000C0DE)), SwiftShader driver)"),
    ).toBe(true);
    expect(isSoftware("llvmpipe (LLVM 15.0.6, 256 bits)")).toBe(true);
    expect(isSoftware("Microsoft Basic Render Driver")).toBe(true);
    expect(isSoftware("ANGLE (Apple, ANGLE Metal Renderer: Apple M1, Unspecified Version)")).toBe(false);
    expect(isSoftware("")).toBe(false);
  });
});
