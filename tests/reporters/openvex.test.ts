import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Assessment, ReportedVulnerability, Subject } from "../../src/engine/assessment.ts";
import { timestampOf } from "../../src/cli/terminal.ts";
import { openvex } from "../../src/reporters/openvex.ts";
import { imageName, imagePurl } from "../../src/reporters/openvex/purl.ts";
import type { RenderOptions } from "../../src/reporters/types.ts";
import { empty, errorsOnly, shop } from "../helpers/assessments.ts";
import { poisoned } from "../helpers/hostile.ts";
import { openvexSchema } from "../helpers/openvex-schema.ts";
import { assessment, subject } from "../helpers/parts.ts";

const options: RenderOptions = {
  color: false,
  width: 80,
  verbose: false,
  quiet: false,
  timestamp: "2026-11-24T12:00:00.000Z",
};
const validate = new Ajv2020({ strict: true, allErrors: true }).compile(openvexSchema);

interface Statement {
  readonly vulnerability: { readonly name: string };
  readonly products: readonly {
    readonly "@id": string;
    readonly subcomponents: readonly { readonly "@id": string }[];
  }[];
  readonly status: string;
  readonly justification?: string;
  readonly impact_statement?: string;
  readonly action_statement?: string;
  readonly status_notes: string;
}
interface Document {
  readonly "@id": string;
  readonly timestamp: string;
  readonly tooling: string;
  readonly statements: readonly Statement[];
}
const render = (of: Assessment, how = options): Document => JSON.parse(openvex.render(of, how)) as Document;

function known(more: Partial<ReportedVulnerability> = {}): ReportedVulnerability {
  return {
    cve: "CVE-2022-0185",
    technique: "CVE-2022-0185",
    title: "Mount parameters: a long option is copied past one page",
    component: "linux",
    axis: "kernel",
    installed: null,
    version: "unknown",
    reachable: "unknown",
    status: "unknown",
    confirmed: true,
    barriers: [],
    evidence: ["nothing in the input says which kernel"],
    wouldDecide: ["host.kernel.release"],
    remedy: "keep the seccomp filter",
    ...more,
  };
}

const held = (...barriers: readonly string[]): ReportedVulnerability =>
  known({ reachable: "no", status: "closed", barriers, evidence: ["refused"], wouldDecide: [] });
const open = known({
  installed: "5.15.0",
  version: "affected",
  reachable: "yes",
  status: "open",
  evidence: ["Linux 5.15.0 has it: fixed in 5.17"],
  wouldDecide: [],
});
const runc = (more: Partial<ReportedVulnerability>): ReportedVulnerability =>
  known({ cve: "CVE-2024-21626", technique: "CVE-2024-21626", component: "runc", axis: "runtime", ...more });

function container(name: string, image: string | null, ...vulnerabilities: ReportedVulnerability[]): Subject {
  return subject(name, 1, 1, { image, vulnerabilities });
}
const digest = `sha256:${"0a".repeat(32)}`;

/** One subject of each kind of answer, and two of one image that differ. */
const mixed = assessment([
  container(
    "web",
    "nginx:1.25",
    held("seccomp"),
    runc({ installed: "1.2.8", version: "fixed", status: "closed", evidence: ["runc 1.2.8 has the fix"] }),
  ),
  container("admin", "nginx:1.26", open, runc({ installed: "1.1.11", reachable: "yes" })),
  container(
    "job",
    `ghcr.io/acme/job:2@${digest}`,
    known({ confirmed: false, reachable: "no", wouldDecide: ["technique:CVE-2022-0185"] }),
    runc({ reachable: "no", status: "closed", barriers: ["runtime:crun"], evidence: ["crun starts it"] }),
  ),
  container(
    "old",
    null,
    known({
      installed: "4.19.1",
      version: "not-affected",
      status: "closed",
      evidence: ["Linux 4.19.1 is older than the bug"],
    }),
  ),
]);

const statementOf = (of: ReportedVulnerability): Statement => {
  const [statement] = render(assessment([container("c", "nginx", of)])).statements;
  if (!statement) throw new Error("no statement");
  return statement;
};

test("one of each kind, as a document", async () => {
  const path = new URL("../golden/openvex/mixed.json", import.meta.url).pathname;
  await expect(openvex.render(mixed, options)).toMatchFileSnapshot(path);
});

describe("the form", () => {
  test("every document with a statement fits the schema", () => {
    expect(validate(render(mixed)), JSON.stringify(validate.errors)).toBe(true);
  });
  test("a statement for each subject and vulnerability", () => {
    expect(render(mixed).statements).toHaveLength(
      mixed.subjects.flatMap((s) => s.vulnerabilities ?? []).length,
    );
  });
  test("without vulnerabilities there is no statement, and inputs that were not read are told", () => {
    expect(render(empty).statements).toEqual([]);
    expect(render(shop).statements).toEqual([]);
    expect(render(errorsOnly).tooling).toContain("not assessed: compose.yaml:12:9");
  });
  test("the id names the statements, not the time; the time is the caller's", () => {
    const later = render(mixed, { ...options, timestamp: "2027-01-01T00:00:00.000Z" });
    expect(later["@id"]).toBe(render(mixed)["@id"]);
    expect(later.timestamp).toBe("2027-01-01T00:00:00.000Z");
    expect(render(empty)["@id"]).not.toBe(later["@id"]);
  });
  test("the command's time is now, or the one that SOURCE_DATE_EPOCH gives", () => {
    expect(timestampOf({ SOURCE_DATE_EPOCH: "86400" })).toBe("1970-01-02T00:00:00.000Z");
    for (const environment of [{}, { SOURCE_DATE_EPOCH: "soon" }])
      expect(Date.parse(timestampOf(environment))).toBeGreaterThan(Date.parse("2026-01-01"));
  });
  test("whatever a name holds, the document fits the schema", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 40 }), (name) => {
        const subjects = [{ ...container(name, name, open, held(name)), id: name }];
        return validate(render(assessment(subjects)));
      }),
      { numRuns: 200 },
    );
  });
  test("nothing that an input wrote reaches a terminal as it is", () => {
    expect(/[^\P{Cc}\n]|\p{Cf}|\p{Zl}|\p{Zp}|\p{Cs}/u.test(openvex.render(poisoned(mixed), options))).toBe(
      false,
    );
    expect(validate(render(poisoned(mixed)))).toBe(true);
  });
  test("what is kept of a subject renders as the whole of it", () => {
    const digestOf = openvex.digester?.();
    const subjects = mixed.subjects.map((whole) => digestOf?.(whole) ?? whole);
    expect(openvex.render({ ...mixed, subjects }, options)).toBe(openvex.render(mixed, options));
  });
});

describe("the status", () => {
  test("open is affected, with what to do", () => {
    expect(statementOf(open)).toMatchObject({
      status: "affected",
      action_statement: "keep the seccomp filter",
    });
    expect(statementOf({ ...open, remedy: null }).action_statement).toContain("linux");
  });
  test.each([
    ["the version is not known", known({ reachable: "yes" })],
    ["what it takes is not known", known({ version: "affected" })],
    ["nothing is known", known()],
    ["it is a draft that something holds", known({ confirmed: false, reachable: "no", status: "unknown" })],
    ["a label is not one of ours", known({ status: "other" as never, version: "other" as never })],
  ])("under investigation where %s", (_, vulnerability) => {
    const statement = statementOf(vulnerability);
    expect(statement.status).toBe("under_investigation");
    expect(statement.justification).toBeUndefined();
    expect(statement.status_notes).toContain("host.kernel.release");
  });
  test("a version with the fix is fixed, one from before the bug never had the code", () => {
    expect(statementOf(known({ version: "fixed", status: "closed" })).status).toBe("fixed");
    expect(statementOf(known({ version: "not-affected", status: "closed" }))).toMatchObject({
      status: "not_affected",
      justification: "vulnerable_code_not_present",
    });
  });
  test.each([
    [["seccomp"], "inline_mitigations_already_exist"],
    [["apparmor", "seccomp"], "inline_mitigations_already_exist"],
    [["kernel-config:CONFIG_TLS"], "vulnerable_code_not_present"],
    [["runtime:crun"], "vulnerable_code_not_present"],
    [["capability:CAP_NET_ADMIN"], "vulnerable_code_cannot_be_controlled_by_adversary"],
    [["seccomp", "capability:CAP_NET_ADMIN"], "vulnerable_code_cannot_be_controlled_by_adversary"],
    [["seccomp", "kernel-config:CONFIG_TLS"], "vulnerable_code_cannot_be_controlled_by_adversary"],
    [["gvisor-correct"], "vulnerable_code_cannot_be_controlled_by_adversary"],
    [[], "vulnerable_code_cannot_be_controlled_by_adversary"],
  ])("kept off by %j: %s", (barriers, justification) => {
    const statement = statementOf(held(...barriers));
    expect(statement).toMatchObject({ status: "not_affected", justification });
    for (const barrier of barriers) expect(statement.impact_statement).toContain(barrier);
  });
});

describe("the products", () => {
  /** Statements that a scanner of this image would apply to this package: go-vex matches a purl without a version to any. */
  const applied = (of: Assessment, image: string, inside: string): readonly string[] =>
    render(of).statements.flatMap(({ products, status }) =>
      products.some((p) => p["@id"] === image && p.subcomponents.some((sub) => inside.startsWith(sub["@id"])))
        ? [status]
        : [],
    );
  const nginx = "pkg:oci/nginx?repository_url=index.docker.io%2Flibrary%2Fnginx";
  const headers = "pkg:deb/debian/linux-libc-dev@6.1.20-1";

  test("of two subjects with one image the less favourable names it, whatever the tags", () => {
    expect(applied(mixed, nginx, headers)).toEqual(["affected"]);
    expect(applied({ ...mixed, subjects: mixed.subjects.toReversed() }, nginx, headers)).toEqual([
      "affected",
    ]);
    expect(applied({ ...mixed, subjects: mixed.subjects.slice(0, 1) }, nginx, headers)).toEqual([
      "not_affected",
    ]);
  });
  test("a runtime inside the image is named by a version that settles it, never by what this container may do", () => {
    const inside = "pkg:golang/github.com/opencontainers/runc@v1.2.8";
    const alone = (vulnerability: ReportedVulnerability): Assessment =>
      assessment([container("c", "nginx", vulnerability)]);
    const fixed = runc({ installed: "1.2.8", version: "fixed", status: "closed" });
    expect(applied(alone(fixed), nginx, inside)).toEqual(["fixed"]);
    expect(applied(alone({ ...fixed, installed: null }), nginx, inside)).toEqual([]);
    const kept = runc({ installed: "1.2.8", reachable: "no", status: "closed", barriers: ["trusted-image"] });
    expect(applied(alone(kept), nginx, inside)).toEqual([]);
  });
  test("a package of the host's distribution is called by its name there", () => {
    const facts = { distribution: { value: "Debian GNU/Linux 12 (bookworm)", provenance: "observed" } };
    const installed = "1.1.5+ds1-1+deb12u1";
    const of = assessment([container("c", null, runc({ installed, version: "fixed", status: "closed" }))], {
      host: { source: "file", facts, notJudged: 0 },
    });
    expect(render(of).statements[0]?.products[0]?.subcomponents).toEqual([
      { "@id": "pkg:deb/debian/runc@1.1.5%2Bds1-1%2Bdeb12u1" },
    ]);
  });
  test.each([
    ["nginx", nginx],
    ["nginx:1.25", nginx],
    ["docker.io/nginx:5", nginx],
    ["docker.io/library/nginx", nginx],
    ["acme/app", "pkg:oci/app?repository_url=index.docker.io%2Facme%2Fapp"],
    ["localhost:5000/a/b:c", "pkg:oci/b?repository_url=localhost%3A5000%2Fa%2Fb"],
    [
      `ghcr.io/acme/app:1@${digest}`,
      `pkg:oci/app@${digest.replace(":", "%3A")}?repository_url=ghcr.io%2Facme%2Fapp`,
    ],
  ])("image %s → %s", (image, want) => {
    const name = imageName(image);
    expect(name && imagePurl(name)).toBe(want);
  });
  test.each([null, "", "${IMAGE}", "Nginx", "a b", "nginx@sha256:12", "a//b", "<img>"])(
    "%s is no image that a scanner could be told of",
    (image) => {
      expect(imageName(image)).toBeUndefined();
    },
  );
});
