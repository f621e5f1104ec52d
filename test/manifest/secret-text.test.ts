import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainPaint } from '../../src/base/paint.ts';
import { readManifests } from '../../src/manifest/read-manifests.ts';
import { hideSecrets } from '../../src/manifest/secret-text.ts';
import { renderDiagnostics } from '../../src/view/diagnostics/diagnostics.ts';

const MARKER = 'hunter2';

/** All that a person is shown of a manifest and its mistakes. */
function shown(text: string): string {
  const { diagnostics } = readManifests([{ file: 'pod.yaml', text }]);
  return renderDiagnostics(diagnostics, new Map([['pod.yaml', hideSecrets(text)]]), plainPaint);
}

const HEAD = 'apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\n';

const broken: Readonly<Record<string, string>> = {
  'a number': `${HEAD}stringData:\n  password: 4711\n  other: ${MARKER}4711\n`,
  'a list': `${HEAD}stringData:\n  password: [${MARKER}]\n`,
  'an object': `${HEAD}stringData:\n  password: {a: ${MARKER}}\n`,
  'a field that is misspelt': `${HEAD}stringDta:\n  password: ${MARKER}\n`,
  'a kind that is misspelt': `${HEAD.replace('Secret', 'Sercet')}stringData:\n  password: ${MARKER}\n  x: 1\n`,
  'a kind in lower case': `${HEAD.replace('Secret', 'secret')}data:\n  password: ${MARKER}\n`,
  'a missing space': `${HEAD}stringData:\n  password:${MARKER}\n`,
  'a missing quote': `${HEAD}stringData:\n  password: "${MARKER}\n`,
  'a bad escape': `${HEAD}stringData:\n  password: "\\${MARKER}"\n`,
  'a reserved character': `${HEAD}stringData:\n  password: @${MARKER}\n`,
  'a percent sign': `${HEAD}stringData:\n  password: %${MARKER}\n`,
  'an unknown alias': `${HEAD}stringData:\n  password: *${MARKER}\n`,
  'a tag': `${HEAD}stringData:\n  password: !!int ${MARKER}\n`,
  'bad indentation': `${HEAD}stringData:\n    a: x\n  ${MARKER}\n   b: ${MARKER}\n`,
  'a tab': `${HEAD}stringData:\n\tpassword: ${MARKER}\n`,
  'a block': `${HEAD}stringData:\n  password: |\n    ${MARKER}\n   ${MARKER}\n`,
  'the value alone': `${HEAD}stringData: ${MARKER}\n`,
  'the value in the wrong place': `${HEAD}${MARKER}\n`,
  'a value as a key': `${HEAD}stringData:\n  "pass word": {${MARKER}: 1}\n  ? [${MARKER}]\n`,
  'an annotation': `${HEAD}  annotations:\n    last-applied: {"data": "${MARKER}"}\nfoo: bar\n`,
  'a template': `${HEAD}stringData:\n  password: {{ ${MARKER} }}\n`,
  'a comment': `${HEAD}stringData:\n  password: 4711 # ${MARKER}\n`,
  JSON: `{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": 1}, "data": {"a": "${MARKER}"}}`,
  'JSON on lines': `{\n"apiVersion": "v1",\n"kind": "Secret",\n"metadata": {"name": "a"},\n"data": {\n"a": ["${MARKER}"]}}`,
  'a List': `apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Secret\n  metadata: {name: a}\n  stringData:\n    name: [${MARKER}]\n`,
  'behind a Pod': `apiVersion: v1\nkind: Pod\nmetadata: {name: 1}\n---\n${HEAD}stringData: {a: [${MARKER}]}\n`,
};

for (const [what, text] of Object.entries(broken))
  test(`an error in a Secret shows no value: ${what}`, () => {
    const told = shown(text);
    assert.match(told, /error/, 'there is a mistake');
    assert.ok(!told.includes(MARKER) && !told.includes('4711'), told);
  });

test('other text is not masked', () => {
  const told = shown(
    `${HEAD}stringData: {}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containrs: []}\n`,
  );
  assert.match(told, /spec: \{containrs: \[\]\}/);
  assert.match(told, /did you mean 'containers'/);
});

test('masked text keeps its columns', () => {
  const text = `${HEAD}stringData:\n  password: ${MARKER}\n`;
  assert.equal(hideSecrets(text), text.replace(MARKER, '*******'));
  const pod = 'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\n';
  assert.equal(hideSecrets(pod), pod);
});
