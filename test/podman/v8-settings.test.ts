import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { cachedDataVersionTag } from 'node:v8';
import { prepareForInput, type StartSettings } from '../../src/platform/node/v8-settings.ts';

const isNode20 = process.versions.node.startsWith('20.');

/** V8 accepts a code cache only if this tag is the same as when the cache was written. */
function tagsAfter(size: number, start: StartSettings) {
  const before = new Set(process.listeners('exit'));
  const first = cachedDataVersionTag();
  prepareForInput(size, start);
  const during = cachedDataVersionTag();
  const added = process.listeners('exit').filter((listener) => !before.has(listener));
  assert.deepEqual(process.listeners('exit').slice(0, added.length), added);
  for (const restore of added) {
    restore(0);
    process.off('exit', restore);
  }
  return { isChanged: during !== first, isRestored: cachedDataVersionTag() === first };
}

test('a large input changes the settings of V8 on node 20, until the code cache is written', () => {
  assert.deepEqual(tagsAfter(1000, 'default'), { isChanged: false, isRestored: true });
  assert.deepEqual(tagsAfter(1_000_000, 'default'), { isChanged: isNode20, isRestored: true });
});

test('the settings of a frugal start differ from those of a large input, and are restored', () => {
  const script = `
    import { cachedDataVersionTag } from 'node:v8';
    import { prepareForInput, startFrugally } from '${import.meta.resolve('../../src/platform/node/v8-settings.ts')}';
    const plain = cachedDataVersionTag();
    const start = startFrugally();
    const tags = [plain, cachedDataVersionTag()];
    prepareForInput(1_000_000, start);
    tags.push(cachedDataVersionTag());
    process.on('exit', () => console.log(JSON.stringify([start, ...[...tags, cachedDataVersionTag()].map((tag) => tags.indexOf(tag))])));
  `;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', script],
    { encoding: 'utf8' },
  );
  const expected = isNode20 ? ['frugal', 0, 1, 2, 1] : ['default', 0, 0, 0, 0];
  assert.deepEqual(JSON.parse(stdout), expected, stderr);
});
