import type { FieldPath } from '../../../base/path.ts';
import { expandParts } from '../../convert/expansion.ts';
import type { Incomplete } from '../../../manifest/checked-document.ts';
import type { EnvVarSource } from '../../../manifest/schema/generated/kubernetes.ts';
import type { Finding } from '../finding.ts';
import type { ObjectSet } from '../../config/object-set.ts';
import { containersOf, type ContainerObject, type PodObject } from '../../spec/pod-object.ts';

/** What a variable holds that makes a difference to those who would use it in a text. */
type Matter = 'plain' | 'secret' | 'address' | 'file';

interface Held {
  readonly matter: Matter;
}

/**
 * A secret in the words of a command could be read by every user of the machine, in the list of processes; and what
 * only a running pod has cannot be handed to podman together with a secret.
 */
export function* checkShownValues(pod: PodObject, objects: ObjectSet): Iterable<Finding> {
  for (const container of containersOf(pod)) {
    const matters = new Map<string, Held>();
    for (const name of secretNames(container, objects)) matters.set(name, { matter: 'secret' });
    for (const [index, { name, value = '', valueFrom }] of (container.value.env ?? []).entries()) {
      const used = referencesIn(value, matters);
      yield* checkTogether(used, [...container.path, 'env', index, 'value']);
      if (name === undefined) continue;
      if (valueFrom?.fileKeyRef?.optional === true)
        yield* checkEarlier(name, matters.get(name)?.matter, [...container.path, 'env', index]);
      const matter = matterOf(valueFrom ?? {}) ?? strongest(used);
      matters.set(name, { matter });
    }
    yield* checkWords(container, 'command', matters);
    yield* checkWords(container, 'args', matters);
  }
}

/** What a text is that is made of others. */
function strongest(used: readonly Matter[]): Matter {
  return used.includes('secret') ? 'secret' : (used.find((matter) => matter !== 'plain') ?? 'plain');
}

function matterOf({ secretKeyRef, fieldRef, fileKeyRef }: Incomplete<EnvVarSource>): Matter | undefined {
  if (secretKeyRef !== undefined) return 'secret';
  if (fileKeyRef !== undefined) return 'file';
  return fieldRef?.fieldPath?.startsWith('status.') === true ? 'address' : undefined;
}

/** Where the file has no value, an earlier variable of the same name keeps its own. */
function* checkEarlier(name: string, earlier: Matter | undefined, path: FieldPath): Iterable<Finding> {
  if (earlier !== undefined && earlier !== 'plain')
    yield {
      code: 'not-supported',
      path,
      message: `not supported: an earlier '${name}' with ${WORDS[earlier]}, in place of an optional value that is missing`,
    };
}

function* checkWords(
  { path, value }: ContainerObject,
  field: 'command' | 'args',
  matters: ReadonlyMap<string, Held>,
): Iterable<Finding> {
  for (const [index, word] of (value[field] ?? []).entries())
    if (referencesIn(word, matters).includes('secret'))
      yield {
        code: 'secret-in-command',
        path: [...path, field, index],
        message: 'would show a secret to every user of this machine, in the list of processes',
        help: 'Let a shell in the container put it in: command [sh, -c, \'exec PROGRAM --option "$NAME"\'].',
      };
}

function* checkTogether(used: readonly Matter[], path: FieldPath): Iterable<Finding> {
  const late = used.find((matter) => matter === 'address' || matter === 'file');
  if (late !== undefined && used.includes('secret'))
    yield {
      code: 'not-supported',
      path,
      message: `not supported: ${WORDS[late]} beside a secret in one text`,
    };
}

const WORDS: Readonly<Record<Exclude<Matter, 'plain'>, string>> = {
  secret: 'a secret',
  address: 'an address of the pod',
  file: 'a value from a file',
};

function referencesIn(text: string, matters: ReadonlyMap<string, Held>): readonly Matter[] {
  return expandParts(text, matters).flatMap((part) => (typeof part === 'string' ? [] : [part.matter]));
}

function secretNames({ value }: ContainerObject, objects: ObjectSet): readonly string[] {
  return (value.envFrom ?? []).flatMap(({ prefix = '', secretRef }) =>
    [...(objects.secrets.get(secretRef?.name ?? '')?.values.keys() ?? [])].map((key) => prefix + key),
  );
}
