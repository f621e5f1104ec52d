// Bundles src/ into dist/. What only some verbs need stays in files of its own, loaded when it is used:
// `podpose --version` must not pay for listr2.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));

rmSync(`${root}/dist`, { recursive: true, force: true });
const result = await build({
  absWorkingDir: root,
  entryPoints: { podpose: 'src/bin.ts' },
  outdir: 'dist',
  chunkNames: 'parts/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'external',
  // Its ES modules: the CommonJS ones that it gives to node are slower to load, and come whole with import().
  alias: { yaml: `${root}/node_modules/yaml/browser/dist/index.js` },
  define: { PODPOSE_VERSION: JSON.stringify(version) },
  // Some dependencies are CommonJS and call require() for node's own modules.
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
  metafile: true,
  logLevel: 'warning',
});

// The bundled packages' licences ask for their texts to come along.
const bundled = new Set(
  Object.keys(result.metafile.inputs).flatMap(
    (path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? [],
  ),
);
const licences = [...bundled].sort().map((folder) => {
  const { name, version, license } = JSON.parse(readFileSync(`${root}/${folder}/package.json`, 'utf8'));
  const file = readdirSync(`${root}/${folder}`).find((entry) => /^licen[cs]e/i.test(entry));
  if (file === undefined) throw new Error(`${name} is bundled, and there is no licence in ${folder}`);
  return `${name} ${version} (${license})\n\n${readFileSync(`${root}/${folder}/${file}`, 'utf8').trim()}\n`;
});
writeFileSync(`${root}/dist/LICENSES.txt`, licences.join(`\n${'-'.repeat(80)}\n\n`));

if (process.argv.includes('--analyze')) {
  for (const [file, { bytes, inputs }] of Object.entries(result.metafile.outputs)) {
    const largest = Object.entries(inputs)
      .sort(([, a], [, b]) => b.bytesInOutput - a.bytesInOutput)
      .slice(0, 3)
      .map(([input, { bytesInOutput }]) => `${input} ${bytesInOutput}`);
    console.log(`${bytes.toString().padStart(8)}  ${file}  ${largest.join(', ')}`);
  }
}
