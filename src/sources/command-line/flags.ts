/**
 * The flags of `run` and `create`, and what may stand before them, as data: without the arity of every flag, the image
 * and everything after it would be found in the wrong place.
 *
 * Docker: docker/cli 28.5.2 and 29.9.3, cli/command/container/{opts,run,create}.go. Podman: 5.6.2,
 * cmd/podman/common/{create,netflags}.go, cmd/podman/containers/{run,create}.go, cmd/podman/root.go. nerdctl: 2.2.2,
 * cmd/nerdctl/container/container_run.go, cmd/nerdctl/main.go. Hidden and deprecated flags are included.
 */
export type Engine = "docker" | "podman" | "nerdctl";

/** `list`: pflag's StringSlice, whose value is one line of comma-separated values. */
export type FlagKind = "boolean" | "value" | "list";

export interface FlagSet {
  readonly kinds: ReadonlyMap<string, FlagKind>;
  /** One letter → the long name. */
  readonly short: ReadonlyMap<string, string>;
  /** Another spelling → the name that the rest of the code knows. */
  readonly aliases: ReadonlyMap<string, string>;
}

interface Listing {
  readonly boolean: string;
  readonly value: string;
  readonly list?: string;
  readonly aliases?: Readonly<Record<string, string>>;
}

/** Names are separated by spaces; `name/n` has the one-letter form `-n`. */
function flagSet(listing: Listing): FlagSet {
  const kinds = new Map<string, FlagKind>();
  const short = new Map<string, string>();
  for (const kind of ["boolean", "value", "list"] as const) {
    for (const entry of (listing[kind] ?? "").split(/\s+/).filter(Boolean)) {
      const [name = "", letter] = entry.split("/");
      kinds.set(name, kind);
      if (letter) short.set(letter, name);
    }
  }
  return { kinds, short, aliases: new Map(Object.entries(listing.aliases ?? {})) };
}

const podmanPersistent = {
  boolean: "transient-store trace syslog",
  value: `cgroup-manager cpu-profile memory-profile conmon network-cmd-path network-config-dir default-mounts-file
    events-backend hooks-dir cdi-spec-dir max-workers namespace network-backend root registries-conf runroot imagestore
    pull-option runtime storage-driver tmpdir volumepath storage-opt log-level runtime-flag db-backend`,
};
const nerdctlPersistent = {
  boolean: "debug debug-full insecure-registry experimental kube-hide-dupe",
  value: `address host namespace snapshotter storage-driver cni-path cni-netconfpath data-root cgroup-manager hosts-dir
    host-gateway-ip bridge-ip cdi-spec-dirs userns-remap`,
};

/** Flags of `run` and `create`; a flag of only one of the two is accepted in both. */
export const runFlags: Readonly<Record<Engine, FlagSet>> = {
  docker: flagSet({
    boolean: `detach/d disable-content-trust help init interactive/i no-healthcheck oom-kill-disable privileged
      publish-all/P quiet/q read-only rm sig-proxy tty/t use-api-socket`,
    value: `add-host annotation attach/a blkio-weight blkio-weight-device cap-add cap-drop cgroup-parent cgroupns cidfile
      cpu-count cpu-percent cpu-period cpu-quota cpu-rt-period cpu-rt-runtime cpu-shares/c cpus cpuset-cpus cpuset-mems
      detach-keys device device-cgroup-rule device-read-bps device-read-iops device-write-bps device-write-iops dns
      dns-option dns-search domainname entrypoint env/e env-file expose gpus group-add health-cmd health-interval
      health-retries health-start-interval health-start-period health-timeout hostname/h io-maxbandwidth io-maxiops ip ip6
      ipc isolation kernel-memory label/l label-file link link-local-ip log-driver log-opt mac-address memory/m
      memory-reservation memory-swap memory-swappiness mount name network network-alias oom-score-adj pid pids-limit
      platform publish/p pull restart runtime security-opt shm-size stop-signal stop-timeout storage-opt sysctl tmpfs
      ulimit umask user/u userns uts volume/v volume-driver volumes-from workdir/w`,
    aliases: { net: "network", "net-alias": "network-alias", "dns-opt": "dns-option" },
  }),
  podman: flagSet({
    boolean: `${podmanPersistent.boolean} detach/d disable-content-trust env-host help http-proxy init interactive/i
      no-healthcheck no-hostname no-hosts oom-kill-disable passwd privileged publish-all/P quiet/q read-only
      read-only-tmpfs replace rm rmi rootfs sig-proxy tls-verify tty/t unsetenv-all`,
    list: `add-host attach/a cap-add cap-drop cgroup-conf device-cgroup-rule dns dns-option dns-search expose gidmap gpus
      group-add hostuser network-alias preserve-fd publish/p requires sysctl uidmap ulimit`,
    value: `${podmanPersistent.value} annotation arch authfile blkio-weight blkio-weight-device cgroup-parent cgroupns
      cgroups chrootdirs cidfile conmon-pidfile cpu-period cpu-quota cpu-rt-period cpu-rt-runtime cpu-shares/c cpus
      cpuset-cpus cpuset-mems decryption-key detach-keys device device-read-bps device-read-iops device-write-bps
      device-write-iops entrypoint env/e env-file env-merge group-entry health-cmd health-interval health-log-destination
      health-max-log-count health-max-log-size health-on-failure health-retries health-start-period health-startup-cmd
      health-startup-interval health-startup-retries health-startup-success health-startup-timeout health-timeout
      hostname/h hosts-file image-volume init-ctr init-path ip ip6 ipc kernel-memory label/l label-file log-driver log-opt
      mac-address memory/m memory-reservation memory-swap memory-swappiness mount name network oom-score-adj os
      passwd-entry personality pid pidfile pids-limit platform pod pod-id-file preserve-fds pull rdt-class restart retry
      retry-delay sdnotify seccomp-policy secret security-opt shm-size shm-size-systemd signature-policy stop-signal
      stop-timeout subgidname subuidname systemd timeout tmpfs tz umask unsetenv user/u userns uts variant volume/v
      volumes-from workdir/w`,
    aliases: {
      net: "network",
      "dns-opt": "dns-option",
      "healthcheck-command": "health-cmd",
      "healthcheck-interval": "health-interval",
      "healthcheck-retries": "health-retries",
      "healthcheck-start-period": "health-start-period",
      "healthcheck-timeout": "health-timeout",
      "override-arch": "arch",
      "override-os": "os",
      "override-variant": "variant",
    },
  }),
  nerdctl: flagSet({
    boolean: `${nerdctlPersistent.boolean} detach/d help init interactive/i no-healthcheck oom-kill-disable privileged
      quiet/q read-only rm rootfs sig-proxy tty/t`,
    list: `add-host attach/a cap-add cap-drop cgroup-conf device dns dns-option dns-search env-file group-add label-file
      network publish/p ulimit`,
    value: `${nerdctlPersistent.value} annotation blkio-weight blkio-weight-device cgroup-parent cgroupns cidfile
      cosign-certificate-identity cosign-certificate-identity-regexp cosign-certificate-oidc-issuer
      cosign-certificate-oidc-issuer-regexp cosign-key cpu-period cpu-quota cpu-rt-period cpu-rt-runtime cpu-shares cpus
      cpuset-cpus cpuset-mems detach-keys device-read-bps device-read-iops device-write-bps device-write-iops domainname
      entrypoint env/e gpus health-cmd health-interval health-retries health-start-period health-timeout hostname/h
      init-binary ip ip6 ipc ipfs-address isolation kernel-memory label/l log-driver log-opt mac-address memory/m
      memory-reservation memory-swap memory-swappiness mount name oom-score-adj pid pidfile pids-limit platform pull
      rdt-class restart runtime security-opt shm-size stop-signal stop-timeout sysctl systemd tmpfs umask user/u userns
      uts verify volume/v volumes-from workdir/w`,
    aliases: { net: "network", "dns-opt": "dns-option" },
  }),
};

/** Flags that stand between the program's name and the sub-command. */
export const globalFlags: Readonly<Record<Engine, FlagSet>> = {
  docker: flagSet({
    boolean: "debug/D help tls tlsverify version/v",
    value: "config context/c host/H log-level/l tlscacert tlscert tlskey",
  }),
  podman: flagSet({
    boolean: `${podmanPersistent.boolean} debug/D help noout remote/r version/v`,
    value: `${podmanPersistent.value} config connection/c context host/H identity module out ssh url`,
  }),
  nerdctl: flagSet({
    boolean: `${nerdctlPersistent.boolean} help version/v`,
    value: `${nerdctlPersistent.value} a/a H/H n/n`,
    aliases: { a: "address", H: "host", n: "namespace" },
  }),
};

/** The known flag nearest to an unknown one (edit distance of at most 2, else one that it begins), for a hint. */
export function nearestFlag(name: string, flags: FlagSet): string | undefined {
  let best: string | undefined;
  let bestDistance = 3;
  for (const known of [...flags.kinds.keys(), ...flags.aliases.keys()]) {
    if (Math.abs(known.length - name.length) >= bestDistance) continue;
    const distance = editDistance(name, known);
    if (distance < bestDistance) [best, bestDistance] = [known, distance];
  }
  if (best !== undefined || name.length < 4) return best;
  return [...flags.kinds.keys()].find((known) => known.startsWith(name));
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(change, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
