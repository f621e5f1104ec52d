import type { YAMLParseError } from 'yaml';

/** An error of the library. */
export type YamlError = Pick<YAMLParseError, 'code' | 'message' | 'pos'>;

export interface SyntaxMessage {
  readonly message: string;
  readonly help?: string;
}
