import { fstatSync, writeSync } from "node:fs";
import { exitStatus } from "./exit.ts";

/** Once the reader is slower than the pipe is long and asked not to block, Node's own stream has to queue. */
let queued = false;

/**
 * Writes to standard output at once. Node's stream does the same for files and pipes on Linux, and takes milliseconds of a cold
 * start to load; it is used only where the descriptor does not block (EAGAIN). When the reader of a pipe has left (`| head`),
 * the process ends: there is nothing to tell it.
 */
export function writeOut(text: string): void {
  if (queued) {
    process.stdout.write(text);
    return;
  }
  const bytes = Buffer.from(text);
  for (let offset = 0; offset < bytes.length;) {
    try {
      offset += writeSync(1, bytes, offset);
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (code === "EPIPE") process.exit(process.exitCode ?? exitStatus.pipe);
      if (code !== "EAGAIN") throw error;
      queued = true;
      process.stdout.on("error", leave);
      process.stdout.write(bytes.subarray(offset));
      return;
    }
  }
}

/** Whether something still waits to be written: the process must live on until it is. */
export function isQueued(): boolean {
  return queued;
}

function leave(error: NodeJS.ErrnoException): void {
  if (error.code === "EPIPE") process.exit(process.exitCode ?? exitStatus.pipe);
  throw error;
}

/** The major number of /dev/null (Documentation/admin-guide/devices.txt). */
const memoryDevices = 1;

/** Whether a descriptor may be a terminal: only then is it worth loading Node's stream to ask. */
export function mayBeTerminal(descriptor: 1 | 2): boolean {
  try {
    const stat = fstatSync(descriptor);
    return stat.isCharacterDevice() && stat.rdev >> 8 !== memoryDevices;
  } catch {
    return false;
  }
}
