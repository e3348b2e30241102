import type { Location } from "../base/location.ts";
import type { Assessment, ReportedProblem, Subject } from "../engine/assessment.ts";

/**
 * A reporter turns an assessment into text. It knows the assessment and nothing else: no files, no clock, no engine. Text
 * that came from inputs is made safe for where it goes.
 */
export interface Reporter {
  readonly id: string;
  readonly mediaType: string;
  /** It shows the steps and the evidence of closed ways too: most of an assessment's weight, so they are not drawn for others. */
  readonly showsClosedProofs?: boolean;
  /** It lists every known vulnerability (`Subject.vulnerabilities`), which are not judged one by one for others. */
  readonly needsVulnerabilities?: boolean;
  readonly render: (assessment: Assessment, options: RenderOptions) => string;
  /** For output at the end of long work: makes what is kept of each subject, where that is less than all of it. */
  readonly digester?: () => (subject: Subject) => Subject;
  /** For output that starts before the work ends: a line a subject. */
  readonly stream?: {
    readonly subject: (subject: Subject) => string;
    readonly problem: (problem: ReportedProblem, severity: "error" | "warning") => string;
    /** The closing record: everything but the subjects and the problems. */
    readonly end: (assessment: Omit<Assessment, "subjects" | "errors" | "warnings">) => string;
  };
}

export interface RenderOptions {
  readonly color: boolean;
  /** Columns of the terminal; text is cut to it, never wrapped in the middle of a word. */
  readonly width: number;
  /** Show closed paths and every line of evidence. */
  readonly verbose: boolean;
  readonly quiet: boolean;
  /** When the report is made, as RFC 3339 has it, for formats that must say so. A reporter has no clock. */
  readonly timestamp?: string | undefined;
  /** The line of the user's own file at a location, for a person to recognise; undefined where it cannot be read again. */
  readonly lineOf?: ((location: Location) => string | undefined) | undefined;
}
