import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * The release of @kubernetes/client-node whose models are generated from the OpenAPI description of
 * Kubernetes 1.36. `npm pack` leaves its install scripts alone.
 */
export const CLIENT_NODE_VERSION = '2.0.1';
export const KUBERNETES_VERSION = '1.36';

/** One class of the client library: what its OpenAPI definition said, less what the types can't say. */
export interface Model {
  readonly name: string;
  readonly description: string;
  readonly fields: readonly ModelField[];
}

export interface ModelField {
  readonly name: string;
  /** As in the class: `string`, `number`, `Array<V1Container>`, `{ [key: string]: string; }` ... */
  readonly type: string;
  /** OpenAPI's: `int32`, `int64`, `byte`, `date-time`, `int-or-string` or empty. */
  readonly format: string;
  readonly required: boolean;
  readonly description: string;
}

/** Gets the pinned release from the npm registry into a temporary folder and gives the package's folder. */
export function fetchClientNode(): string {
  const directory = mkdtempSync(join(tmpdir(), 'client-node-'));
  const options = { cwd: directory, encoding: 'utf8' } as const;
  const name = `@kubernetes/client-node@${CLIENT_NODE_VERSION}`;
  const tarball = execFileSync('npm', ['pack', '--silent', name], options).trim();
  execFileSync('tar', ['-xzf', tarball], options);
  return join(directory, 'package');
}

/** Reads the named models and all that they reach, sorted by name. */
export async function readModels(
  packageDirectory: string,
  roots: readonly string[],
): Promise<readonly Model[]> {
  const found = new Map<string, Model>();
  const wanted = [...roots];
  for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
    if (found.has(name) || name === 'IntOrString' || name === 'V1MicroTime') continue;
    const model = await readModel(packageDirectory, name);
    found.set(name, model);
    for (const field of model.fields)
      wanted.push(...(field.type.match(/\b(?:\w*V\d\w+|IntOrString)\b/g) ?? []));
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function readModel(packageDirectory: string, name: string): Promise<Model> {
  const base = join(packageDirectory, 'dist', 'gen', 'models', name);
  if (!existsSync(`${base}.js`)) throw new Error(`${base}.js: the client library has no such model`);
  const types = readFileSync(`${base}.d.ts`, 'utf8');
  if (!types.includes(`release-${KUBERNETES_VERSION}`))
    throw new Error(`${base}.d.ts was not made from Kubernetes ${KUBERNETES_VERSION}`);
  const fields = (await readAttributes(base, name)).map((attribute) => ({
    name: attribute.baseName,
    type: attribute.type,
    format: attribute.format,
    ...readDeclaration(types, attribute.name),
  }));
  return { name, description: plainText(/\/\*\*\n\* (.*)\n\*\/\nexport/.exec(types)?.[1] ?? ''), fields };
}

interface Attribute {
  readonly name: string;
  readonly baseName: string;
  readonly type: string;
  readonly format: string;
}

async function readAttributes(base: string, name: string): Promise<readonly Attribute[]> {
  const module = (await import(pathToFileURL(`${base}.js`).href)) as Record<
    string,
    { attributeTypeMap?: readonly Attribute[] } | undefined
  >;
  const attributes = module[name]?.attributeTypeMap;
  if (attributes === undefined) throw new Error(`${base}.js has no attributeTypeMap`);
  return attributes;
}

/** The class declares an optional field with a question mark, and describes it in the comment before it. */
function readDeclaration(types: string, name: string): Pick<ModelField, 'required' | 'description'> {
  const declaration = new RegExp(`(?:/\\*\\*\\n\\s*\\* (.*)\\n\\s*\\*/\\n)?\\s*'${name}'(\\??):`).exec(types);
  if (declaration === null) throw new Error(`no declaration of ${name}`);
  return { required: declaration[2] !== '?', description: plainText(declaration[1] ?? '') };
}

/** The comments carry their quotes and backslashes escaped. */
function plainText(comment: string): string {
  return comment.replace(/\\(['"\\])/g, '$1').replace(/\\(['"\\])/g, '$1');
}
