import type { Diagnostic } from '../../src/base/diagnostic.ts';
import { readManifests } from '../../src/manifest/read-manifests.ts';
import type { CheckedObject } from '../../src/manifest/checked-document.ts';

/** A diagnostic as a line of text: what a person sees, without colour and code frame. */
export function line({ location, path, message, suggestion }: Diagnostic): string {
  const place = location === undefined ? '' : `${location.line.toString()}:${location.column.toString()} `;
  const field = path === undefined ? '' : `${path}: `;
  const meant = suggestion === undefined ? '' : `, did you mean '${suggestion}'?`;
  return `${place}${field}${message}${meant}`;
}

/** What is wrong with a text. */
export function faults(text: string | Uint8Array): readonly string[] {
  return readManifests([{ file: 'pod.yaml', text }]).diagnostics.map(line);
}

export function codes(text: string | Uint8Array): readonly string[] {
  return readManifests([{ file: 'pod.yaml', text }]).diagnostics.map(({ code }) => code);
}

export function helps(text: string): readonly (string | undefined)[] {
  return readManifests([{ file: 'pod.yaml', text }]).diagnostics.map(({ help }) => help);
}

/** The only object of a text; an error where there are more or none. */
export function only(text: string): CheckedObject<'Pod'> {
  const [document, ...others] = readManifests([{ file: 'pod.yaml', text }]).documents;
  if (document?.kind !== 'Pod' || others.length > 0) throw new Error('not exactly one Pod');
  return document;
}

/** A sound Pod, whose spec, or whose only container, has some more lines. */
export function pod({
  spec = '',
  container = '',
}: {
  readonly spec?: string;
  readonly container?: string;
}): string {
  return [
    'apiVersion: v1',
    'kind: Pod',
    'metadata:',
    '  name: one',
    'spec:',
    ...indent(2, spec),
    '  containers:',
    '  - name: web',
    '    image: nginx',
    ...indent(4, container),
    '',
  ].join('\n');
}

function indent(by: number, text: string): readonly string[] {
  return text === '' ? [] : text.split('\n').map((each) => `${' '.repeat(by)}${each}`);
}
