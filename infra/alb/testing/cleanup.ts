// Closes what a test has opened, last first, after each test.

import { afterEach } from "vitest";

export function closeAfterEach(): <T extends { close(): unknown }>(each: T) => T {
  const open: { close(): unknown }[] = [];
  afterEach(async () => {
    for (const each of open.splice(0).reverse()) await each.close();
  });
  return (each) => {
    open.push(each);
    return each;
  };
}
