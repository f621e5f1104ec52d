import type { Schema } from './json-schema.ts';

/**
 * Ajv writes the making of an error out in full wherever one can arise, and hands on the data around a value,
 * which no keyword here asks for. That is most of the code, and of the time that it takes to load: one function
 * that makes the same errors, less the schema's path, stands for it; and what is looked up in a schema is written
 * in, so that no schema is carried along.
 */
export function shorten(code: string): string {
  const error =
    /const (err\d+) = \{instancePath(?::(.*?))?,schemaPath:".*?",keyword:"(\w+)",params:(\{.*?\})\};if\(vErrors === null\)\{vErrors = \[\1\];\}else \{vErrors\.push\(\1\);\}/g;
  const schemas = new Map(
    [...code.matchAll(/const (schema\d+) = (\{.*?\});(?=const |function )/g)].map(
      ([, name = '', schema = '']) => [name, JSON.parse(schema) as unknown] as const,
    ),
  );
  const short = code
    .replaceAll(
      error,
      (_match, _name, path = 'instancePath', keyword: string, params: string) =>
        `vErrors = fail(vErrors, ${String(path)}, "${keyword}", ${params});`,
    )
    .replaceAll(/, parentData, parentDataProperty, rootData=data\}/g, '}')
    .replaceAll(/,parentData:\w+,parentDataProperty:[^,}]+,rootData\}/g, '}')
    .replaceAll(
      /(schema\d+)((?:\.\w+)+)\.(enum|type)\b/g,
      (_match, name: string, path: string, member: string) =>
        JSON.stringify([...path.slice(1).split('.'), member].reduce(memberOf, schemas.get(name))),
    )
    .replaceAll(/\((schema\d+)\.properties, /g, (_match, name: string) => `(${name}Names, `);
  const names = [...schemas].map(([name, schema]) => {
    const properties = Object.keys((schema as { readonly properties: Schema }).properties);
    return `const ${name}Names = ${JSON.stringify(Object.fromEntries(properties.map((property) => [property, 0])))};`;
  });
  const leftover = /.{0,99}(?:vErrors\.push\(|parentData).{0,99}/.exec(short);
  if (leftover !== null) throw new Error(`Ajv writes what is not known here: ${leftover[0]}`);
  return [short, ...names, fail].join('\n');
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name))
    throw new Error(`no ${name} in ${JSON.stringify(value)}`);
  return Object.entries(value).find(([key]) => key === name)?.[1];
}

const fail = `function fail(errors, instancePath, keyword, params) {
  const error = { instancePath, keyword, params };
  if (errors === null) return [error];
  errors.push(error);
  return errors;
}`;
