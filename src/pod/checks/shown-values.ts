import type { FieldPath } from '../../base/path.ts';
import { expandParts } from '../expansion.ts';
import type { Finding } from '../finding.ts';
import type { ObjectSet } from '../objects/object-set.ts';
import { containersOf, type ContainerObject, type PodObject } from '../pod-object.ts';

/** What a variable holds that makes a difference to those who would use it in a text. */
type Matter = 'plain' | 'secret' | 'address';

/**
 * A secret in the words of a command could be read by every user of the machine, in the list of processes; and of the
 * addresses that only a running pod has, a text can hold one.
 */
export function* checkShownValues(pod: PodObject, objects: ObjectSet): Iterable<Finding> {
  for (const container of containersOf(pod)) {
    const matters = new Map<string, Matter>();
    for (const name of secretNames(container, objects)) matters.set(name, 'secret');
    for (const [index, { name, value = '', valueFrom }] of (container.value.env ?? []).entries()) {
      const used = referencesIn(value, matters);
      yield* checkTogether(used, [...container.path, 'env', index, 'value']);
      if (name === undefined) continue;
      const isAddress = valueFrom?.fieldRef?.fieldPath?.startsWith('status.') === true;
      if (valueFrom?.secretKeyRef !== undefined || used.includes('secret')) matters.set(name, 'secret');
      else matters.set(name, isAddress || used.includes('address') ? 'address' : 'plain');
    }
    yield* checkWords(container, 'command', matters);
    yield* checkWords(container, 'args', matters);
  }
}

function* checkWords(
  { path, value }: ContainerObject,
  field: 'command' | 'args',
  matters: ReadonlyMap<string, Matter>,
): Iterable<Finding> {
  const before: Matter[] = [];
  for (const [index, word] of (value[field] ?? []).entries()) {
    const own = referencesIn(word, matters);
    // All words of `command` become one argument of podman's.
    const used = field === 'command' ? [...before, ...own] : own;
    before.push(...own.filter((matter) => matter === 'address'));
    const place = [...path, field, index];
    if (own.length === 0) continue;
    if (used.includes('secret'))
      yield {
        code: 'secret-in-command',
        path: place,
        message: 'would show a secret to every user of this machine, in the list of processes',
        help: 'Let a shell in the container put it in: command [sh, -c, \'exec PROGRAM --option "$NAME"\'].',
      };
    else yield* checkTogether(used, place);
  }
}

function* checkTogether(used: readonly Matter[], path: FieldPath): Iterable<Finding> {
  const addresses = used.filter((matter) => matter === 'address').length;
  if (addresses > 1 || (addresses > 0 && used.includes('secret')))
    yield {
      code: 'not-supported',
      path,
      message: 'not supported: an address of the pod beside another one, or a secret, in one text',
    };
}

function referencesIn(text: string, matters: ReadonlyMap<string, Matter>): readonly Matter[] {
  return expandParts(text, new Map([...matters].map(([name, matter]) => [name, { matter }]))).flatMap(
    (part) => (typeof part === 'string' ? [] : [part.matter]),
  );
}

function secretNames({ value }: ContainerObject, objects: ObjectSet): readonly string[] {
  return (value.envFrom ?? []).flatMap(({ prefix = '', secretRef }) =>
    [...(objects.secrets.get(secretRef?.name ?? '')?.values.keys() ?? [])].map((key) => prefix + key),
  );
}
