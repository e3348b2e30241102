import type { Assessment, ReportedVulnerability, Subject } from "../../engine/assessment.ts";
import { imageName, imagePurl, purl } from "./purl.ts";

export interface Product {
  readonly "@id": string;
  readonly identifiers: { readonly purl: string };
  readonly subcomponents: readonly { readonly "@id": string }[];
}

/** The subject itself: a product that no scanner finds, so that what holds for one container is never taken for another. */
export function subjectProduct({ id }: Subject, vulnerability: ReportedVulnerability, host: Host): Product {
  return product(purl("generic", "container", id), [hostComponent(vulnerability, host)]);
}

/**
 * The subject's image, with the packages inside an image for which scanners report this vulnerability, and for which the answer
 * is the host's; undefined where there are none.
 */
export function imageProduct(
  { image }: Subject,
  vulnerability: ReportedVulnerability,
  host: Host,
): Product | undefined {
  const named = imageName(image);
  const inside = named ? packagesInside(vulnerability, host) : [];
  return named && inside.length > 0 ? product(imagePurl(named), inside) : undefined;
}

function product(id: string, subcomponents: readonly string[]): Product {
  return {
    "@id": id,
    identifiers: { purl: id },
    subcomponents: subcomponents.map((sub) => ({ "@id": sub })),
  };
}

/** How the host's distribution calls its packages. */
export interface Host {
  readonly packages: "deb" | "rpm" | "apk" | undefined;
  readonly namespace: string;
}

const distributions: readonly (readonly [RegExp, Host])[] = [
  [/ubuntu/i, { packages: "deb", namespace: "ubuntu" }],
  [/debian/i, { packages: "deb", namespace: "debian" }],
  [/red hat|\brhel\b/i, { packages: "rpm", namespace: "redhat" }],
  [/fedora/i, { packages: "rpm", namespace: "fedora" }],
  [/alpine/i, { packages: "apk", namespace: "alpine" }],
];

/** Reads the host's distribution from the facts that the report holds. */
export function hostOf({ host }: Assessment): Host {
  const fact = host.facts["distribution"];
  const value = typeof fact === "object" && fact !== null && "value" in fact ? fact.value : undefined;
  const known = distributions.find(([pattern]) => typeof value === "string" && pattern.test(value));
  return known?.[1] ?? { packages: undefined, namespace: "" };
}

/** The vulnerable component, on the host: by its package where the version names a build of one. */
function hostComponent({ component, installed }: ReportedVulnerability, host: Host): string {
  const isKernel = component === "linux";
  if (host.packages && installed !== null && isPackage(installed, isKernel))
    return purl(host.packages, host.namespace, packageName(component, host), installed);
  return purl("generic", "", isKernel ? "linux-kernel" : component, installed);
}

/** `uname -r` holds a hyphen too (`6.1.0-18-amd64`), and is no package version. */
function isPackage(version: string, isKernel: boolean): boolean {
  return isKernel
    ? /^\d+(\.\d+)+-\d+(\.\d+)*(~|\+|$)/.test(version)
    : /-/.test(version) && !/-rc/.test(version);
}

function packageName(component: string, { packages }: Host): string {
  return component === "docker" && packages === "deb" ? "docker.io" : component;
}

/**
 * Packages inside an image that carry the kernel's headers: scanners report the kernel's bugs for them. They hold no code of the
 * kernel that runs; that is the host's, and the statement is about it.
 */
const kernelHeaders = [
  purl("deb", "debian", "linux-libc-dev"),
  purl("deb", "ubuntu", "linux-libc-dev"),
  purl("apk", "alpine", "linux-headers"),
  purl("rpm", "redhat", "kernel-headers"),
  purl("rpm", "fedora", "kernel-headers"),
];

const modules: Readonly<Record<string, readonly string[]>> = {
  runc: ["github.com/opencontainers/runc"],
  containerd: ["github.com/containerd/containerd", "github.com/containerd/containerd/v2"],
  docker: ["github.com/docker/docker", "github.com/moby/moby"],
  "cri-o": ["github.com/cri-o/cri-o"],
  kubernetes: ["k8s.io/kubernetes"],
  buildkit: ["github.com/moby/buildkit"],
};

/**
 * A runtime inside the image (Docker in Docker) runs containers of its own, and the boundary of this container says nothing of
 * those: it is named only where the version alone decides, and then by that version.
 */
function packagesInside(vulnerability: ReportedVulnerability, host: Host): readonly string[] {
  const { component, version, installed } = vulnerability;
  if (component === "linux") return kernelHeaders;
  if (installed === null || (version !== "fixed" && version !== "not-affected")) return [];
  if (isPackage(installed, false)) return host.packages ? [hostComponent(vulnerability, host)] : [];
  const release = /^v?(\d+\.\d+.*)$/.exec(installed)?.[1];
  const paths = Object.hasOwn(modules, component) ? (modules[component] ?? []) : [];
  return release === undefined ? [] : paths.map((path) => golang(path, release));
}

function golang(path: string, release: string): string {
  const parts = path.split("/");
  return purl("golang", parts.slice(0, -1).join("/"), parts.at(-1) ?? "", `v${release}`);
}
