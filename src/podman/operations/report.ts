import type { DiagnosticCode } from '../../base/diagnostic-code.ts';

/*
 * The failure reports of podpose's own shell scripts: a special exit code, and one line of standard error with a code
 * and its fields, separated by tabs.
 */

/** An exit code that shells, podman and the programs in the scripts do not use. */
export const REPORT_EXIT_CODE = 64;

export interface Report {
  readonly code: DiagnosticCode;
  readonly fields: readonly string[];
}

/** The message for a report. */
export interface ReportWords {
  /** The number of fields. The last one may contain tabs and line breaks. */
  readonly fields: number;
  readonly message: (fields: readonly string[]) => string;
  readonly help?: string;
}

/** Messages by report code, which is also the code of the diagnostic. */
export type ReportTable = Readonly<Partial<Record<DiagnosticCode, ReportWords>>>;

/** The shell commands that report a failure and end the script. @param fields as the shell reads them: `"$1"` */
export function reportScript(code: DiagnosticCode, ...fields: readonly string[]): string {
  return `printf "${[code, ...fields.map(() => '%s')].join('\\t')}\\n" ${fields.join(' ')} >&2; exit ${REPORT_EXIT_CODE}`;
}

/**
 * The report in a command's standard error; undefined if there is none.
 * @param table the known reports
 */
export function readReport(
  exitCode: number,
  lines: readonly string[],
  table: ReportTable,
): Report | undefined {
  if (exitCode !== REPORT_EXIT_CODE) return undefined;
  const codeOf = (line: string) => line.split('\t', 1)[0] ?? '';
  const isCode = (word: string): word is DiagnosticCode => Object.hasOwn(table, word);
  const at = lines.findLastIndex((line) => line.includes('\t') && isCode(codeOf(line)));
  const code = codeOf(lines[at] ?? '');
  const words = isCode(code) ? table[code] : undefined;
  if (words === undefined || !isCode(code)) return undefined;
  const [, ...fields] = lines.slice(at).join('\n').trimEnd().split('\t');
  const last = fields.slice(words.fields - 1).join('\t');
  return { code, fields: [...fields.slice(0, words.fields - 1), last] };
}
