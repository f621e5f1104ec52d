import type { Paint } from '../base/paint.ts';
import { ruleOf, type DiagnosticCode } from '../base/diagnostic-code.ts';
import type { DiagnosticRow } from './diagnostics/reference/row.ts';
import { wrap } from './terminal/wrap.ts';

/** Maximum width: longer lines are hard to read. */
const MAX_WIDTH = 100;

const RULE_WORDS = {
  kubernetes: 'Kubernetes: an API server refuses the object or warns.',
  podpose: 'podpose: a cluster accepts the object.',
} as const;

/** Renders the code of a diagnostic: meaning, rule, example and what to do. */
export function renderCode(
  code: DiagnosticCode,
  [meaning, example, whatToDo]: DiagnosticRow,
  paint: Paint,
  columns: number,
): string {
  const width = Math.min(columns, MAX_WIDTH);
  const parts = [
    [paint('strong', code)],
    wrap(meaning, width),
    wrap(`Rule of ${RULE_WORDS[ruleOf(code)]}`, width),
    wrap(`Example: ${example}`, width),
    wrap(`What to do: ${whatToDo}`, width),
  ];
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}
