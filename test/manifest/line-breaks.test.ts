import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readManifests } from '../../src/manifest/read-manifests.ts';
import { faults, pod } from './faults.ts';

const NEL = '\u0085';
const LS = '\u2028';
const PS = '\u2029';
const CR = '\r';

const NAMES = [
  [NEL, 'U+0085 (NEL)'],
  [LS, 'U+2028 (line separator)'],
  [PS, 'U+2029 (paragraph separator)'],
  [CR, 'U+000D (CR)'],
] as const;

/** A ConfigMap with this in front of the values of `data`, which begin in the fifth line. */
const configMap = (data: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: m }\ndata:\n${data}\n`;

/*
 * What kubectl makes of each was seen with sigs.k8s.io/yaml 1.6.0: an error, or the object that is told behind it.
 */
for (const [character, name] of NAMES)
  test(`${name} is refused where kubectl reads another object`, () => {
    const message = `${name} is a line break for kubectl, which would read a different object than podpose`;
    const wrong = (place: string, text: string) => {
      assert.deepEqual(faults(text), [`${place} ${message}`], JSON.stringify(text));
    };
    wrong('1:9', `# a note${character}kind: Secret\n${pod({})}`); // kind: Secret
    wrong('1:9', `# a note${character}\t# two\n${pod({})}`); // an error
    wrong('1:9', `# a note${character}${' '.repeat(2000)}kind: Secret\n${pod({})}`);
    wrong('5:7', configMap(`  a: b${character}  c: d`)); // a: b, c: d
    if (character !== CR) wrong('5:7', configMap(`  a: b${character}\n  c: d`)); // a: b
    wrong('6:9', configMap(`  a: |\n    text${character}    text`)); // the text has two lines
    wrong('6:6', configMap(`  a: >\n    #${character}    text`));
    wrong('5:5', configMap(`  a:${character}    b`));
    wrong('5:9', configMap(`  a: [x,${character} y]`)); // an error, as a value is a text
  });

test('NEL and a carriage return are folded in quotes, as line feeds are', () => {
  assert.equal(faults(configMap(`  a: "x${NEL}y"`)).length, 1); // x y
  assert.equal(faults(configMap(`  a: 'x${CR}y'`)).length, 1); // x y
});

for (const character of [LS, PS])
  test(`${JSON.stringify(character)} in quotes is refused where it is not kept as it is`, () => {
    for (const text of [
      `"x ${character}y"`, // the blanks around it go
      `'x${character} y'`,
      `"x${character}${character}y"`,
      `"x\\${character}y"`, // escaped, as a line break is
      `'x${character}---y'`, // the end of the document
      `"${character}y"`,
    ])
      assert.equal(faults(configMap(`  a: ${text}`)).length, 1, JSON.stringify(text));
    assert.equal(faults(configMap(`  "a${character}b" : c`)).length, 1, 'a key is one line');
  });

test('they are accepted if kubectl reads the same', () => {
  const same = (text: string) => {
    assert.deepEqual(faults(text), [], JSON.stringify(text));
  };
  for (const [character] of NAMES) {
    same(`# a note${character}\n${pod({})}`);
    same(`# a note${character}${character}  # and another\n${pod({})}`);
    same(configMap(`  a: b # a note${character}`));
  }
  for (const character of [LS, PS]) {
    same(configMap(`  a: "x${character}y"`));
    same(configMap(`  a: 'x${character}y' # a note`));
  }
  same(configMap(String.raw`  a: "x\N\L\P\ry"`));
  same(configMap('  a: |\n    b\n').replaceAll('\n', '\r\n'));
  // JSON has no other line breaks than YAML 1.2, and kubectl reads it as JSON.
  same(`{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m"},"data":{"k":"x ${NEL} ${LS} y"}}`);
});

test('many of them are fast', () => {
  const comment = `#${`${NEL}${' '.repeat(50)}`.repeat(50_000)}`;
  const begin = performance.now();
  readManifests([{ file: 'pod.yaml', text: `${comment}\n${pod({})}` }]);
  assert.ok(performance.now() - begin < 3000);
});
