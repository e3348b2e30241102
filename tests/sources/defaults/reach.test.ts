import { describe, expect, test } from "vitest";
import { looksLikeCredential } from "../../../src/sources/defaults/credentials.ts";
import type { ContainerSpec } from "../../../src/sources/spec.ts";
import { boundaryOf, said, saids, told } from "./setup.ts";

const k8s: Partial<ContainerSpec> = { engine: "kubernetes" };

describe("network", () => {
  test.each([
    [{}, ["defaulted", "bridge"], ["defaulted", "open"]],
    [{ network: said("none") }, ["declared", "none"], ["declared", "none"]],
    [{ network: said("host") }, ["declared", "host"], ["defaulted", "open"]],
    [
      { network: said("container:db") },
      ["declared", "shared"],
      ["unknown", "network.egress", "open", "limited", "none"],
    ],
    [{ network: said("backend"), egress: said("none") }, ["declared", "custom"], ["declared", "none"]],
    [k8s, ["defaulted", "pod"], ["defaulted", "open"]],
    [{ ...k8s, network: said("host") }, ["declared", "host"], ["defaulted", "open"]],
    [{ engine: "podman" as const, rootless: said(true) }, ["defaulted", "custom"], ["defaulted", "open"]],
  ] satisfies readonly [Partial<ContainerSpec>, unknown, unknown][])(
    "mode and egress of %j",
    (spec, mode, egress) => {
      const { network } = boundaryOf({ spec });
      expect([told(network.mode), told(network.egress)]).toEqual([mode, egress]);
    },
  );
});

describe("credentials", () => {
  test.each([
    "POSTGRES_PASSWORD",
    "db_pass",
    "API_KEY",
    "APIKEY",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_ACCESS_KEY_ID",
    "DATABASE_URL",
    "GITHUB_TOKEN",
    "JWT_SECRET",
    "SENTRY_DSN",
    "SSH_PRIVATE_KEY",
    "spring.datasource.password",
    "STORAGE_CONNECTION_STRING",
  ])("%s looks like one", (name) => {
    expect(looksLikeCredential(name)).toBe(true);
  });
  test.each([
    "POSTGRES_PASSWORD_FILE",
    "PATH",
    "PUBLIC_KEY",
    "SSH_PUBLIC_KEY",
    "TOKENIZERS_PARALLELISM",
    "KEYBOARD",
    "PWD",
    "PASSTHROUGH",
    "SECRET_NAME",
    "TOKEN_TTL",
    "COMPASS_URL",
    "AUTHOR",
    "MYSQL_ALLOW_EMPTY_PASSWORD",
    "MONKEY",
  ])("%s does not", (name) => {
    expect(looksLikeCredential(name)).toBe(false);
  });
  test("names are kept with their place, values never", () => {
    const { credentials } = boundaryOf({
      spec: {
        environment: saids({ name: "DB_PASSWORD", literal: true }, { name: "TZ", literal: true }),
        secrets: saids("tls"),
      },
    });
    expect([credentials.environment.map(told), credentials.secrets.map(told)]).toEqual([
      [["declared", "DB_PASSWORD"]],
      [["declared", "tls"]],
    ]);
  });
  test("only a pod has a service-account token unless said", () => {
    expect(told(boundaryOf({}).credentials.serviceAccountToken)).toEqual(["defaulted", false]);
    expect(told(boundaryOf({ spec: k8s }).credentials.serviceAccountToken)).toEqual(["defaulted", true]);
    expect(told(boundaryOf({ spec: k8s }).credentials.rights)).toEqual(["assumed", []]);
  });
});

describe("threat model", () => {
  test("the image is trusted and operators do nothing, by assumption", () => {
    const { image, operatorActions } = boundaryOf({});
    expect([told(image.trusted), told(operatorActions)]).toEqual([
      ["assumed", true],
      ["assumed", []],
    ]);
    expect(told(image.setuidPrograms)).toEqual(["unknown", "image.setuid-programs", true, false]);
  });
  test("--assume changes both", () => {
    const { image, operatorActions } = boundaryOf({ assume: { image: "untrusted", operator: "any" } });
    expect(told(image.trusted)).toEqual(["assumed", false]);
    expect(told(operatorActions)[1]).toContain("cp");
  });
  test("a health check is an operator's action", () => {
    expect(told(boundaryOf({ spec: { operatorActions: saids("exec", "exec") } }).operatorActions)).toEqual([
      "declared",
      ["exec"],
    ]);
  });
});
