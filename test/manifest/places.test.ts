import assert from 'node:assert/strict';
import { test } from 'node:test';
import { only, pod } from './faults.ts';

const manifest = pod({
  spec: [
    'initContainers:',
    '- &base',
    '  name: base',
    '  image: one:1',
    '- <<: *base',
    '  name: two',
    '- *base',
    'volumes: [{name: data, emptyDir: {}}]',
  ].join('\n'),
  container: 'command:\n- sh\nenv:',
});

/** A path, the place of its value and the place of its name. */
const places: readonly (readonly [string, readonly (string | number)[], string, string])[] = [
  ['a scalar', ['metadata', 'name'], '4:9+3', '4:3+4'],
  ['a block stands at its name', ['metadata'], '3:1+8', '3:1+8'],
  ['an item of a list begins with its first field', ['spec', 'containers', 0], '15:5+4', '15:5+4'],
  ['something in braces', ['spec', 'volumes', 0, 'emptyDir'], '13:36+2', '13:26+8'],
  ['a scalar in a list', ['spec', 'containers', 0, 'command', 0], '18:7+2', '18:7+2'],
  ['a field without a value', ['spec', 'containers', 0, 'env'], '19:5+3', '19:5+3'],
  ['what is missing is missed at its parent', ['spec', 'containers', 0, 'tty'], '15:5+4', '15:5+4'],
  ['what is missing far down', ['spec', 'securityContext', 'runAsUser'], '5:1+4', '5:1+4'],
  ['what was merged in', ['spec', 'initContainers', 1, 'image'], '9:12+5', '9:5+5'],
  ['what is beside the merge', ['spec', 'initContainers', 1, 'name'], '11:11+3', '11:5+4'],
  ['through an alias', ['spec', 'initContainers', 2, 'image'], '9:12+5', '9:5+5'],
  ['the whole object', [], '1:1+10', '1:1+10'],
];

for (const [name, path, value, key] of places)
  test(`places: ${name}`, () => {
    const { locate, locateKey } = only(manifest);
    const show = ({ line, column, length }: ReturnType<typeof locate>): string =>
      `${line.toString()}:${column.toString()}+${(length ?? 1).toString()}`;
    assert.equal(show(locate(path)), value);
    assert.equal(show(locateKey(path)), key);
    assert.equal(locate(path).file, 'pod.yaml');
  });

test('the length of a location ends with its line', () => {
  const { locate } = only(pod({ container: 'args: ["a\n  b", c]\nworkingDir: |\n  /srv/www\n  more' }));
  assert.deepEqual(locate(['spec', 'containers', 0, 'args', 0]), {
    file: 'pod.yaml',
    line: 9,
    column: 12,
    length: 2,
    continues: true,
  });
  assert.deepEqual(locate(['spec', 'containers', 0, 'workingDir']), {
    file: 'pod.yaml',
    line: 11,
    column: 17,
    continues: true,
  });
});

test('columns count after a byte order mark and over wide characters', () => {
  const { locate } = only(`\uFEFF${pod({ container: 'args: ["é😀", x]' })}`);
  assert.equal(locate(['apiVersion']).column, 13);
  assert.equal(locate(['spec', 'containers', 0, 'args', 1]).column, 19);
});
