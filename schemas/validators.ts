import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import { build } from 'esbuild';
import type { Schema } from './json-schema.ts';

/**
 * The validators as one ES module without imports, a function a kind. They differ from the schema in two points:
 * apiVersion and kind are not compared (kinds.ts has better words for that), and `status` may be anything, as the
 * API server drops it from what a user sends.
 */
export async function toValidators(schema: Schema, kinds: readonly string[]): Promise<string> {
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
    stdin: { contents: code, resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'node20',
    write: false,
  });
  return bundle.outputFiles[0]?.text ?? '';
}

function forValidation(schema: Schema, kinds: readonly string[]): Schema {
  const definitions = schema['$defs'] as Record<string, { required?: string[]; properties: Schema }>;
  return Object.fromEntries(
    Object.entries(definitions)
      .filter(([name]) => name !== 'List')
      .map(([name, definition]) => {
        if (!kinds.includes(name)) return [name, definition];
        const { apiVersion: _apiVersion, kind: _kind, ...rest } = definition.properties;
        const properties = { apiVersion: {}, kind: {}, ...rest, ...('status' in rest ? { status: {} } : {}) };
        const required = definition.required?.filter((field) => field !== 'apiVersion' && field !== 'kind');
        return [name, { ...definition, required, properties }];
      }),
  );
}

export function toValidatorTypes(kinds: readonly string[]): string {
  return [
    "import type { ErrorObject } from 'ajv';",
    '',
    '/** True when the value is sound; else `errors` holds what is wrong until the next call. */',
    'export interface Validator {',
    '  (value: unknown): boolean;',
    '  errors?: readonly ErrorObject[] | null;',
    '}',
    '',
    ...kinds.map((kind) => `export const ${kind}: Validator;`),
    '',
  ].join('\n');
}
