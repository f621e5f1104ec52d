import { SECTIONS } from './diagnostics/table.ts';
import { code, table } from './markdown.ts';

/** The page docs/diagnostics.md in Markdown: every diagnostic code with its meaning and what to do. */
export function diagnosticsPage(): string {
  return `${[
    '# Codes of diagnostics',
    '',
    '<!-- Made by `npm run docs` from scripts/diagnostics/; do not edit. -->',
    '',
    'Each error and warning has a code. A code keeps its meaning across releases: match on it, not on the words of a message.',
    '`podpose validate --format json` prints it as `code`, with file, line and column; `--progress json` prints it, too.',
    'A row that begins with "Warning" never makes a command fail.',
    '',
    ...SECTIONS.flatMap(([title, rows]) => [
      `## ${title}`,
      '',
      ...table(
        ['code', 'meaning', 'for example', 'what to do'],
        Object.entries(rows)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([name, cells]) => [code(name), ...cells]),
      ),
      '',
    ]),
  ]
    .join('\n')
    .trimEnd()}\n`;
}
