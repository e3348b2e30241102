import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { assembleDefaultProfiles } from "../../src/seccomp/assemble.ts";
import type { DefaultProfile } from "../../src/seccomp/default-profile.ts";
import { resolveProfile } from "../../src/seccomp/resolve.ts";
import type { KernelVersion, ResolvedFilter } from "../../src/seccomp/types.ts";

const folder = fileURLToPath(new URL("../../knowledge/profiles/", import.meta.url));

const documents: readonly unknown[] = readdirSync(folder)
  .filter((file) => file.endsWith(".json"))
  .map((file) => JSON.parse(readFileSync(folder + file, "utf8")) as unknown);

/** The shipped default profiles, as the loader would hand them in. */
export const shipped = assembleDefaultProfiles(documents);

export const shippedProfile = (name: string): DefaultProfile => {
  const found = shipped.profiles.find((profile) => profile.name === name);
  if (!found) throw new Error(`no shipped profile is named ${name}`);
  return found;
};

export interface Setting {
  readonly capabilities?: readonly string[];
  readonly kernel?: KernelVersion | undefined;
  readonly arch?: string;
  readonly numbers?: Readonly<Record<string, number>>;
}

/** A shipped profile for one container; the kernel is 6.1 unless the setting names one, even `undefined`. */
export const filterOf = (name: string, setting: Setting = {}): ResolvedFilter =>
  resolveProfile(shippedProfile(name).profile, {
    capabilities: new Set((setting.capabilities ?? []).map((capability) => `CAP_${capability}`)),
    arch: setting.arch ?? "amd64",
    kernel: "kernel" in setting ? setting.kernel : [6, 1],
    ...(setting.numbers && { numbers: setting.numbers }),
  });

const numbersFile = new URL("../../knowledge/syscalls/x86_64.json", import.meta.url);

export const x86Numbers = (
  JSON.parse(readFileSync(numbersFile, "utf8")) as { numbers: Readonly<Record<string, number>> }
).numbers;
