// Bundles src/ into dist/. Code that only some commands need is in separate files, loaded on demand: `podpose
// --version` must not load listr2. The files are CommonJS, as only that can be loaded with a V8 code cache
// (src/platform/node/code-cache.ts). esbuild splits ES modules only, so they are converted.
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
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
  define: { PODPOSE_VERSION: JSON.stringify(version) },
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

/** Modules of node that node itself has loaded before it runs podpose: laziness saves nothing. */
const LOADED = ['node:buffer', 'node:events', 'node:fs', 'node:path', 'node:process', 'node:util'];

/** Loads the other modules of node at their first use: `validate` needs no processes and no sockets. */
function lazyModules(code) {
  const imports = [...code.matchAll(/\bvar (import_\w+)=((?:__toESM\()?require\("(node:[\w/]+)"\)[^;]*);/g)];
  return imports
    .filter(([, , , module]) => !LOADED.includes(module))
    .reduce(
      (lazy, [declaration, name, load]) =>
        lazy
          .replace(declaration, '')
          .replaceAll(new RegExp(`\\b${name}\\b`, 'g'), `(${name}())`)
          // After the helpers of esbuild, which are functions and variables at the top.
          .replace(
            /^(?:#!.*\n)?(?:"use strict";)?/,
            (top) => `${top}var loaded_${name},${name}=()=>loaded_${name}??=${load};`,
          ),
      code,
    );
}

/** A bundled file as CommonJS. */
async function toCommonJs({ path, text }) {
  if (!path.endsWith('.js')) return { path, code: text };
  const { code } = await transform(text, COMMON_JS);
  return { path, code: lazyModules(code) };
}

/**
 * Wraps a CommonJS file so that node can load it as such and src/platform/node/code-cache.ts as a script, whose value is
 * the function: adding the function there would copy the text.
 */
function wrap(code) {
  return `(run=>typeof module=="object"?run(module,exports,require,__dirname):run)(function(module,exports,require,__dirname){${code}\n})\n`;
}

/** The files that a file loads at once, and itself. */
function loadedWith(path, outputs, found = new Set()) {
  if (found.has(path)) return found;
  found.add(path);
  for (const { path: next, kind } of outputs[path].imports)
    if (kind === 'import-statement' && next in outputs) loadedWith(next, outputs, found);
  return found;
}

/**
 * The chunks as a few files, as node needs a fraction of a millisecond for each: by name of the file, the chunks that it
 * begins with. What they import is in the first file that needs it. Other chunks stay files: the API reference is larger
 * than all the rest.
 */
const FILES = {
  start: ['src/cli/bootstrap.ts'],
  core: ['src/cli/run.ts', 'src/engine/check-sources.ts'],
  podman: ['together:podman'],
  commands: ['together:commands'],
};

/** Joins the chunks to `FILES`. Each chunk is a function, which runs when it is needed. */
function joinChunks(files, { outputs }) {
  const groupOf = new Map();
  for (const [group, starts] of Object.entries(FILES))
    for (const path of Object.keys(outputs))
      if (starts.includes(outputs[path].entryPoint))
        for (const part of loadedWith(path, outputs)) if (!groupOf.has(part)) groupOf.set(part, group);
  const inDist = ({ path }) => relative(root, path);
  /** A chunk of another file is what the function of that file returns. */
  const linked = (code, group) =>
    code.replaceAll(/\brequire\("(\.\/[\w-]+\.js)"\)/g, (own, id) => {
      const other = groupOf.get(join('dist/parts', id));
      return other === undefined || other === group ? own : `require("./${other}.js")("${id}")`;
    });
  const joined = Object.keys(FILES).map((group) => {
    const parts = files
      .filter((file) => groupOf.get(inDist(file)) === group)
      .map(
        ({ path, code }) =>
          `"./${basename(path)}":function(module,exports,require){${linked(code, group)}\n}`,
      );
    const load =
      'let loaded={},load=id=>{if(!(id in parts))return require(id);let own=loaded[id];if(!own){own=loaded[id]={exports:{}};parts[id](own,own.exports,load)}return own.exports};';
    return {
      path: `${root}/dist/parts/${group}.js`,
      code: `let parts={${parts.join(',\n')}};${load}module.exports=load;`,
    };
  });
  const single = files.filter((file) => !groupOf.has(inDist(file)));
  return [...joined, ...single.map(({ path, code }) => ({ path, code: linked(code) }))];
}

/** Modules that are imported on demand and become one chunk: each further chunk has more imports and exports. */
const TOGETHER = {
  podman: ['cli/open-engine', 'cli/registry', 'view/progress/progress'],
  commands: [
    'cli/commands/describe',
    'cli/commands/diff',
    'cli/commands/events',
    'cli/commands/exec',
    'cli/commands/explain',
    'cli/commands/fix',
    'cli/commands/get',
    'cli/commands/graph',
    'cli/commands/install',
    'cli/commands/kill',
    'cli/commands/ps',
    'cli/commands/rollout',
    'cli/commands/scale',
    'cli/commands/start-stop',
    'cli/commands/wait',
    'cli/commands/watch',
  ],
};
const loadedTogether = {
  name: 'loaded-together',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir, kind }) => {
      const file = relative(`${root}src`, join(resolveDir, path)).replace(/\.ts$/, '');
      const name = Object.keys(TOGETHER).find((group) => TOGETHER[group].includes(file));
      if (kind === 'dynamic-import' && name !== undefined) return { path: name, namespace: 'together' };
    });
    onLoad({ filter: /./, namespace: 'together' }, ({ path }) => ({
      contents: TOGETHER[path].map((file) => `export * from './${file}.ts';`).join('\n'),
      resolveDir: `${root}/src`,
    }));
  },
};

/** The trace is in a file of its own, which only a run with PODPOSE_TRACE loads. It shares no chunk with the others. */
const traceApart = {
  name: 'trace-apart',
  setup({ onResolve }) {
    onResolve({ filter: /\/trace\/open-trace\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './trace.js', external: true } : undefined,
    );
  },
};

const partResults = await Promise.all([
  build({ ...COMMON, format: 'esm', entryPoints: { 'parts/trace': 'src/cli/trace/open-trace.ts' } }),
  // A process of its own, which loads nothing else.
  build({
    ...COMMON,
    format: 'esm',
    entryPoints: { 'parts/relay': 'src/platform/node/relay-process.ts' },
  }),
  build({
    ...COMMON,
    format: 'esm',
    splitting: true,
    entryPoints: { 'parts/start': 'src/cli/bootstrap.ts' },
    plugins: [loadedTogether, traceApart],
    chunkNames: 'parts/[name]-[hash]',
    // The ES modules of the package: its CommonJS modules are bundled as a whole, however little is used.
    alias: { yaml: `${root}/node_modules/yaml/browser/dist/index.js` },
  }),
]);
const [traceParts, networkParts, chunks] = await Promise.all(
  partResults.map(({ outputFiles }) => Promise.all(outputFiles.map(toCommonJs))),
);
const parts = [...traceParts, ...networkParts, ...joinChunks(chunks, partResults[2].metafile)];
const wrapped = parts.map(({ path, code }) => ({ path, code: path.endsWith('.js') ? wrap(code) : code }));
const buildId = createHash('sha256').update(JSON.stringify(wrapped.map(({ code }) => code)));
const entryResult = await build({
  ...COMMON,
  format: 'esm',
  entryPoints: { podpose: 'src/bin.ts' },
  define: { ...COMMON.define, PODPOSE_BUILD: JSON.stringify(buildId.digest('hex').slice(0, 16)) },
});
const entry = await Promise.all(entryResult.outputFiles.map(toCommonJs));
const results = [...partResults, entryResult];

rmSync(`${root}/dist`, { recursive: true, force: true });
for (const { path, code } of [...wrapped, ...entry]) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, code, { mode: relative(`${root}/dist`, path) === 'podpose.js' ? 0o755 : 0o644 });
}
copyFileSync(`${root}/src/platform/node/relay.pl`, `${root}/dist/parts/relay.pl`);
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
