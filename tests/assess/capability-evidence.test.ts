import { describe, expect, test } from "vitest";
import { assess } from "../../src/index.ts";

describe("evidence of capabilities", () => {
  const argv = [
    "docker",
    "run",
    "--device",
    "/dev/sda",
    "--cap-drop",
    "MKNOD",
    "--cap-add",
    "SYS_PTRACE",
    "--pid=host",
    "alpine",
  ];

  test("points at the option that asks for the very capability, never at one that drops another", async () => {
    const { subjects } = await assess({
      targets: [{ kind: "command", argv }],
      assume: new Map([["apparmor", "none"]]),
    });
    const open = subjects.flatMap(({ paths }) => paths.filter(({ status }) => status === "open"));
    const evidence = open.flatMap(({ steps }) =>
      steps.flatMap(({ conditions }) => conditions.flatMap((c) => c.evidence)),
    );
    const column = (word: string): number => argv.slice(0, argv.indexOf(word)).join(" ").length + 2;
    const placeOf = (text: string) => evidence.find((one) => one.text === text)?.location?.column;
    expect(placeOf("has CAP_SYS_PTRACE")).toBe(column("SYS_PTRACE"));
    expect(placeOf("has CAP_DAC_OVERRIDE") ?? null).toBeNull();
  });
});
