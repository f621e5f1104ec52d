import { resolvePlainScalar } from './plain-scalar.ts';
import type { YamlScalar } from './yaml-tree.ts';

/**
 * A field without a space after the colon, such as `hostPort:8001`. YAML parses it as part of the value above, or as
 * a key without a value.
 */
export interface GluedField {
  readonly key: string;
  readonly keyStart: number;
  readonly keyEnd: number;
  /** The text after the colon, up to the end of the line. */
  readonly value: string;
  readonly valueStart: number;
  readonly valueEnd: number;
}

/** A line of a plain scalar, with the field that a space after its first colon would make of it. */
export interface ScalarLine {
  readonly text: string;
  readonly start: number;
  readonly glued: GluedField | undefined;
}

/** The lines of a plain scalar, without indentation and trailing white space. */
export function scalarLines(source: string, start: number, end: number): readonly ScalarLine[] {
  const lines: ScalarLine[] = [];
  for (const match of source.slice(start, end).matchAll(/[^\s][^\r\n]*/g)) {
    const text = match[0].trimEnd();
    lines.push({ text, start: start + match.index, glued: splitGlued(text, start + match.index) });
  }
  return lines;
}

/** A URL such as `http://host` is not a field. */
function splitGlued(text: string, start: number): GluedField | undefined {
  const match = /^([A-Za-z_][\w./-]*):(?!\/\/)(\S.*)$/.exec(text);
  if (match === null) return undefined;
  const [, key = '', value = ''] = match;
  const keyEnd = start + key.length;
  return { key, keyStart: start, keyEnd, value, valueStart: keyEnd + 1, valueEnd: start + text.length };
}

/** The value as a node; undefined if it is not a plain scalar. */
export function gluedValue({ value, valueStart, valueEnd }: GluedField): YamlScalar | undefined {
  if (/^[[\]{}&*!|>"'%@`,?#-]/.test(value) && !/^-[\d.]/.test(value)) return undefined;
  return { type: 'scalar', start: valueStart, end: valueEnd, value: resolvePlainScalar(value), plain: true };
}

export function gluedMessage({ key, value }: GluedField): {
  readonly message: string;
  readonly suggestion: string;
} {
  return {
    message: `missing space after the colon of '${key}:${value}'`,
    suggestion: `${key}: ${value}`,
  };
}
