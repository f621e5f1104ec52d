import type { DiagnosticCode } from '../../base/diagnostic-code.ts';

/*
 * How podpose's own shell scripts report a failure: by an exit code of their own, and by one line of standard error with a
 * code and its fields, separated by tabs.
 */

/** No shell, no podman and none of the programs that the scripts run ends with it. */
export const REPORT_EXIT_CODE = 64;

export interface Report {
  readonly code: DiagnosticCode;
  readonly fields: readonly string[];
}

/** What a report means. */
export interface ReportWords {
  /** The number of fields. The last one may have tabs and line breaks in it. */
  readonly fields: number;
  readonly message: (fields: readonly string[]) => string;
  readonly help?: string;
}

/** By the code of the report, which is that of the diagnostic, too. */
export type ReportTable = Readonly<Partial<Record<DiagnosticCode, ReportWords>>>;

/** The shell's command that reports and ends the script. @param fields as the shell reads them: `"$1"` */
export function reportScript(code: DiagnosticCode, ...fields: readonly string[]): string {
  return `printf "${[code, ...fields.map(() => '%s')].join('\\t')}\\n" ${fields.join(' ')} >&2; exit ${REPORT_EXIT_CODE}`;
}

/**
 * The report among what a command printed to standard error; undefined where there is none.
 * @param table the reports there are
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
