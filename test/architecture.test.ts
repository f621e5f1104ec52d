import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { test } from 'node:test';

const SRC = join(import.meta.dirname, '../src');

/** Each directory with the directories that it may import from. What lies in src/ itself stands above them all. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  base: [],
  platform: ['base'],
  manifest: ['base'],
  kube: ['base', 'manifest'],
  podman: ['base', 'platform', 'kube'],
  plan: ['base', 'manifest', 'kube', 'podman'],
  kubelet: ['base', 'platform', 'kube', 'podman'],
  apply: ['base', 'platform', 'kube', 'podman', 'plan', 'kubelet'],
  engine: ['base', 'platform', 'manifest', 'kube', 'podman', 'plan', 'kubelet', 'apply'],
  view: ['base', 'platform', 'manifest', 'kube', 'podman', 'plan', 'apply', 'engine'],
  cli: ['base', 'platform', 'manifest', 'kube', 'podman', 'plan', 'apply', 'engine', 'view'],
};

/** The process, files, the network and the clock are used here, and nowhere else. */
const NODE = /^platform\/node\/|^cli\/(?:process-entry|bootstrap)\.ts$/;

/** The files that may import something from outside of src/; all that is not named here is for `platform/node` only. */
const OUTSIDE: Readonly<Record<string, RegExp>> = {
  listr2: /^view\/progress\//,
  // What is written as YAML is as much podpose's output as JSON is.
  yaml: /^manifest\/yaml\/|^manifest\/source-text\.ts$|^view\/plan\/(?:yaml-text|spec-diff)\.ts$/,
  croner: /^kube\/jobs\/schedule\.ts$/,
  diff: /^view\/(?:plan\/spec-diff|fixes)\.ts$/,
  'node:crypto': /^base\/(?:digest|key-pair)\.ts$|^platform\/node\//,
  // These compute and touch nothing.
  'node:events': /./,
  'node:path': /./,
  'node:path/posix': /./,
  'node:util': /./,
};

/** The one file that reads what the API reference says. Of podpose's own, it is the only data outside of src/. */
const REFERENCE = {
  file: 'manifest/schema/reference.ts',
  data: /^\.\.\/schemas\/[\w.-]+\.json$/,
} as const;

const IMPURE =
  /(?<![/\w])(?:process\.\w+|console\.\w+|performance\.now|Date\.now|Math\.random|setTimeout|setInterval)\b|\bnew Date\(\)/g;

interface SourceFile {
  /** Inside src/. */
  readonly path: string;
  readonly code: string;
}

const files: readonly SourceFile[] = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.[jt]s$/.test(path) && !path.endsWith('generated/validators.js'))
  .map((path) => ({ path, code: withoutComments(readFileSync(join(SRC, path), 'utf8')) }));

function withoutComments(text: string): string {
  return text.replace(/\/\*.*?\*\//gs, '').replace(/^\s*\/\/.*$/gm, '');
}

function importsOf({ code }: SourceFile): readonly string[] {
  return [...code.matchAll(/\b(?:from|import)\s*\(?\s*(['"])([^'"\n |]+)\1/g)].map((match) => match[2] ?? '');
}

/** What is wrong with one import, as a sentence; undefined when nothing is. */
function complaint(file: string, imported: string): string | undefined {
  if (!imported.startsWith('.')) {
    const allowed = OUTSIDE[imported] ?? NODE;
    return allowed.test(file) ? undefined : `${file} imports '${imported}', which only ${allowed.source} may`;
  }
  if (file === REFERENCE.file && REFERENCE.data.test(join(dirname(file), imported))) return undefined;
  const [from, to] = [file, join(dirname(file), imported)].map((path) => path.split('/', 1)[0] ?? '');
  const mayImport = LAYERS[from ?? ''];
  if (from === to || mayImport === undefined || mayImport.includes(to ?? '')) return undefined;
  return `${file} imports '${imported}': ${from ?? ''} may import ${mayImport.length === 0 ? 'no other directory' : `${mayImport.join(', ')} only`}`;
}

/** Files that import each other, also by way of others: each circle once, as the files on it. */
function circles(graph: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const found: (readonly string[])[] = [];
  const finished = new Set<string>();
  const visit = (file: string, path: readonly string[]) => {
    const at = path.indexOf(file);
    if (at >= 0) found.push(path.slice(at));
    if (at >= 0 || finished.has(file)) return;
    for (const imported of graph.get(file) ?? []) visit(imported, [...path, file]);
    finished.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  return found;
}

test('imports run one way, and each package has its place', () => {
  const complaints = files.flatMap((file) =>
    importsOf(file)
      .map((imported) => complaint(file.path, imported))
      .filter((found) => found !== undefined),
  );
  assert.deepEqual(complaints, []);
});

test('no files import each other in a circle', () => {
  const graph = new Map(
    files.map((file) => [
      file.path,
      importsOf(file)
        .filter((imported) => imported.startsWith('.'))
        .map((imported) => join(dirname(file.path), imported)),
    ]),
  );
  assert.deepEqual(circles(graph), []);
});

test('a circle is noticed, also one by way of a third file', () => {
  const graph = new Map([
    ['a.ts', ['b.ts', 'd.ts']],
    ['b.ts', ['c.ts']],
    ['c.ts', ['a.ts']],
    ['d.ts', []],
  ]);
  assert.deepEqual(circles(graph), [['a.ts', 'b.ts', 'c.ts']]);
});

test('only the platform reads the process, the clock and chance', () => {
  const complaints = files
    .filter(({ path }) => !NODE.test(path) && !path.includes('/generated/'))
    .flatMap(({ path, code }) =>
      [...code.matchAll(IMPURE)].map(([use]) => `${path} uses ${use}: have it handed in`),
    );
  assert.deepEqual(complaints, []);
});

test('the reference is loaded only where somebody asks for it', () => {
  const users = files.filter((file) => importsOf(file).some((name) => name.endsWith('/reference.ts')));
  assert.deepEqual(
    users.map(({ path }) => path),
    ['cli/commands/explain.ts'],
  );
  assert.match(users[0]?.code ?? '', /await import\('[^']*\/reference\.ts'\)/);
});

test('what is particular to a kind of operation is in its definition, and nowhere in apply or view', () => {
  const complaints = files
    .filter(({ path }) => /^(?:apply|view)\/|^plan\/started-containers\.ts$/.test(path))
    .filter(({ code }) =>
      /operation\.kind (?:===|!==)|switch \(operation\.kind\)|Operation\['kind'\]/.test(code),
    )
    .map(({ path }) => path);
  assert.deepEqual(complaints, []);
});

test('views render the status of pods, and compute none of it', () => {
  const COMPUTES =
    /\/kube\/status\/(?:pod-status|phase|facts|conditions|columns)\.ts$|\/podman\/last-applied\.ts$/;
  const complaints = files
    .filter(
      ({ path, code }) =>
        path.startsWith('view/status/') &&
        (/\bdecodeSpec\b/.test(code) || importsOf({ path, code }).some((name) => COMPUTES.test(name))),
    )
    .map(({ path }) => path);
  assert.deepEqual(complaints, []);
});

/** Where programs are run. journalctl and sh, which are no podman, are run for the logs, systemctl for units, kustomize or kubectl for -k. */
const RUNS_PROGRAMS = /^(?:platform|podman\/client|podman\/logs)\/|^engine\/(?:user-systemd|kustomize)\.ts$/;

/** Where requests are made; each operation that has one makes it from its own type. */
const MAKES_REQUESTS = /^(?:platform|podman\/client)\/|^podman\/operations\/rename\.ts$/;

/** What a file does that belongs to the client of podman, as sentences. */
function bypasses({ path, code }: SourceFile): readonly string[] {
  const inClient = /^(?:platform|podman\/client)\//.test(path);
  return [
    ...(/\bProcessRunner\b/.test(code) && !RUNS_PROGRAMS.test(path)
      ? [`${path} runs programs itself: take a PodmanClient`]
      : []),
    ...(/\bProcessRunner\b/.test(code) && /\bpodman: string\b/.test(code) && !inClient
      ? [`${path} takes a runner and the name of podman: take a PodmanClient`]
      : []),
    ...(/\b(?:apiCall|ApiRequest|method: '(?:GET|POST)')/.test(code) && !MAKES_REQUESTS.test(path)
      ? [`${path} makes requests: they belong to the query or the operation`]
      : []),
    ...(/\b(?:args|argv)\s*(?:\[|\.(?:at|indexOf|includes|find|findIndex|slice)\()/.test(code) &&
    /^(?:podman|apply|engine|plan|kubelet|kube)\//.test(path)
      ? [`${path} reads an argument list again: pass the operation on`]
      : []),
  ];
}

test('podman is reached by its client only, and no argument list is read again', () => {
  assert.deepEqual(files.flatMap(bypasses), []);
  const found = (path: string, code: string) => bypasses({ path, code }).length;
  assert.equal(found('engine/observe.ts', 'function f(run: ProcessRunner, podman: string) {}'), 2);
  assert.equal(found('podman/logs/a.ts', 'function f(run: ProcessRunner) {}'), 0);
  assert.equal(found('podman/logs/a.ts', 'function f(run: ProcessRunner, podman: string) {}'), 1);
  assert.equal(found('apply/run-step.ts', "if (args[0] === 'rename') apiCall(x);"), 2);
  assert.equal(found('podman/client/served-client.ts', 'const a: ApiRequest = x;'), 0);
});

test('every directory is known', () => {
  const directories = files.filter(({ path }) => path.includes('/')).map(({ path }) => path.split('/', 1)[0]);
  assert.deepEqual([...new Set(directories)].sort(), Object.keys(LAYERS).sort());
});

test('an import that runs the wrong way is noticed', () => {
  assert.equal(
    complaint('podman/inspect/observe.ts', '../../plan/step.ts'),
    "podman/inspect/observe.ts imports '../../plan/step.ts': podman may import base, platform, kube only",
  );
  assert.equal(
    complaint('base/path.ts', '../kube/spec/desired.ts'),
    "base/path.ts imports '../kube/spec/desired.ts': base may import no other directory",
  );
  assert.match(complaint('plan/plan.ts', 'execa') ?? '', /which only/);
  assert.match(complaint('apply/execute.ts', 'node:fs') ?? '', /which only/);
  assert.equal(complaint('plan/plan.ts', './step.ts'), undefined);
  assert.equal(complaint('bin.ts', './cli/process-entry.ts'), undefined);
});
