import { defined } from '../../base/defined.ts';
import type { Diagnostic } from '../../base/diagnostic.ts';
import { FILE_KEY_REPORTS } from './file-key.ts';
import { IMAGE_REPORTS } from './image.ts';
import { readReport, type ReportTable } from './report.ts';
import { SUB_PATH_REPORTS } from './sub-path.ts';

const REPORTS: ReportTable = { ...IMAGE_REPORTS, ...FILE_KEY_REPORTS, ...SUB_PATH_REPORTS };

/**
 * The diagnostic for a failure that one of podpose's own scripts reports; undefined for any other failure.
 * @param lines standard error of the script
 * @param what what failed, the beginning of the message
 */
export function explainReport(
  exitCode: number,
  lines: readonly string[],
  what: string,
): Diagnostic | undefined {
  const report = readReport(exitCode, lines, REPORTS);
  const words = report === undefined ? undefined : REPORTS[report.code];
  if (report === undefined || words === undefined) return undefined;
  const { message, help } = words;
  return {
    code: report.code,
    severity: 'error',
    message: `${what}: ${message(report.fields)}`,
    ...defined({ help }),
  };
}
