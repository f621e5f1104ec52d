import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'node:test';
import { assertRefused, IMAGE, pod, SIDE_BY_SIDE, story, type Desk } from './support.ts';

interface Bad {
  readonly what: string;
  /** Lays the input out; gives the operand. */
  readonly make: (desk: Desk) => string;
  readonly says: readonly (string | RegExp)[];
}

function file(name: string, text: string | Uint8Array): Bad['make'] {
  return (desk) => {
    desk.file(name, text);
    return name;
  };
}

const SOUND = pod('web', `  containers: [{name: app, image: '${IMAGE}'}]`);

const INPUTS: readonly Bad[] = [
  { what: 'an empty file', make: file('pod.yaml', ''), says: [/^pod\.yaml/m] },
  { what: 'a file of comments', make: file('pod.yaml', '# nothing\n---\n# here\n'), says: [/^pod\.yaml/m] },
  {
    what: 'a binary file',
    make: file(
      'pod.yaml',
      Uint8Array.from({ length: 4096 }, (_, i) => (i * 7919) % 256),
    ),
    says: [/^pod\.yaml/m],
  },
  {
    what: 'a file in no Unicode',
    make: file('pod.yaml', new Uint8Array([0x6b, 0x69, 0x6e, 0x64, 0x3a, 0x20, 0xe9, 0x0a])),
    says: [/^pod\.yaml/m],
  },
  { what: '10 MB of one line', make: file('pod.yaml', 'x'.repeat(10_000_000)), says: [/^pod\.yaml/m] },
  {
    what: '10 MB of mistakes',
    make: file('pod.yaml', `${SOUND}  nosuch:\n${'  - {name: x, imgae: y}\n'.repeat(400_000)}`),
    says: [/^pod\.yaml/m],
  },
  { what: 'deep nesting', make: file('pod.yaml', `a: ${'['.repeat(100_000)}`), says: [/^pod\.yaml/m] },
  {
    what: 'an alias bomb',
    make: file(
      'pod.yaml',
      [
        'a: &a [x]',
        ...Array.from(
          { length: 30 },
          (_, i) => `b${i}: &b${i} [${`*${i === 0 ? 'a' : `b${i - 1}`}, `.repeat(9)}]`,
        ),
      ].join('\n'),
    ),
    says: [/^pod\.yaml/m],
  },
  {
    what: 'broken YAML',
    make: file('pod.yaml', `${SOUND}  - {name: "x\n`),
    says: [/^pod\.yaml:\d+:\d+: error: /m],
  },
  { what: 'a list at the top', make: file('pod.yaml', '- 1\n- 2\n'), says: [/^pod\.yaml:1:1: error: /m] },
  {
    what: 'another kind',
    make: file('pod.yaml', SOUND.replace('kind: Pod', 'kind: Servce')),
    says: [/^pod\.yaml:2:7: error: /m, 'Servce'],
  },
  { what: 'broken JSON', make: file('pod.json', '{"kind": "Pod",'), says: [/^pod\.json:/m] },
  {
    what: 'a file that is not there',
    make: () => 'nosuch.yaml',
    says: ['nosuch.yaml: no such file or directory'],
  },
  {
    what: 'a folder without manifests',
    make: (desk) => {
      desk.file('folder/README.md', 'nothing');
      return 'folder';
    },
    says: ['folder: no .yaml, .yml or .json file in this directory'],
  },
  {
    what: 'a folder that is called like a manifest',
    make: (desk) => {
      mkdirSync(join(desk.directory, 'pod.yaml'));
      return 'pod.yaml';
    },
    says: ['pod.yaml: no .yaml'],
  },
  {
    what: 'a folder with one bad file among good ones',
    make: (desk) => {
      desk.file('set/a.yaml', SOUND);
      desk.file('set/b.yaml', SOUND.replace('name: web', 'name: b').replace('image', 'imgae'));
      return 'set';
    },
    says: [/^set\/b\.yaml:\d+:\d+: error: .*did you mean 'image'/m],
  },
  {
    what: 'a socket of the kernel',
    make: () => '/proc/self/mem',
    says: ['/proc/self/mem: cannot read the file'],
  },
];

void describe('bad input is reported on one screen, and nothing is changed', SIDE_BY_SIDE, () => {
  for (const { what, make, says } of INPUTS)
    story(what, {}, async (desk) => {
      const operand = make(desk);
      const ended = await desk.podpose('up', '-d', operand);
      assertRefused(ended, 2, ...says);
      assert.ok(ended.stderr.length < 8000, `much text: ${ended.stderr.length}`);
      assert.deepEqual(desk.fake.changes(), []);
      assert.ok(ended.milliseconds < 30_000);
    });

  story('bad input from standard input', {}, async (desk) => {
    assertRefused(
      await desk.run(['up', '-d', '-'], { input: 'kind: Pdo\n' }),
      2,
      /^-?.*:\d+:\d+: error: /m,
      'Pdo',
    );
    assertRefused(await desk.run(['up', '-d', '-'], { input: '' }), 2);
  });
});
