import type { Fact } from "../../boundary/fact.ts";
import { observed } from "../../boundary/fact.ts";
import type { Look, Looker } from "./look.ts";

/** A component whose version the knowledge asks for: the program, how it is asked, and where the version stands. */
interface Program {
  readonly component: string;
  readonly program: string;
  readonly words: readonly string[];
  readonly version: RegExp;
}

const dotted = /(\d+(?:\.\d+)+[\w.+~-]*)/;
const programs: readonly Program[] = [
  { component: "docker", program: "dockerd", words: ["--version"], version: dotted },
  { component: "containerd", program: "containerd", words: ["--version"], version: dotted },
  { component: "runc", program: "runc", words: ["--version"], version: /runc version (\S+)/ },
  { component: "crun", program: "crun", words: ["--version"], version: /crun version (\S+)/ },
  { component: "youki", program: "youki", words: ["--version"], version: dotted },
  { component: "podman", program: "podman", words: ["--version"], version: dotted },
  { component: "buildah", program: "buildah", words: ["--version"], version: dotted },
  { component: "buildkit", program: "buildkitd", words: ["--version"], version: /v?(\d+(?:\.\d+)+\S*)/ },
  { component: "cri-o", program: "crio", words: ["--version"], version: dotted },
  { component: "kubernetes", program: "kubelet", words: ["--version"], version: /v(\d+(?:\.\d+)+\S*)/ },
  { component: "runsc", program: "runsc", words: ["--version"], version: /release-(\d+\.\d+)/ },
  { component: "kata", program: "kata-runtime", words: ["--version"], version: dotted },
  { component: "firecracker", program: "firecracker", words: ["--version"], version: /v(\d+(?:\.\d+)+\S*)/ },
  { component: "qemu", program: "qemu-system-x86_64", words: ["--version"], version: dotted },
  { component: "bubblewrap", program: "bwrap", words: ["--version"], version: dotted },
  { component: "lxc", program: "lxc-start", words: ["--version"], version: dotted },
  { component: "incus", program: "incusd", words: ["--version"], version: dotted },
  { component: "nvidia-container-toolkit", program: "nvidia-ctk", words: ["--version"], version: dotted },
];

/** Where programs of a host lie; the first that has one counts, as for whoever starts it. */
const folders = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/**
 * The engines and runtimes that are installed, by version: the package's, where a package brought the program, for that is what
 * the distribution's advisories speak of.
 */
export function programFacts(looker: Looker): ReadonlyMap<string, Fact<string>> {
  return new Map(
    programs.flatMap(({ component, program, words, version }) => {
      const look = looker.run(program, ...words);
      if ("reason" in look) return [];
      const upstream = version.exec(look.text)?.[1];
      const packaged = packageOf(looker, program);
      const value = packaged ?? (upstream === undefined ? undefined : { text: upstream, from: look.from });
      return value === undefined || "reason" in value
        ? []
        : [[component, observed(value.text, value.from)] as const];
    }),
  );
}

/** The version of the package that owns a program, by dpkg or rpm. */
function packageOf(looker: Looker, program: string): Look | undefined {
  for (const folder of folders) {
    const owner = looker.run("dpkg-query", "--search", `${folder}/${program}`);
    if ("reason" in owner) continue;
    const name = owner.text.split(":")[0] ?? "";
    const version = looker.run("dpkg-query", "--show", "--showformat", "${source:Version}", name);
    if ("text" in version && version.text !== "")
      return { text: version.text.trim(), from: `dpkg-query: package ${name}` };
  }
  for (const folder of folders) {
    const owner = looker.run(
      "rpm",
      "--query",
      "--queryformat",
      "%{VERSION}-%{RELEASE}",
      "--file",
      `${folder}/${program}`,
    );
    if ("text" in owner) return { text: owner.text.trim(), from: `rpm: ${folder}/${program}` };
  }
  return undefined;
}

/** The version of the running kernel's package, where dpkg knows it. */
export function kernelPackage(looker: Looker, release: string): Fact<string> | undefined {
  const look = looker.run(
    "dpkg-query",
    "--show",
    "--showformat",
    "${source:Version}",
    `linux-image-${release}`,
  );
  return "text" in look && look.text !== ""
    ? observed(look.text.trim(), `dpkg-query: package linux-image-${release}`)
    : undefined;
}
