import { isKind, kinds } from '../src/manifest/kinds.ts';
import { otherKinds } from '../src/manifest/other-kinds.ts';
import type { SupportEntry } from '../src/kube/support/entry.ts';
import { code, table } from './markdown.ts';
import { supportRows, supportTables, type SupportRow } from '../src/kube/support/support-table.ts';

/** The page docs/support.md, in Markdown: what podpose does with each field of a Pod and of other objects, and with each kind. */
export function supportPage(): string {
  const rows = withoutRepeats(supportRows());
  const refused = rows.filter(({ entry }) => entry.support === 'refused');
  return `${[
    '# What podpose does with each field and kind',
    '',
    '<!-- Made by `npm run docs` from src/kube/support/ and src/manifest/other-kinds.ts; do not edit. -->',
    '',
    'Every field of a Pod of Kubernetes 1.36 is in one of these lists. What is said of a field holds for all that is in it, and what',
    'is said of `spec.containers` holds for `spec.initContainers`, unless these are named themselves. `podpose explain FIELD` tells the same,',
    "with Kubernetes' own words.",
    '',
    ...summary(rows),
    '',
    '## Used',
    '',
    'They do here what they do on a cluster, or what is said beside them.',
    ...usedSections(rows.filter(({ entry }) => entry.support === 'used')),
    '',
    '## Of no effect',
    '',
    'Accepted without a word.',
    '',
    ...byReason(rows.filter(({ entry }) => entry.support === 'quiet')),
    '',
    '## Ignored, with a warning',
    '',
    'The pod runs as it should without them.',
    '',
    ...byReason(rows.filter(({ entry }) => entry.support === 'ignored')),
    '',
    '## Not supported yet',
    '',
    'Refused, until a later release.',
    '',
    ...byReason(refused.filter(({ entry }) => entry.planned)),
    '',
    '## Not supported',
    '',
    'Refused: what they ask for cannot be had on one machine without a cluster.',
    '',
    ...byReason(refused.filter(({ entry }) => !entry.planned)),
    '',
    ...objectSections(),
    ...kindSections(),
  ].join('\n')}\n`;
}

/** What is said of both kinds of containers is said once. */
function withoutRepeats(rows: readonly SupportRow[]): readonly SupportRow[] {
  const entries = new Map(rows.map(({ field, entry }) => [field, entry]));
  return rows.filter(({ field, entry }) => {
    const twin = entries.get(field.replace(/^spec\.initContainers\./, 'spec.containers.'));
    return twin === undefined || !field.startsWith('spec.initContainers.') || !isSame(twin, entry);
  });
}

function isSame(a: SupportEntry, b: SupportEntry): boolean {
  return a.support === b.support && a.planned === b.planned && a.why === b.why;
}

function summary(rows: readonly SupportRow[]): readonly string[] {
  const sections: readonly (readonly [string, (entry: SupportEntry) => boolean])[] = [
    ['[used](#used)', ({ support }) => support === 'used'],
    ['[of no effect](#of-no-effect)', ({ support }) => support === 'quiet'],
    ['[ignored, with a warning](#ignored-with-a-warning)', ({ support }) => support === 'ignored'],
    ['[not supported yet](#not-supported-yet)', ({ support, planned }) => support === 'refused' && planned],
    ['[not supported](#not-supported)', ({ support, planned }) => support === 'refused' && !planned],
  ];
  return table(
    ['what', 'rows'],
    sections.map(([title, belongs]) => [title, rows.filter(({ entry }) => belongs(entry)).length.toString()]),
  );
}

/** Each field is under the longest of these that it begins with. */
const AREAS: readonly (readonly [string, string])[] = [
  ['', 'The object'],
  ['metadata.', 'Metadata'],
  ['spec.', 'The pod'],
  ['spec.securityContext.', 'Security of the pod'],
  ['spec.containers.', 'Containers'],
  ['spec.containers.securityContext.', 'Security of a container'],
  ['spec.initContainers.', 'Init containers'],
  ['spec.volumes.', 'Volumes'],
];

function usedSections(rows: readonly SupportRow[]): readonly string[] {
  return AREAS.flatMap(([prefix, title]) => {
    const own = rows.filter(({ field }) => areaOf(field) === prefix);
    if (own.length === 0) return [];
    const cells = own.map(({ field, entry }) => [code(field.slice(prefix.length)), entry.why]);
    const place = prefix === '' ? '' : `: ${code(prefix.slice(0, -1))}`;
    return ['', `### ${title}${place}`, '', ...table(['field', 'used for'], cells)];
  });
}

function areaOf(field: string): string {
  const own = AREAS.map(([prefix]) => prefix).filter((prefix) => field.startsWith(prefix));
  return own.reduce((longest, prefix) => (prefix.length > longest.length ? prefix : longest), '');
}

/** One row a reason, with all fields that have it. */
function byReason(rows: readonly SupportRow[]): readonly string[] {
  if (rows.length === 0) return ['None.'];
  const reasons = [...new Set(rows.map(({ entry }) => entry.why))];
  return reasons.flatMap((why) => {
    const fields = rows.filter(({ entry }) => entry.why === why).map(({ field }) => field);
    return [`- ${upperFirst(why)}:`, ...fields.map((field) => `  - ${code(field)}`)];
  });
}

/** The kinds besides Pod that have a table of their own: what each of their fields does. */
function objectSections(): readonly string[] {
  const others = Object.keys(supportTables)
    .filter((kind) => kind !== 'Pod')
    .filter(isKind)
    .sort();
  return others.flatMap((kind) => [
    `## ${kind}`,
    '',
    ...table(
      ['field', 'what podpose does with it', 'why, or for what'],
      supportRows(kind).flatMap(({ field, entry }) =>
        entry.support === 'quiet' ? [] : [[code(field), supportWords(entry), entry.why]],
      ),
    ),
    '',
    'Accepted without a word, and of no effect:',
    '',
    ...byReason(supportRows(kind).filter(({ entry }) => entry.support === 'quiet')),
    '',
  ]);
}

function supportWords({ support, planned }: SupportEntry): string {
  switch (support) {
    case 'used':
      return 'used';
    case 'quiet':
      return 'of no effect';
    case 'ignored':
      return 'ignored, with a warning';
    case 'refused':
      return planned ? 'not supported yet' : 'not supported';
  }
}

function kindSections(): readonly string[] {
  const others = Object.entries(otherKinds).sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    '## Kinds',
    '',
    `podpose reads ${Object.keys(kinds).map(code).join(', ')} and ${code('List')}.`,
    '',
    'Ignored, with a warning:',
    '',
    ...table(
      ['kind', 'what is lost'],
      others.flatMap(([kind, other]) => (other.support === 'ignored' ? [[code(kind), other.lost]] : [])),
    ),
    '',
    'Refused, until a later release:',
    '',
    ...table(
      ['kind', 'until then'],
      others.flatMap(([kind, other]) => (other.support === 'refused' ? [[code(kind), other.instead]] : [])),
    ),
  ];
}

function upperFirst(text: string): string {
  return text.startsWith('podpose') ? text : text.charAt(0).toUpperCase() + text.slice(1);
}
