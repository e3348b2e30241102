import { parseBytes } from "../command-line/values.ts";
import type { ContainerSpec, Said } from "../spec.ts";
import type { Field } from "./fields.ts";
import { child, entriesOf, numberOf, say, textOf, wrong } from "./fields.ts";

type Limits = NonNullable<ContainerSpec["limits"]>;

/**
 * Memory, processes and CPU. Limits under `deploy` win over those of the service; zero sets none, below zero lifts it.
 * @see docker/compose pkg/compose/create.go getDeployResources, setLimits
 */
export function readLimits(service: Field): Limits | undefined {
  const deployed = child(child(child(service, "deploy"), "resources"), "limits");
  const memoryBytes =
    limit(child(deployed, "memory"), bytesOf) ?? limit(child(service, "mem_limit"), bytesOf);
  const pids = limit(child(deployed, "pids"), numberOf) ?? limit(child(service, "pids_limit"), numberOf);
  const cpus =
    limit(child(deployed, "cpus"), numberOf) ?? limit(child(service, "cpus"), numberOf) ?? quota(service);
  if (!memoryBytes && !pids && !cpus) return undefined;
  return { ...(memoryBytes && { memoryBytes }), ...(pids && { pids }), ...(cpus && { cpus }) };
}

function limit(field: Field, read: (field: Field) => number | undefined): Said<number> | undefined {
  const value = read(field);
  if (value === undefined || value === 0) return undefined;
  return say(field, value < 0 ? -1 : value);
}

function bytesOf(field: Field): number | undefined {
  const text = textOf(field, "a size such as 512m");
  if (text === undefined) return undefined;
  const bytes = /^-\d+$/.test(text) ? -1 : parseBytes(text);
  if (bytes === undefined) wrong(field, "wrong-value", "a size such as 512m");
  return bytes;
}

function quota(service: Field): Said<number> | undefined {
  const field = child(service, "cpu_quota");
  const micros = numberOf(field);
  const period = numberOf(child(service, "cpu_period")) ?? 0;
  return micros === undefined || micros <= 0
    ? undefined
    : say(field, micros / (period > 0 ? period : 100_000));
}

/** `ulimits`: one number for both limits, or soft and hard apart; -1 is unlimited. */
export function readUlimits(service: Field): readonly Said<{ type: string; soft: number; hard: number }>[] {
  return entriesOf(child(service, "ulimits")).flatMap(({ key, value }) => {
    const long = value.node?.kind === "map";
    const soft = numberOf(long ? child(value, "soft") : value);
    const hard = numberOf(long ? child(value, "hard") : value);
    if (soft === undefined && hard === undefined) return [];
    const bound = (number: number): number => (number < 0 ? Infinity : number);
    return [say(value, { type: key, soft: bound(soft ?? 0), hard: bound(hard ?? soft ?? 0) })];
  });
}

/** `sysctls`, as a mapping or a list of NAME=VALUE. */
export function readSysctls(service: Field): readonly Said<{ name: string; value: string }>[] {
  const field = child(service, "sysctls");
  if (field.node?.kind === "seq") {
    return field.node.items.flatMap((node, index) => {
      const item: Field = { ...field, node, at: node, path: `${field.path}[${String(index)}]` };
      const text = textOf(item, "NAME=VALUE");
      if (text === undefined) return [];
      const equals = text.indexOf("=");
      if (equals === -1) wrong(item, "wrong-value", "NAME=VALUE");
      return [
        say(item, {
          name: equals === -1 ? text : text.slice(0, equals),
          value: equals === -1 ? "" : text.slice(equals + 1),
        }),
      ];
    });
  }
  return entriesOf(field).map(({ key, value }) => say(value, { name: key, value: textOf(value) ?? "" }));
}
