import { resolvePlainScalar } from './plain-scalar.ts';
import type { YamlScalar } from './yaml-tree.ts';

/**
 * `hostPort:8001` lacks the space that would make it a field, so YAML takes it for a word of the value above,
 * or for a field's name without a value. This finds such words again.
 */
export interface GluedField {
  readonly key: string;
  readonly keyStart: number;
  readonly keyEnd: number;
  /** What stands right behind the colon, up to the end of its line. */
  readonly value: string;
  readonly valueStart: number;
  readonly valueEnd: number;
}

/** One line of a plain scalar, and the field that it would be with a space behind its first colon. */
export interface ScalarLine {
  readonly text: string;
  readonly start: number;
  readonly glued: GluedField | undefined;
}

/** The lines of the plain scalar between two offsets, without their indentation and trailing white space. */
export function scalarLines(source: string, start: number, end: number): readonly ScalarLine[] {
  const lines: ScalarLine[] = [];
  for (const match of source.slice(start, end).matchAll(/[^\s][^\r\n]*/g)) {
    const text = match[0].trimEnd();
    lines.push({ text, start: start + match.index, glued: splitGlued(text, start + match.index) });
  }
  return lines;
}

/** An address such as `http://host` is no field without its space. */
function splitGlued(text: string, start: number): GluedField | undefined {
  const match = /^([A-Za-z_][\w./-]*):(?!\/\/)(\S.*)$/.exec(text);
  if (match === null) return undefined;
  const [, key = '', value = ''] = match;
  const keyEnd = start + key.length;
  return { key, keyStart: start, keyEnd, value, valueStart: keyEnd + 1, valueEnd: start + text.length };
}

/**
 * The value as a node, or undefined when it is more than a plain scalar: that is for the user to write again.
 */
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
