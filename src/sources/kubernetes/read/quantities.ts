import type { Said } from "../../spec.ts";
import type { Field } from "./fields.ts";
import { child, structOf, wrong } from "./fields.ts";

const factors = new Map<string, number>([
  ["", 1],
  ...["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"].map((suffix, index) => [suffix, 1024 ** (index + 1)] as const),
  ...["k", "M", "G", "T", "P", "E"].map((suffix, index) => [suffix, 1000 ** (index + 1)] as const),
  ["m", 1e-3],
  ["u", 1e-6],
  ["n", 1e-9],
]);

/**
 * The number that a quantity stands for (`500m`, `1Gi`, `2e3`); undefined for what is none.
 * @see k8s.io/apimachinery pkg/api/resource/quantity.go
 */
export function quantity(text: string): number | undefined {
  if (text.length > 64) return undefined;
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+))(.*)$/.exec(text);
  if (!match) return undefined;
  const [, number = "", suffix = ""] = match;
  const factor =
    factors.get(suffix) ?? (/^[eE][+-]?\d{1,3}$/.test(suffix) ? 10 ** Number(suffix.slice(1)) : undefined);
  return factor === undefined ? undefined : Number(number) * factor;
}

function limitOf(field: Field): Said<number> | undefined {
  const { node } = field;
  if (node === undefined) return undefined;
  const value =
    node.kind === "scalar" && node.value !== null && typeof node.value !== "boolean"
      ? quantity(node.raw)
      : undefined;
  if (value === undefined || value < 0) {
    wrong(field, "a quantity such as 500m or 1Gi", "wrong-value");
    return undefined;
  }
  // Zero is no limit to the kernel: the kubelet passes it on as such.
  return value === 0 ? undefined : { value, at: node };
}

export interface Limits {
  readonly memoryBytes: Said<number> | undefined;
  readonly cpus: Said<number> | undefined;
}

/** `resources.limits` of a container or, since 1.32, of a pod: bytes (rounded up) and cores. */
export function limitsOf(resources: Field): Limits {
  const limits = structOf(child(structOf(resources), "limits"));
  const memory = limitOf(child(limits, "memory"));
  return {
    memoryBytes: memory && { value: Math.ceil(memory.value), at: memory.at },
    cpus: limitOf(child(limits, "cpu")),
  };
}
