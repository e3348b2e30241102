import type { BacktestAxis } from "../../src/engine/types.ts";
import type { Assessed } from "./assess.ts";

const width = 840;
const left = 244;
const right = 118;
const rowHeight = 46;
const top = 98;
const track = width - left - right;

/** A bar for each baseline, as long as its share of what is known: kernel above, runtime below. Readable on light and on dark. */
export function picture(assessed: readonly Assessed[]): string {
  const height = top + assessed.length * rowHeight + 34;
  const [first] = assessed;
  const known = `${String(first?.backtest.kernel.known ?? 0)} of the kernel, ${String(first?.backtest.runtime.known ?? 0)} of runtimes`;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(width)} ${String(height)}" width="${String(width)}" height="${String(height)}" role="img" aria-labelledby="title text" font-family="system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif">`,
    `<title id="title">Known escapes that each baseline leaves reachable, as if unpatched</title>`,
    `<desc id="text">${assessed.map(inWords).join("; ")}</desc>`,
    style,
    `<rect class="page" x="0.5" y="0.5" width="${String(width - 1)}" height="${String(height - 1)}" rx="8"/>`,
    text(24, 34, "head", "Known escapes that could have been reached, as if nothing were patched"),
    text(24, 56, "small", `${known}; shorter is better`),
    ...legend(),
    ...assessed.flatMap(row),
    text(
      24,
      height - 16,
      "small",
      "What is unknown counts as reachable. A count of a selection, not a probability: see docs/backtest.md.",
    ),
    `</svg>`,
  ].join("\n")}\n`;
}

// Colours by the reader's scheme; a page that cannot tell gets the light ones, on a ground of their own.
const style = `<style>
.page { fill: #ffffff; stroke: #d0d7de; }
.head { fill: #1f2328; font-size: 16px; font-weight: 600; }
.name, .count { fill: #1f2328; font-size: 13px; }
.small { fill: #59636e; font-size: 12px; }
.track { fill: #eaeef2; }
.kernel { fill: #cf4a1f; }
.runtime { fill: #2f6fb5; }
.wider { fill: #a9c8ea; }
@media (prefers-color-scheme: dark) {
.page { fill: #0d1117; stroke: #3d444d; }
.head, .name, .count { fill: #f0f6fc; }
.small { fill: #9198a1; }
.track { fill: #21262d; }
.kernel { fill: #f0764a; }
.runtime { fill: #6aa9ee; }
.wider { fill: #2b5480; }
}
</style>`;

function legend(): readonly string[] {
  const entries = [
    ["kernel", "kernel"],
    ["runtime", "runtime"],
    ["wider", "runtime, with a hostile image or an operator's action"],
  ] as const;
  const places = [0, 78, 164];
  return entries.flatMap(([kind, words], i) => {
    const x = left + (places[i] ?? 0);
    return [
      `<rect class="${kind}" x="${String(x)}" y="70" width="12" height="12" rx="2"/>`,
      text(x + 18, 80, "small", words),
    ];
  });
}

function row({ baseline, backtest: { kernel, runtime }, wider }: Assessed, index: number): readonly string[] {
  const y = top + index * rowHeight;
  const reach = [...new Set([runtime.reachable, wider.runtime.reachable])].join("–");
  const place = left + track + 12;
  return [
    `<text class="name" x="${String(left - 14)}" y="${String(y + 21)}" text-anchor="end">${escape(baseline.title)}</text>`,
    bar("track", y + 4, 16, 1),
    ...share("kernel", y + 4, 16, kernel),
    bar("track", y + 24, 8, 1),
    ...share("wider", y + 24, 8, wider.runtime),
    ...share("runtime", y + 24, 8, runtime),
    text(place, y + 17, "count", `${String(kernel.reachable)} of ${String(kernel.known)}`),
    text(place, y + 33, "small", `${reach} of ${String(runtime.known)}`),
  ];
}

/** A bar of nothing is no bar; one of something is seen. */
function share(kind: string, y: number, high: number, { known, reachable }: BacktestAxis): readonly string[] {
  return reachable === 0 ? [] : [bar(kind, y, high, reachable / known)];
}

function bar(kind: string, y: number, high: number, part: number): string {
  const long = Math.max(4, Math.round(part * track));
  return `<rect class="${kind}" x="${String(left)}" y="${String(y)}" width="${String(long)}" height="${String(high)}" rx="3"/>`;
}

function inWords({ baseline, backtest: { kernel, runtime }, wider }: Assessed): string {
  const counts = `kernel ${String(kernel.reachable)} of ${String(kernel.known)}, runtime ${String(runtime.reachable)} to ${String(wider.runtime.reachable)} of ${String(runtime.known)}`;
  return escape(`${baseline.title}: ${counts}`);
}

function text(x: number, y: number, kind: string, words: string): string {
  return `<text class="${kind}" x="${String(x)}" y="${String(y)}">${escape(words)}</text>`;
}

function escape(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
