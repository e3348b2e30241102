import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { assess } from "../../src/index.ts";

/** A host file with a kernel as kernel.org released it, and whatever else a row says. */
interface Host {
  readonly kernel?: string;
  readonly sysctls?: Readonly<Record<string, string>>;
  readonly versions?: Readonly<Record<string, string>>;
  readonly apparmor?: boolean;
  readonly remap?: boolean;
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "holdfast-hosts-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const fact = (value: unknown) => ({ value, from: "a test" });
const table = (values: Readonly<Record<string, string>> = {}) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, fact(value)]));

function hostFile({ kernel = "5.10.50", sysctls, versions, apparmor = false, remap = false }: Host): string {
  const file = join(folder, "host.json");
  const facts = {
    kernelRelease: fact(kernel),
    distribution: fact("Arch Linux"),
    apparmor: fact(apparmor),
    selinux: fact("absent"),
    usernsRemap: fact(remap),
    rootlessEngine: fact(false),
  };
  const text = { schema: "holdfast.host/1", facts, sysctls: table(sysctls), versions: table(versions) };
  writeFileSync(file, JSON.stringify(text));
  return file;
}

type Row = readonly [
  what: string,
  line: string,
  host: Host,
  assume: Readonly<Record<string, string>>,
  cve: string,
  want: string,
];
const root = { "image-user": "0" };
const unconfined = "docker run --security-opt seccomp=unconfined alpine";
const bare = { kernel: "5.15.0" };

const rows: readonly Row[] = [
  [
    "Dirty Pipe on the release before its fix",
    "docker run alpine",
    { kernel: "5.10.101" },
    root,
    "CVE-2022-0847",
    "open",
  ],
  [
    "Dirty Pipe on the release with its fix",
    "docker run alpine",
    { kernel: "5.10.102" },
    root,
    "CVE-2022-0847",
    "closed patched:CVE-2022-0847",
  ],
  ["nf_tables under Docker's filter", "docker run alpine", bare, root, "CVE-2022-34918", "closed seccomp"],
  ["nf_tables without a filter", unconfined, bare, root, "CVE-2022-34918", "open"],
  [
    "the same where no user namespace may be made",
    unconfined,
    { ...bare, sysctls: { "user.max_user_namespaces": "0" } },
    root,
    "CVE-2022-34918",
    "closed sysctl:user.max_user_namespaces=0",
  ],
  [
    "the same where Debian's switch is off",
    unconfined,
    { ...bare, sysctls: { "kernel.unprivileged_userns_clone": "0" } },
    root,
    "CVE-2022-34918",
    "closed sysctl:kernel.unprivileged_userns_clone=0",
  ],
  [
    "the same where AppArmor restricts code without a profile",
    `${unconfined.replace("alpine", "")}--security-opt apparmor=unconfined alpine`,
    { ...bare, apparmor: true, sysctls: { "kernel.apparmor_restrict_unprivileged_userns": "1" } },
    root,
    "CVE-2022-34918",
    "closed sysctl:kernel.apparmor_restrict_unprivileged_userns=1",
  ],
  [
    "nf_tables with the capability given",
    "docker run --cap-add NET_ADMIN alpine",
    bare,
    root,
    "CVE-2022-34918",
    "open",
  ],
  [
    "io_uring with Docker's profile of 24.0",
    "docker run alpine",
    { kernel: "5.17.0" },
    { ...root, "engine-version": "24.0.3" },
    "CVE-2022-29582",
    "open",
  ],
  [
    "io_uring with Docker's profile of 25.0",
    "docker run alpine",
    { kernel: "5.17.0" },
    { ...root, "engine-version": "25.0.3" },
    "CVE-2022-29582",
    "closed seccomp",
  ],
  [
    "io_uring on a host that refuses it",
    "docker run alpine",
    { kernel: "5.17.0", sysctls: { "kernel.io_uring_disabled": "2" } },
    { ...root, "engine-version": "24.0.3" },
    "CVE-2022-29582",
    "closed sysctl:kernel.io_uring_disabled=2",
  ],
  [
    "runc's executable, entered as root",
    "docker run alpine",
    { versions: { runc: "1.0.0-rc6" } },
    { ...root, operator: "any" },
    "CVE-2019-5736",
    "open",
  ],
  [
    "the same behind a user namespace",
    "docker run alpine",
    { versions: { runc: "1.0.0-rc6" }, remap: true },
    { ...root, operator: "any" },
    "CVE-2019-5736",
    "closed user-namespace",
  ],
  [
    "a working directory, the image trusted and nobody entering",
    "docker run alpine",
    { versions: { runc: "1.1.11" } },
    root,
    "CVE-2024-21626",
    "closed trusted-image",
  ],
  [
    "a working directory of a hostile image",
    "docker run alpine",
    { versions: { runc: "1.1.11" } },
    { ...root, image: "untrusted" },
    "CVE-2024-21626",
    "open",
  ],
  [
    "a working directory, entered by a health check",
    "docker run --health-cmd true alpine",
    { versions: { runc: "1.1.11" } },
    root,
    "CVE-2024-21626",
    "open",
  ],
  [
    "the shim's socket without the host's network",
    "docker run alpine",
    { versions: { containerd: "1.3.7" } },
    root,
    "CVE-2020-15257",
    "closed namespace:net",
  ],
  [
    "the shim's socket with it",
    "docker run --network host alpine",
    { versions: { containerd: "1.3.7" } },
    root,
    "CVE-2020-15257",
    "open",
  ],
  [
    "the shim's socket as another user",
    "docker run --network host -u 1000 --security-opt no-new-privileges alpine",
    { versions: { containerd: "1.3.7" } },
    {},
    "CVE-2020-15257",
    "closed non-root",
  ],
  [
    "a kernel bug from within gVisor",
    "docker run --runtime runsc alpine",
    { kernel: "5.10.101" },
    root,
    "CVE-2022-0847",
    "closed gvisor-correct",
  ],
];

describe("known vulnerabilities, with a host that is known", () => {
  test.each(rows)("%s → %5$s %6$s", async (_, line, host, assume, cve, want) => {
    const { subjects, errors } = await assess({
      targets: [{ kind: "command", argv: line.split(" ") }],
      host: hostFile(host),
      assume: new Map(Object.entries(assume)),
      explain: cve,
      order: 6,
    });
    expect(errors).toEqual([]);
    const [subject] = subjects;
    const path = [...(subject?.paths ?? []), ...(subject?.asked ?? [])].find((one) => one.cve === cve);
    const [status, barrier] = want.split(" ");
    expect(path?.status).toBe(status);
    if (barrier !== undefined)
      expect([...(path?.barriers ?? []), ...(path?.closedBy ?? [])]).toContain(barrier);
  });

  test("gVisor closes kernel bugs, and no mount of the host's root", async () => {
    const { subjects } = await assess({
      targets: [{ kind: "command", argv: "docker run --runtime runsc -v /:/host alpine".split(" ") }],
      host: hostFile({ kernel: "5.10.101" }),
      assume: new Map(Object.entries(root)),
    });
    const open = subjects[0]?.paths.filter(({ status }) => status === "open").map(({ id }) => id);
    expect(open).toContain("host-root-write");
    expect(subjects[0]?.backtest.kernel.reachable).toBe(0);
  });
});
