import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import { build } from 'esbuild';
import type { Schema } from './json-schema.ts';
import type { KindModel } from './kinds.ts';
import { shorten } from './shorten-validators.ts';

/**
 * The validators as one ES module without imports, a function a kind. They differ from the schema in two points:
 * apiVersion and kind are not compared (kinds.ts has better words for that), and a `status` asks for no field: the API server
 * decodes what a user sends, and drops it.
 */
export async function toValidators(schema: Schema, kindModels: readonly KindModel[]): Promise<string> {
  const kinds = kindModels.map(({ kind }) => kind);
  const ajv = new Ajv({
    allErrors: true,
    messages: false,
    inlineRefs: false,
    allowUnionTypes: true,
    validateFormats: false,
    code: { source: true, esm: true, optimize: 2 },
  });
  ajv.addSchema({ $id: 'kubernetes', $defs: forValidation(schema, kinds) });
  const code = standalone.default(
    ajv,
    Object.fromEntries(kinds.map((kind) => [kind, `kubernetes#/$defs/${kind}`])),
  );
  const bundle = await build({
    stdin: { contents: shorten(code), resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'node20',
    write: false,
  });
  return bundle.outputFiles[0]?.text ?? '';
}

interface ObjectSchema {
  readonly required?: readonly string[];
  readonly properties: Schema;
}

function forValidation(schema: Schema, kinds: readonly string[]): Schema {
  const definitions = { ...(schema['$defs'] as Readonly<Record<string, ObjectSchema>>) };
  delete definitions['List'];
  for (const kind of kinds) {
    const { required = [], properties = {} } = definitions[kind] ?? {};
    definitions[kind] = {
      ...definitions[kind],
      required: required.filter((field) => field !== 'apiVersion' && field !== 'kind'),
      properties: {
        ...properties,
        apiVersion: {},
        kind: {},
      },
    };
  }
  return definitions;
}

export function toValidatorTypes(kinds: readonly KindModel[]): string {
  return [
    '/** What Ajv says of one fault; `instancePath` is a JSON pointer (RFC 6901). */',
    'export interface ValidationError {',
    '  readonly instancePath: string;',
    '  readonly keyword: string;',
    '  readonly params: Readonly<Record<string, unknown>>;',
    '}',
    '',
    '/** True when the value is sound; else `errors` holds what is wrong until the next call. */',
    'export interface Validator {',
    '  (value: unknown): boolean;',
    '  errors?: readonly ValidationError[] | null;',
    '}',
    '',
    ...kinds.map(({ kind }) => `export const ${kind}: Validator;`),
    '',
  ].join('\n');
}
