// Asking the operating system about loopback ports. Nothing stays open.
import { createServer } from "node:net";

/** A port that was free a moment ago. Who uses it must be ready to find it taken. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server, 0, "127.0.0.1");
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export type PortState = "free" | "in-use" | "not-allowed";

/** Whether somebody listens on this loopback port, by trying it. */
export async function portState(port: number): Promise<PortState> {
  const server = createServer();
  try {
    await listen(server, port, "127.0.0.1");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE") return "in-use";
    if (code === "EACCES") return "not-allowed";
    throw error;
  }
  await new Promise((resolve) => server.close(resolve));
  return "free";
}

function listen(server: ReturnType<typeof createServer>, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : port);
    });
  });
}
