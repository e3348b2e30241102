import type { HostFacts } from "../../boundary/host.ts";
import type { Looker } from "./look.ts";
import { factFrom } from "./look.ts";

/** The distribution by os-release(5): `Debian 12`, `Ubuntu 24.04`; one without a release is rolling, and named alone. */
export function distributionFact(looker: Looker): HostFacts["distribution"] {
  const first = looker.read("/etc/os-release");
  const look = "text" in first ? first : looker.read("/usr/lib/os-release");
  return factFrom("host.distribution", look, (text) => {
    const field = (name: string): string | undefined =>
      new RegExp(`^${name}=["']?([^"'\\n]*)["']?$`, "m").exec(text)?.[1];
    const name = field("NAME")?.replace(/ GNU\/Linux$/, "");
    const release = field("VERSION_ID");
    return name === undefined ? undefined : release === undefined ? name : `${name} ${release}`;
  });
}

/** Folders that distributions have replaced with links (usr-merge, /run). */
const linked = ["/var/run", "/var/lock", "/bin", "/sbin", "/lib", "/lib64"];

export function linkFacts(looker: Looker): HostFacts["links"] {
  return new Map(
    linked.flatMap((path) => {
      const target = looker.link(path);
      if (target === undefined) return [];
      return [
        [
          path,
          target.startsWith("/") ? target : `${path.slice(0, path.lastIndexOf("/"))}/${target}`,
        ] as const,
      ];
    }),
  );
}
