import { isDiagnosticCode, ruleOf } from '../src/base/diagnostic-code.ts';
import { SECTIONS } from '../src/view/diagnostics/reference/table.ts';
import { code, table } from './markdown.ts';

/** The page docs/diagnostics.md in Markdown: every diagnostic code with its meaning and what to do. */
export function diagnosticsPage(): string {
  return `${[
    '# Codes of diagnostics',
    '',
    '<!-- Made by `npm run docs` from src/view/diagnostics/reference/; do not edit. -->',
    '',
    'Each error and warning has a code. A code keeps its meaning across releases: match on it, not on the words of a message.',
    '`podpose validate --format json` prints it as `code`, with file, line and column; `--progress json` prints it, too.',
    'A row that begins with "Warning" never makes a command fail. The rule says who asks for it: `kubernetes` where an API server of',
    'Kubernetes refuses the object or warns, `podpose` where a cluster accepts it. `podpose explain CODE` shows the same.',
    '',
    ...SECTIONS.flatMap(([title, rows]) => [
      `## ${title}`,
      '',
      ...table(
        ['code', 'rule', 'meaning', 'for example', 'what to do'],
        Object.entries(rows)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([name, cells]) => [code(name), isDiagnosticCode(name) ? ruleOf(name) : '', ...cells]),
      ),
      '',
    ]),
  ]
    .join('\n')
    .trimEnd()}\n`;
}
