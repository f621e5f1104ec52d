/** A shape of manifest that a user may write, of a given size. */
export type Shape = (size: number) => string;

/** A Pod with this text after `spec:`. */
function pod(spec: string): string {
  return `apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n${spec}\n`;
}

function many(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join('\n');
}

const inContainer = (field: string, size: number, line: (index: number) => string) =>
  pod(`  containers:\n  - name: app\n    image: x\n    ${field}:\n${many(size, line)}`);

/** Shapes that reveal checks of all pairs or copies of a tree: `size` items of one kind. */
export const SHAPES: Readonly<Record<string, Shape>> = {
  variables: (size) => inContainer('env', size, (i) => `    - {name: A${i}, value: v${i}}`),
  'variables that refer to others': (size) =>
    inContainer('env', size, (i) => `    - {name: A${i}, value: '$(A${i >> 1})x'}`),
  'containers with a misspelt field': (size) =>
    pod(`  containers:\n${many(size, (i) => `  - {name: c${i}, imag: x}`)}`),
  'containers with a wrong image': (size) =>
    pod(`  containers:\n${many(size, (i) => `  - {name: c${i}, image: 'x y'}`)}`),
  'mounts of volumes that are missing': (size) =>
    inContainer('volumeMounts', size, (i) => `    - {name: w${i}, mountPath: /m${i}}`),
  'references that are missing': (size) =>
    inContainer(
      'env',
      size,
      (i) => `    - {name: A${i}, valueFrom: {configMapKeyRef: {name: n${i}, key: k}}}`,
    ),
  aliases: (size) =>
    pod(
      `  containers:\n  - name: app\n    image: x\n    env:\n    - &a {name: A, value: b}\n${many(size, () => '    - *a')}`,
    ),
  anchors: (size) => inContainer('args', size, (i) => `    - &a${i} x`),
  documents: (size) =>
    many(
      size,
      (i) =>
        `---\napiVersion: v1\nkind: Pod\nmetadata: {name: p${i}}\nspec: {containers: [{name: a, image: x}]}`,
    ),
  'keys of a ConfigMap': (size) =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata:\n${many(size, (i) => `  k${i}: v`)}\n`,
  'keys of a Secret': (size) =>
    `apiVersion: v1\nkind: Secret\nmetadata: {name: x}\nstringData:\n${many(size, (i) => `  k${i}: v`)}\n`,
  'deep lists': (size) => pod(`  containers:\n${many(size, () => `  - ${'['.repeat(90)}${']'.repeat(90)}`)}`),
  'syntax errors': (size) => inContainer('args', size, () => '    - "\\q"'),
  'characters of a key': (size) => pod(`  containers: [{name: app, image: x, ${'k'.repeat(size)}: 1}]`),
};

/** The number of items in the larger one of two files: within the limit of one file. */
export function largerSize(name: string): number {
  return LARGER[name] ?? 10_000;
}

const LARGER: Readonly<Record<string, number>> = {
  documents: 6000,
  'deep lists': 1000,
  'references that are missing': 8000,
  'characters of a key': 1_000_000,
};
