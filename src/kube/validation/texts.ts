import { plainWords } from '../spec/container-secrets.ts';
import type { DesiredContainer, FileKey, RuntimeText, Text } from '../spec/desired.ts';

export function joinTexts(a: Text, b: Text): Text {
  if (typeof a === 'string') return typeof b === 'string' ? a + b : { ...b, before: a + b.before };
  return { ...a, after: joinTexts(a.after, b) };
}

/** The parts of a text known only at run time, in order. */
export function runtimePartsOf(text: Text): readonly RuntimeText[] {
  return typeof text === 'string' ? [] : [text, ...runtimePartsOf(text.after)];
}

/** All parts in a container known only at run time. */
export function runtimeTextsOf({ env, command = [], args = [] }: Texts): readonly RuntimeText[] {
  const values = env.flatMap((variable) => ('value' in variable ? [variable.value] : []));
  return [...values, ...plainWords([...command, ...args])].flatMap(runtimePartsOf);
}

type Texts = Pick<DesiredContainer, 'env' | 'command' | 'args'>;

/** The file keys that provide values for a container. */
export function fileKeysOf(container: Texts): readonly FileKey[] {
  return runtimeTextsOf(container).flatMap((text) => ('fileKey' in text ? [text.fileKey] : []));
}
