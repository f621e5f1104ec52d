import type { Diagnostic } from './diagnostic.ts';
import type { DiagnosticCode } from './diagnostic-code.ts';
import { replaceAt, type Edit } from './edit.ts';

/** Codes whose location is the word that the suggestion replaces. */
const WORD_CODES: ReadonlySet<DiagnosticCode> = new Set([
  'unknown-capability',
  'unknown-container',
  'unknown-field',
  'unknown-kind',
  'unknown-podman-annotation',
  'unknown-port-name',
  'unknown-resource',
  'unknown-signal',
  'unknown-volume',
  'wrong-api-version',
  'wrong-value',
  'yaml-missing-space',
]);

/** The edits that fix the mistake of a diagnostic: its own, or its suggestion. Empty if the fix is not certain. */
export function editsOf({ code, edits, location, suggestion }: Diagnostic): readonly Edit[] {
  if (edits !== undefined) return edits;
  if (suggestion === undefined || location === undefined || !WORD_CODES.has(code)) return [];
  return [{ ...replaceAt(location, suggestion), keepsQuotes: true }];
}
