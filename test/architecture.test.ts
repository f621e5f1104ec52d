import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { test } from 'node:test';

const SRC = join(import.meta.dirname, '../src');

/** Each room with the rooms that it may import. What lies in src/ itself stands above them all. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  base: [],
  manifest: ['base'],
  pod: ['base', 'manifest'],
  podman: ['base', 'pod'],
  plan: ['base', 'manifest', 'pod', 'podman'],
  apply: ['base', 'manifest', 'pod', 'podman', 'plan'],
  report: ['base', 'manifest', 'pod', 'podman', 'plan', 'apply'],
  cli: ['base', 'manifest', 'pod', 'podman', 'plan', 'apply', 'report'],
};

/** Where the world comes in: processes, files, the network, the clock. */
const WORLD = /^cli\/(?:node-[\w-]+|edge|begin)\.ts$/;

/** The places that may import something from outside of src/; all that is not named here is the world's. */
const OUTSIDE: Readonly<Record<string, RegExp>> = {
  execa: /^podman\/execa-start\.ts$/,
  'node:child_process': /^podman\/node-runner\.ts$|^cli\/node-service\.ts$/,
  // Outputs of programs that outlive podpose.
  'node:fs': /^podman\/output-files\.ts$|^cli\/(?:node-[\w-]+|edge|begin)\.ts$/,
  listr2: /^report\//,
  // What is written as YAML is as much podpose's output as JSON is.
  yaml: /^manifest\/|^report\/(?:yaml-text|spec-diff)\.ts$/,
  diff: /^report\/spec-diff\.ts$/,
  'node:crypto': /^base\/digest\.ts$|^cli\/node-code-cache\.ts$/,
  'node:events': /^base\/abort\.ts$/,
  // These compute and touch nothing.
  'node:path': /./,
  'node:path/posix': /./,
  'node:util': /./,
};

/** The one file that reads what the API reference says. Of podpose's own, it is the only data outside of src/. */
const REFERENCE = { file: 'manifest/reference.ts', data: /^\.\.\/schemas\/[\w.-]+\.json$/ } as const;

const WORLDLY =
  /(?<![/\w])(?:process\.\w+|console\.\w+|performance\.now|Date\.now|Math\.random|setTimeout|setInterval)\b|\bnew Date\(\)/g;

interface SourceFile {
  /** Inside src/. */
  readonly path: string;
  readonly code: string;
}

const files: readonly SourceFile[] = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.[jt]s$/.test(path))
  .map((path) => ({ path, code: withoutComments(readFileSync(join(SRC, path), 'utf8')) }));

function withoutComments(text: string): string {
  return text.replace(/\/\*.*?\*\//gs, '').replace(/^\s*\/\/.*$/gm, '');
}

function importsOf({ code }: SourceFile): readonly string[] {
  return [...code.matchAll(/\b(?:from|import)\s*\(?\s*(['"])([^'"\n]+)\1/g)].map((match) => match[2] ?? '');
}

/** What is wrong with one import, as a sentence; undefined when nothing is. */
function complaint(file: string, imported: string): string | undefined {
  if (!imported.startsWith('.')) {
    const allowed = OUTSIDE[imported] ?? WORLD;
    return allowed.test(file) ? undefined : `${file} imports '${imported}', which only ${allowed.source} may`;
  }
  if (file === REFERENCE.file && REFERENCE.data.test(join(dirname(file), imported))) return undefined;
  const [from, to] = [file, join(dirname(file), imported)].map((path) => path.split('/', 1)[0] ?? '');
  const mayImport = ROOMS[from ?? ''];
  if (from === to || mayImport === undefined || mayImport.includes(to ?? '')) return undefined;
  return `${file} imports '${imported}': ${from ?? ''} may import ${mayImport.join(', ') || 'no other room'} only`;
}

test('imports run one way, and each package has its place', () => {
  const complaints = files.flatMap((file) =>
    importsOf(file)
      .map((imported) => complaint(file.path, imported))
      .filter((found) => found !== undefined),
  );
  assert.deepEqual(complaints, []);
});

test('only the edges read the process, the clock and chance', () => {
  const complaints = files
    .filter(({ path }) => !WORLD.test(path) && !path.includes('/generated/'))
    .flatMap(({ path, code }) =>
      [...code.matchAll(WORLDLY)].map(([use]) => `${path} uses ${use}: have it handed in`),
    );
  assert.deepEqual(complaints, []);
});

test('the reference is loaded only where somebody asks for it', () => {
  const users = files.filter((file) => importsOf(file).some((name) => name.endsWith('/reference.ts')));
  assert.deepEqual(
    users.map(({ path }) => path),
    ['cli/verbs/explain.ts'],
  );
  assert.match(users[0]?.code ?? '', /await import\('[^']*\/reference\.ts'\)/);
});

test('every room is known', () => {
  const rooms = files.filter(({ path }) => path.includes('/')).map(({ path }) => path.split('/', 1)[0]);
  assert.deepEqual([...new Set(rooms)].sort(), Object.keys(ROOMS).sort());
});

test('an import that runs the wrong way is noticed', () => {
  assert.equal(
    complaint('podman/observe.ts', '../plan/step.ts'),
    "podman/observe.ts imports '../plan/step.ts': podman may import base, pod only",
  );
  assert.equal(
    complaint('base/path.ts', '../pod/desired.ts'),
    "base/path.ts imports '../pod/desired.ts': base may import no other room only",
  );
  assert.match(complaint('plan/plan.ts', 'execa') ?? '', /which only/);
  assert.match(complaint('apply/execute.ts', 'node:fs') ?? '', /which only/);
  assert.equal(complaint('plan/plan.ts', './step.ts'), undefined);
  assert.equal(complaint('bin.ts', './cli/edge.ts'), undefined);
});
