import assert from 'node:assert/strict';
import { test } from 'node:test';
import { composeYaml } from '../../src/manifest/yaml/compose-yaml.ts';
import { decodeSource } from '../../src/manifest/source-text.ts';
import { toJson } from '../../src/manifest/yaml/yaml-tree.ts';
import { line } from './faults.ts';

function read(text: string): { readonly values: readonly unknown[]; readonly faults: readonly string[] } {
  const source = decodeSource('file.yaml', text);
  if (!source.ok) throw new Error(source.error.message);
  const documents = composeYaml(source.value);
  return {
    values: documents.flatMap(({ root }) => (root === undefined ? [] : [toJson(root)])),
    faults: documents.flatMap(({ diagnostics }) => diagnostics.map(line)),
  };
}

/** Text, the JSON that Kubernetes would make of it (a text of JSON to keep the lines short). */
const sound: readonly (readonly [string, string, string])[] = [
  ['quoted-scalars-are-strings', 'a: "8080"\nb: \'yes\'\nc: "0644"', '[{"a":"8080","b":"yes","c":"0644"}]'],
  ['block-scalars-are-strings', 'a: |\n  8080\nb: >-\n  yes\n  no', '[{"a":"8080\\n","b":"yes no"}]'],
  ['an-escaped-single-quote', 'a: "\\\'x\\\\\'\\""\nb: c', '[{"a":"\'x\\\\\'\\"","b":"c"}]'],
  ['plain-scalars-get-a-type', 'a: 8080\nb: yes\nc: 0644', '[{"a":8080,"b":true,"c":420}]'],
  ['a-plain-scalar-over-two-lines-is-a-string', 'a: 80\n  80', '[{"a":"80 80"}]'],
  ['nulls', 'a:\nb: ~\nc: {d: null}\ne: 1', '[{"a":null,"b":null,"c":{"d":null},"e":1}]'],
  ['nulls-in-lists-stay', '[1, ~, 2]', '[[1,null,2]]'],
  [
    'keys-become-strings',
    '1: a\ntrue: b\n0x10: c\n1.5: d\n"2": e',
    '[{"1":"a","2":"e","16":"c","true":"b","1.5":"d"}]',
  ],
  ['a-plain-y-is-a-boolean-also-as-key', 'y: 1', '[{"true":1}]'],
  [
    'tags-of-yaml',
    'a: !!str 12\nb: !!int "3"\nc: !!bool "yes"\nd: !!float 1\ne: !!binary aGk=',
    '[{"a":"12","b":3,"c":true,"d":1,"e":"hi"}]',
  ],
  ['other-tags-say-nothing', 'a: !mine 12\nb: ! 12', '[{"a":"12","b":"12"}]'],
  ['several-documents', 'a: 1\n---\nb: 2\n...\n---\nc: 3', '[{"a":1},{"b":2},{"c":3}]'],
  ['empty-documents-are-skipped', '---\n---\n# nothing\n---\na: 1\n---\n', '[{"a":1}]'],
  ['json', '{"a": [1, "x", null, {"b": "\\u00e9\\ud83d\\ude00\\/"}]}', '[{"a":[1,"x",null,{"b":"é😀/"}]}]'],
  ['json-indented-with-tabs', '{\n\t"a": [\n\t\t1\n\t]\n}', '[{"a":[1]}]'],
  ['json-without-spaces', '{"a":1,"b":{"c":"d"}}', '[{"a":1,"b":{"c":"d"}}]'],
  ['windows-line-ends', 'a: 1\r\nb:\r\n- c\r\n', '[{"a":1,"b":["c"]}]'],
  ['byte-order-mark', '\uFEFFa: 1', '[{"a":1}]'],
  ['aliases', 'a: &x {b: 1}\nc: *x\nd: [*x, *x]', '[{"a":{"b":1},"c":{"b":1},"d":[{"b":1},{"b":1}]}]'],
  [
    'an-alias-means-the-last-anchor-before-it',
    'a: &x 1\nb: *x\nc: &x 2\nd: *x',
    '[{"a":1,"b":1,"c":2,"d":2}]',
  ],
  ['merge', 'a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  c: 3', '[{"a":{"b":1,"c":2},"d":{"c":3,"b":1}}]'],
  [
    'a-merge-wins-over-the-fields-before-it',
    'a: &x {b: 1}\nd:\n  b: 3\n  <<: *x',
    '[{"a":{"b":1},"d":{"b":1}}]',
  ],
  ['merge-of-several', 'd:\n  <<: [{a: 1, b: 1}, {b: 2, c: 2}]', '[{"d":{"a":1,"b":1,"c":2}}]'],
  [
    'merge-of-a-merge',
    'a: &a {x: 1}\nb: &b {<<: *a, z: 2}\nc: {<<: *b}',
    '[{"a":{"x":1},"b":{"z":2,"x":1},"c":{"z":2,"x":1}}]',
  ],
  ['brackets-at-the-left-edge', 'a:\n  b: [\n1,\n{c: d}\n]\n  e: f', '[{"a":{"b":[1,{"c":"d"}],"e":"f"}}]'],
  ['quotes-at-the-left-edge', 'a:\n  b: "c\nd"\n  e: f', '[{"a":{"b":"c d","e":"f"}}]'],
  ['byte-order-mark-of-a-later-document', 'a: 1\n---\n\uFEFFb: 1', '[{"a":1},{"b":1}]'],
  ['two-objects-of-json', '{"a":"\\/"}\n{"b":{"c":"}"}}\n', '[{"a":"/"},{"b":{"c":"}"}}]'],
  ['an-object-of-json-before-yaml', '{"a":1}\nb: 1\n---\nc: 1', '[{"a":1},{"b":1},{"c":1}]'],
  ['comment-right-after-a-bracket', 'a: {b: "c"}#d\ne: "f"#g', '[{"a":{"b":"c"},"e":"f"}]'],
  ['a-number-that-is-too-large-is-text', 'a: 1e999', '[{"a":"1e999"}]'],
  ['infinity-as-a-key', '.inf: 1', '[{".inf":1}]'],
  [
    'tabs-where-no-key-can-begin',
    'a:\t1\t# b\nc: [\t1,\t2]\nd: |\n  x\n  \ty',
    '[{"a":1,"c":[1,2],"d":"x\\n\\ty\\n"}]',
  ],
  ['a-quoted-merge-key-is-a-key', '"<<": {a: 1}', '[{"<<":{"a":1}}]'],
  [
    'proto-is-a-key-like-any-other',
    '__proto__: {a: 1}\nconstructor: 2',
    '[{"__proto__":{"a":1},"constructor":2}]',
  ],
];

for (const [name, text, json] of sound)
  test(`YAML: ${name}`, () => {
    const { values, faults } = read(text);
    assert.deepEqual(faults, []);
    assert.deepEqual(values, JSON.parse(json));
  });

/** Text, what is told of it, and what is read all the same. */
const faulty: readonly (readonly [string, string, readonly string[], string])[] = [
  ['tab', 'a: 1\n\tb: 2', ['2:1 a tab is used for indentation'], '[{"a":1,"b":2}]'],
  ['indentation', 'a:\n  b: 1\n c: 2', ['3:1 inconsistent indentation'], '[{"a":{"b":1},"c":2}]'],
  [
    'unclosed-quote-is-shown-where-it-opens',
    'a: 1\nb: "x\nc: 1\n',
    ['2:4 missing closing quote'],
    '[{"a":1,"b":"x c: 1"}]',
  ],
  ['unclosed-bracket', 'a: [1, 2\nb: 3', ['2:1 missing closing ]'], '[{"a":[1,2],"b":3}]'],
  ['unclosed-brace-at-the-end', 'a: {b: 1\n', ['1:8 missing closing }'], '[{"a":{"b":1}}]'],
  ['two-fields-in-a-line', 'a: b: c', ['1:4 unexpected mapping here'], '[{"a":{"b":"c"}}]'],
  ['a-word-between-fields', 'a: 1\nlost\nb: 2', ['2:1 unexpected "lost"'], '[{"a":1,"b":2}]'],
  ['a-word-after-fields', 'a: 1\nlost', ['2:1 missing colon and value after "lost"'], '[{"a":1}]'],
  [
    'reserved-character',
    'a: @x\nb: `y`',
    ['1:4 a value must not begin with "@"', '2:4 a value must not begin with "`"'],
    '[{"a":"@x","b":"`y`"}]',
  ],
  ['duplicate-key-at-the-second', 'a: 1\nb: 2\na: 3', ["3:1 duplicate key 'a'"], '[{"a":1,"b":2}]'],
  ['duplicate-key-in-two-spellings', '1: a\n0x1: b', ["2:1 duplicate key '1'"], '[{"1":"a"}]'],
  [
    'key-as-text-and-as-number',
    '1: a\n"1": b',
    ["2:1 '1' is here as text and as another value"],
    '[{"1":"b"}]',
  ],
  ['directive', '%YAML 1.2\n---\na: 1', ['1:1 kubectl refuses a directive of YAML'], '[{"a":1}]'],
  [
    'object-behind-the-separator',
    '--- {a: 1}',
    ["1:5 only a comment may follow '---' in its line"],
    '[{"a":1}]',
  ],
  ['end-of-no-document', '...\na: 1', ["1:1 unexpected '...': there is no document before it"], '[{"a":1}]'],
  [
    'after-the-end-of-a-document',
    'a: 1\n... b\nc: [\n---\nd: 1\n...\n# a comment',
    ["2:1 '...' ends the document: kubectl ignores what follows, up to the next '---'"],
    '[{"a":1},{"d":1}]',
  ],
  ['escaped-slash', 'a: "b\\/"', ["1:6 '\\/' is not a valid escape in YAML"], '[{"a":"b/"}]'],
  ['surrogate', 'a: "\\ud83d"', ["1:5 '\\ud83d' is half a character"], '[{"a":"\\ud83d"}]'],
  ['tab-of-a-block', 'a: |\n \tb', ['2:2 a tab is used for the indentation of a block'], '[{"a":"\\tb\\n"}]'],
  [
    'tab-alone-in-a-line',
    'a: 1\n\t\nb: 1',
    ['2:1 a tab is used where a field or an item could begin'],
    '[{"a":1,"b":1}]',
  ],
  [
    'question-mark-between-brackets',
    'a: [b?c]',
    ["1:6 '?' must be in quotes between brackets"],
    '[{"a":["b?c"]}]',
  ],
  ['infinity', 'a: .inf', ["1:4 '.inf' is not a number of JSON"], '[{"a":null}]'],
  [
    'merge-of-a-list-of-lists',
    'a: {<<: [[{b: 1}]]}',
    ["1:9 a: '<<' requires an object or a list of objects"],
    '[{"a":{}}]',
  ],
  [
    'duplicate-key-deep-inside',
    'a:\n- b: {c: 1, c: 2}',
    ["2:13 a[0].b: duplicate key 'c'"],
    '[{"a":[{"b":{"c":1}}]}]',
  ],
  ['unknown-alias', 'a: *x', ["1:4 undefined alias '*x': no anchor '&x' before it"], '[{"a":null}]'],
  [
    'misspelt-alias',
    'a: &web 1\nb: *wbe',
    ["2:4 undefined alias '*wbe': no anchor '&wbe' before it, did you mean '*web'?"],
    '[{"a":1,"b":null}]',
  ],
  ['alias-of-itself', 'a: &x [*x]', ["1:8 alias '*x' refers to itself"], '[{"a":[null]}]'],
  ['merge-of-a-scalar', 'a: {<<: 1}', ["1:9 a: '<<' requires an object or a list of objects"], '[{"a":{}}]'],
  ['template', 'a: {{ .Values.x }}', ['1:5 a: a map is not a valid field name'], '[{"a":{}}]'],
  ['list-as-key', '[a]: 1', ['1:1 a list is not a valid field name'], '[{}]'],
  ['no-key', ': 1', ['1:1 missing field name'], '[{}]'],
  ['wrong-tag', 'a: !!int x', ["1:10 'x' is not a valid !!int"], '[{"a":null}]'],
  ['unknown-escape', 'a: "\\d"', ['1:5 \\d is not a valid escape in YAML'], '[{"a":"\\\\d"}]'],
  [
    'both-documents-are-read',
    'a: [1\n---\nb: @x',
    ['2:1 missing closing ]', '3:4 a value must not begin with "@"'],
    '[{"a":[1]},{"b":"@x"}]',
  ],
];

for (const [name, text, expected, json] of faulty)
  test(`YAML fault: ${name}`, () => {
    const { values, faults } = read(text);
    assert.deepEqual(faults, expected);
    assert.deepEqual(values, JSON.parse(json));
  });
