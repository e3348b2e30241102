/** The library: what the command line can do. Types are exported beside the functions that use them. */
import { scan } from "./assess/scan.ts";
import type { ScanRequest, Target } from "./assess/request.ts";
import type { Boundary } from "./boundary/boundary.ts";
import type { Assessment, ReportedProblem } from "./engine/assessment.ts";
import { goals } from "./knowledge/types.ts";

/** What to assess; everything but the targets has the command line's default. */
export type AssessRequest = Pick<ScanRequest, "targets"> & Partial<Omit<ScanRequest, "targets">>;

/** A container as it was read: what stands between it and the host, before any verdict. */
export interface ReadBoundary {
  /** Unique in the result: `compose.yaml#web`. */
  readonly id: string;
  readonly name: string;
  readonly boundary: Boundary;
}

function whole(request: AssessRequest): ScanRequest {
  const defaults = {
    goals,
    failOn: 1,
    judge: "worst",
    assume: new Map<string, string>(),
    order: 2,
    boundary: true,
    profiles: [],
  } as const;
  return { ...defaults, ...request };
}

/**
 * Assesses every container that the targets hold, as `holdfast scan` does. Inputs that cannot be read or understood are
 * listed under `errors`; the rest is assessed.
 *
 * @throws UsageProblem (an Error with code "usage") for a host, an assumption or a knowledge folder that does not exist
 */
export async function assess(request: AssessRequest): Promise<Assessment> {
  return scan(whole(request), { keep: true });
}

/** Reads every container that the targets hold, without judging what was read. Throws as `assess` does. */
export async function readSources(
  request: AssessRequest,
): Promise<{ readonly boundaries: readonly ReadBoundary[]; readonly problems: readonly ReportedProblem[] }> {
  const boundaries: ReadBoundary[] = [];
  const { errors, warnings } = await scan(whole(request), {
    keep: true,
    onBoundary: (read) => boundaries.push(read),
  });
  return { boundaries, problems: [...errors, ...warnings] };
}

export type {
  Assessment,
  ReportedCondition,
  ReportedEvidence,
  ReportedPath,
  ReportedProblem,
  Subject,
} from "./engine/assessment.ts";
export type { Boundary } from "./boundary/boundary.ts";
export type { Fact, Provenance } from "./boundary/fact.ts";
export type { Target };
