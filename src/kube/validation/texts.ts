import type { DesiredContainer, FileKey, LateText, Text } from '../spec/desired.ts';

export function joinTexts(a: Text, b: Text): Text {
  if (typeof a === 'string') return typeof b === 'string' ? a + b : { ...b, before: a + b.before };
  return { ...a, after: joinTexts(a.after, b) };
}

/** What in a text is known only once the pod runs, in its order. */
export function latePartsOf(text: Text): readonly LateText[] {
  return typeof text === 'string' ? [] : [text, ...latePartsOf(text.after)];
}

/** All in a container that is known only once its pod runs. */
export function lateTextsOf({ env, command = [], args = [] }: Texts): readonly LateText[] {
  const values = env.flatMap((variable) => ('value' in variable ? [variable.value] : []));
  return [...values, ...command, ...args].flatMap(latePartsOf);
}

type Texts = Pick<DesiredContainer, 'env' | 'command' | 'args'>;

/** The keys of files that a container takes values from. */
export function fileKeysOf(container: Texts): readonly FileKey[] {
  return lateTextsOf(container).flatMap((text) => ('fileKey' in text ? [text.fileKey] : []));
}
