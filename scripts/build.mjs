// Bundles src/ into dist/. Code that only some commands need is in separate files, loaded on demand: `podpose
// --version` must not load listr2. The files are CommonJS, as only that can be loaded with a V8 code cache
// (src/platform/node/code-cache.ts). esbuild splits ES modules only, so they are converted.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));
const COMMON = {
  absWorkingDir: root,
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'external',
  write: false,
  define: { PODPOSE_VERSION: JSON.stringify(version), PODPOSE_IS_BUNDLED: 'true' },
  metafile: true,
  logLevel: 'warning',
};
/** Converts the ES modules. */
const COMMON_JS = {
  format: 'cjs',
  platform: 'node',
  target: 'node20.19',
  minifyWhitespace: true,
  define: { 'import.meta.dirname': '__dirname' },
  supported: { 'dynamic-import': false },
};

/**
 * Code that is loaded on demand is in one file, as node needs a millisecond for each further file. Only the API
 * reference, which is larger than all the rest, has its own file.
 */
const LAZY = [
  'engine/check-sources',
  'cli/commands/diff',
  'cli/commands/exec',
  'cli/commands/explain',
  'cli/commands/fix',
  'cli/commands/kill',
  'cli/commands/ps',
  'cli/commands/start-stop',
];
const lazyTogether = {
  name: 'lazy-together',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir, kind }) => {
      const file = relative(`${root}src`, join(resolveDir, path)).replace(/\.ts$/, '');
      if (kind === 'dynamic-import' && LAZY.includes(file)) return { path: 'lazy', namespace: 'lazy' };
    });
    onLoad({ filter: /^lazy$/, namespace: 'lazy' }, () => ({
      contents: LAZY.map((file) => `export * from './${file}.ts';`).join('\n'),
      resolveDir: `${root}/src`,
    }));
  },
};

/** The trace is in a file of its own, which only a run with PODPOSE_TRACE loads. It shares no chunk with the others. */
const traceApart = {
  name: 'trace-apart',
  setup({ onResolve }) {
    onResolve({ filter: /\/trace\/open-trace\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './parts/trace.js', external: true } : undefined,
    );
  },
};

const results = await Promise.all([
  build({ ...COMMON, format: 'esm', entryPoints: { podpose: 'src/bin.ts' }, plugins: [traceApart] }),
  build({ ...COMMON, format: 'esm', entryPoints: { 'parts/trace': 'src/cli/trace/open-trace.ts' } }),
  build({
    ...COMMON,
    format: 'esm',
    splitting: true,
    entryPoints: { 'parts/run': 'src/cli/run.ts' },
    plugins: [lazyTogether],
    chunkNames: 'parts/[name]-[hash]',
    // The ES modules of the package: its CommonJS modules are bundled as a whole, however little is used.
    alias: { yaml: `${root}/node_modules/yaml/browser/dist/index.js` },
  }),
]);

rmSync(`${root}/dist`, { recursive: true, force: true });
for (const { path, text } of results.flatMap(({ outputFiles }) => outputFiles)) {
  mkdirSync(dirname(path), { recursive: true });
  if (!path.endsWith('.js')) {
    writeFileSync(path, text);
    continue;
  }
  const { code } = await transform(text, COMMON_JS);
  writeFileSync(path, code, { mode: relative(`${root}/dist`, path) === 'podpose.js' ? 0o755 : 0o644 });
}
writeFileSync(`${root}/dist/package.json`, '{ "type": "commonjs" }\n');

// The licences of the bundled packages require their texts.
const bundled = new Set(
  results
    .flatMap(({ metafile }) => Object.keys(metafile.inputs))
    .flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? []),
);
const licences = [...bundled].sort().map((folder) => {
  const { name, version, license } = JSON.parse(readFileSync(`${root}/${folder}/package.json`, 'utf8'));
  const file = readdirSync(`${root}/${folder}`).find((entry) => /^licen[cs]e/i.test(entry));
  if (file === undefined) throw new Error(`${name} is bundled, and there is no licence in ${folder}`);
  return `${name} ${version} (${license})\n\n${readFileSync(`${root}/${folder}/${file}`, 'utf8').trim()}\n`;
});
writeFileSync(`${root}/dist/LICENSES.txt`, licences.join(`\n${'-'.repeat(80)}\n\n`));

if (process.argv.includes('--analyze')) {
  for (const [file, { bytes, inputs }] of results.flatMap(({ metafile }) =>
    Object.entries(metafile.outputs),
  )) {
    const largest = Object.entries(inputs)
      .sort(([, a], [, b]) => b.bytesInOutput - a.bytesInOutput)
      .slice(0, 3)
      .map(([input, { bytesInOutput }]) => `${input} ${bytesInOutput}`);
    console.log(`${bytes.toString().padStart(8)}  ${file}  ${largest.join(', ')}`);
  }
}
