import type { DesiredContainer, SecretWord, Text, Word } from './desired.ts';

/** A secret value of a container, and one of its uses. */
export type ContainerSecret = SecretUse & { readonly fingerprint: string };

/** A variable, or a word of `command` or `args`. */
export type SecretUse =
  { readonly variable: string } | { readonly field: 'command' | 'args'; readonly index: number };

type Uses = Pick<DesiredContainer, 'env' | 'command' | 'args'>;

/** The secrets that a container reads as variables: its own, and those for the words of its command. */
export function secretsIn({ env, command = [], args = [] }: Uses): readonly ContainerSecret[] {
  const inWords = (field: 'command' | 'args', words: readonly Word[]) =>
    words.flatMap((word, index) => (isSecretWord(word) ? [{ field, index, fingerprint: word.secret }] : []));
  return [
    ...env.flatMap((variable) =>
      'secret' in variable ? [{ variable: variable.name, fingerprint: variable.secret }] : [],
    ),
    ...inWords('command', command),
    ...inWords('args', args),
  ];
}

export function isSecretWord(word: Word): word is SecretWord {
  return typeof word !== 'string' && 'secret' in word;
}

/** The words without secrets. */
export function plainWords(words: readonly Word[]): readonly Text[] {
  return words.filter((word): word is Text => !isSecretWord(word));
}
