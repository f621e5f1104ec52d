import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderJsonPath, selectJsonPath } from '../../src/base/json-path.ts';

const LIST = {
  kind: 'List',
  items: [
    {
      metadata: { name: 'web', labels: { 'app.kubernetes.io/name': 'shop' } },
      status: { restarts: 3, phase: 'Running' },
    },
    { metadata: { name: 'db' }, status: { restarts: 0, phase: 'Pending', ready: true } },
    { metadata: { name: 'log' }, status: { phase: 'Running', none: null } },
  ],
};

/** Template and output, after the examples of kubectl's documentation. */
const CASES: readonly (readonly [template: string, output: string])[] = [
  ['{.kind}', 'List'],
  ['.kind', 'List'],
  ['kind', 'List'],
  ['{$.kind}', 'List'],
  ["{['kind']}", 'List'],
  ['{.items[*].metadata.name}', 'web db log'],
  ['{.items..name}', 'web db log'],
  ['{..restarts}', '3 0'],
  ['{.items[0].metadata.name}', 'web'],
  ['{.items[-1].metadata.name}', 'log'],
  ['{.items[0,2].metadata.name}', 'web log'],
  ['{.items[1:].metadata.name}', 'db log'],
  ['{.items[:-1].metadata.name}', 'web db'],
  ['{.items[0:3:2].metadata.name}', 'web log'],
  ["{.items[0].status['phase','restarts']}", 'Running 3'],
  ['{.items[?(@.status.phase=="Running")].metadata.name}', 'web log'],
  ["{.items[?(@.status.phase != 'Running')].metadata.name}", 'db'],
  ['{.items[?(@.status.restarts > 0)].metadata.name}', 'web'],
  ['{.items[?(@.status.ready==true)].metadata.name}', 'db'],
  ['{.items[?(@.status.ready)].metadata.name}', 'db'],
  ['{.items[?(@.metadata.name=="a)b")].kind}', ''],
  ['{range .items[*]}{.metadata.name}={.status.phase}{"\\n"}{end}', 'web=Running\ndb=Pending\nlog=Running\n'],
  ['{range .items[*]}{$.kind}{","}{end}', 'List,List,List,'],
  ['{range .items[0:1]}{range .metadata.labels}{@}{end}{end}', '{"app.kubernetes.io/name":"shop"}'],
  ['{.items[0].metadata.labels.app\\.kubernetes\\.io/name}', 'shop'],
  ['name: {.items[1].metadata.name}!', 'name: db!'],
  ['{"{}"}', '{}'],
  ['{.items[1].status}', '{"restarts":0,"phase":"Pending","ready":true}'],
  ['{.items[2].status.none}', ''],
  ['{.nosuch[0].x}', ''],
  ['{.kind.x}', ''],
  ['{.}', JSON.stringify(LIST)],
];

for (const [template, output] of CASES)
  test(`jsonpath ${template}`, () => {
    assert.deepEqual(renderJsonPath(template, LIST), { ok: true, value: output });
  });

const INVALID: readonly (readonly [template: string, why: RegExp])[] = [
  ['{.items[*}', /invalid path/],
  ['{.items', /unclosed '\{'/],
  ['{range .items[*]}', /\{range\} without \{end\}/],
  ['{end}', /\{end\} without \{range\}/],
  ['{.items[?(name=="x")]}', /invalid path/],
  ['{.a b}', /invalid path/],
];

for (const [template, why] of INVALID)
  test(`invalid jsonpath ${template}`, () => {
    const rendered = renderJsonPath(template, LIST);
    assert.ok(!rendered.ok);
    assert.match(rendered.error, why);
  });

test('a single path selects values', () => {
  assert.deepEqual(selectJsonPath('{.items[*].status.restarts}', LIST), { ok: true, value: [3, 0] });
  assert.ok(!selectJsonPath('{.a}{.b}', LIST).ok);
});
