import { formatChange, parseChange, type Change } from './change.ts';

/** What a Kubernetes API server says to one manifest. */
export type ServerVerdict =
  /** With so many warnings, the first of them for `field`. */
  | { readonly kind: 'accept'; readonly warnings: number; readonly field: string }
  /** `field` is the first that the server names, with its type of error. */
  | { readonly kind: 'reject'; readonly field: string; readonly type: string };

/** A base manifest with changes, and the server's verdict on the result. */
export interface OracleCase {
  readonly base: string;
  readonly changes: readonly Change[];
  readonly verdict: ServerVerdict;
}

/** One line: `ok WARNINGS FIELD` or `no FIELD TYPE`, and the changes, with tabs between them. */
export function formatCase({ verdict, changes }: OracleCase): string {
  const { kind, field } = verdict;
  const said =
    kind === 'accept' ? `ok ${verdict.warnings} ${field}`.trimEnd() : `no ${field} ${verdict.type}`;
  return [said, ...changes.map(formatChange)].join('\t');
}

export function parseCases(base: string, text: string): readonly OracleCase[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => parseCase(base, line));
}

function parseCase(base: string, line: string): OracleCase {
  const [said = '', ...changes] = line.split('\t');
  return { base, verdict: parseVerdict(said), changes: changes.map(parseChange) };
}

function parseVerdict(said: string): ServerVerdict {
  const accepted = /^ok (\d+) ?(.*)$/.exec(said);
  if (accepted !== null) return { kind: 'accept', warnings: Number(accepted[1]), field: accepted[2] ?? '' };
  const rejected = /^no (.*) (\S+)$/.exec(said);
  if (rejected === null) throw new Error(`not a verdict: ${said}`);
  return { kind: 'reject', field: rejected[1] ?? '', type: rejected[2] ?? '' };
}
