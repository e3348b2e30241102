/** Go modules of components, with what a version of theirs says about the component's: its own, or nothing. */
interface Module {
  readonly component: string;
  /** Not for modules whose releases have numbers of their own, or none. */
  readonly versioned: boolean;
}

/** Source packages of distributions, by component. Kernels for clouds and newer hardware number their own fixes: only the main one. */
const packages: Readonly<Record<string, readonly string[]>> = {
  linux: ["linux", "kernel", "linux-lts", "kernel-default"],
  runc: ["runc", "runc-app", "runc-stable"],
  containerd: ["containerd", "containerd-app", "containerd-stable"],
  docker: ["docker.io", "docker.io-app", "docker", "moby-engine"],
  podman: ["podman", "libpod"],
  buildah: ["buildah", "golang-github-containers-buildah"],
  "cri-o": ["cri-o"],
  crun: ["crun"],
  kata: ["kata-containers"],
  runsc: ["gvisor", "golang-gvisor-gvisor"],
  kubernetes: ["kubernetes"],
  buildkit: ["buildkit", "docker-buildkit"],
  lxc: ["lxc"],
  incus: ["incus"],
  qemu: ["qemu", "qemu-kvm"],
  bubblewrap: ["bubblewrap"],
  apptainer: ["apptainer", "singularity-container", "singularity"],
  firecracker: ["firecracker"],
  youki: ["youki"],
  "nvidia-container-toolkit": ["nvidia-container-toolkit"],
};

const modules: Readonly<Record<string, Module>> = {
  "github.com/opencontainers/runc": { component: "runc", versioned: true },
  "github.com/containerd/containerd": { component: "containerd", versioned: true },
  "github.com/docker/docker": { component: "docker", versioned: true },
  // Its v2 is numbered apart from the engine.
  "github.com/moby/moby": { component: "docker", versioned: false },
  "github.com/containers/podman": { component: "podman", versioned: true },
  "github.com/containers/libpod": { component: "podman", versioned: true },
  "github.com/containers/buildah": { component: "buildah", versioned: true },
  "github.com/cri-o/cri-o": { component: "cri-o", versioned: true },
  "github.com/kata-containers/kata-containers": { component: "kata", versioned: false },
  "github.com/kata-containers/runtime": { component: "kata", versioned: true },
  "gvisor.dev/gvisor": { component: "runsc", versioned: false },
  "k8s.io/kubernetes": { component: "kubernetes", versioned: true },
  "github.com/moby/buildkit": { component: "buildkit", versioned: true },
  "github.com/lxc/incus": { component: "incus", versioned: true },
  "github.com/apptainer/apptainer": { component: "apptainer", versioned: true },
  "github.com/nvidia/nvidia-container-toolkit": { component: "nvidia-container-toolkit", versioned: true },
};

const crates: Readonly<Record<string, Module>> = { youki: { component: "youki", versioned: true } };

const byPackage = new Map(
  Object.entries(packages).flatMap(([component, names]) => names.map((name) => [name, component] as const)),
);
const byModule = new Map(Object.entries(modules));
const byCrate = new Map(Object.entries(crates));

/** The component that a distribution's source package is built from; undefined for all that no technique is about. */
export function componentOfPackage(name: string): string | undefined {
  return byPackage.get(name);
}

/** A module of an ecosystem of languages, without the major version in its path: `…/podman/v4` → 4. */
export function moduleOf(
  ecosystem: string,
  name: string,
): (Module & { readonly major: number | undefined }) | undefined {
  if (ecosystem === "crates.io") {
    const crate = byCrate.get(name);
    return crate && { ...crate, major: undefined };
  }
  if (ecosystem !== "Go") return undefined;
  const [, path = "", major] = /^(.*?)(?:\/v(\d+))?$/.exec(name.toLowerCase()) ?? [];
  const module = byModule.get(path);
  return module && { ...module, major: major === undefined ? undefined : Number(major) };
}
