import type { DesiredContainer, FileKey, LateText, Text } from '../spec/desired.ts';

export function joinTexts(a: Text, b: Text): Text {
  if (typeof a === 'string') return typeof b === 'string' ? a + b : { ...b, before: a + b.before };
  return { ...a, after: joinTexts(a.after, b) };
}

/** The parts of a text known only at run time, in order. */
export function latePartsOf(text: Text): readonly LateText[] {
  return typeof text === 'string' ? [] : [text, ...latePartsOf(text.after)];
}

/** All parts in a container known only at run time. */
export function lateTextsOf({ env, command = [], args = [] }: Texts): readonly LateText[] {
  const values = env.flatMap((variable) => ('value' in variable ? [variable.value] : []));
  return [...values, ...command, ...args].flatMap(latePartsOf);
}

type Texts = Pick<DesiredContainer, 'env' | 'command' | 'args'>;

/** The file keys that provide values for a container. */
export function fileKeysOf(container: Texts): readonly FileKey[] {
  return lateTextsOf(container).flatMap((text) => ('fileKey' in text ? [text.fileKey] : []));
}
