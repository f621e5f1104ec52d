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

/**
 * Renders the code of a diagnostic: meaning, rule, example and what to do. The row is Markdown; its code is in single
 * quotes, as in messages.
 */
export function renderCode(
  code: DiagnosticCode,
  [meaning, example, whatToDo]: DiagnosticRow,
  paint: Paint,
  columns: number,
): string {
  const width = Math.min(columns, MAX_WIDTH);
  const texts = [
    meaning,
    `Rule of ${RULE_WORDS[ruleOf(code)]}`,
    `Example: ${example}`,
    `What to do: ${whatToDo}`,
  ];
  const parts = [[paint('strong', code)], ...texts.map((text) => wrap(text.replaceAll(/`/g, "'"), width))];
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}
