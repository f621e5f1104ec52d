import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expand } from '../../src/kube/convert/expansion.ts';
import { desired, podWithContainer } from './manifest.ts';

const values = new Map([
  ['VAR_A', 'A'],
  ['VAR_B', 'B'],
  ['VAR_C', 'C'],
  ['VAR_REF', '$(VAR_A)'],
  ['VAR_DOLLAR', '$&$1$$'],
  ['VAR_EMPTY', ''],
  ['a.b-c/d e', 'odd'],
]);

/** What is written, and what Kubernetes makes of it. */
const cases: readonly (readonly [string, string])[] = [
  ['', ''],
  ['plain', 'plain'],
  ['$(VAR_A)', 'A'],
  ['___$(VAR_B)___', '___B___'],
  ['$(VAR_A)$(VAR_B)', 'AB'],
  ['$(VAR_A)-$(VAR_C)-$(VAR_A)', 'A-C-A'],
  ['$(VAR_EMPTY)', ''],
  ['a$(VAR_EMPTY)b', 'ab'],
  ['$(a.b-c/d e)', 'odd'],
  // What comes out of a variable is not looked at again.
  ['$(VAR_REF)', '$(VAR_A)'],
  ['$(VAR_DOLLAR)', '$&$1$$'],
  // What is not known stays.
  ['$(UNKNOWN)', '$(UNKNOWN)'],
  ['x$(UNKNOWN)y$(VAR_A)', 'x$(UNKNOWN)yA'],
  ['$(var_a)', '$(var_a)'],
  ['$( VAR_A)', '$( VAR_A)'],
  ['$(VAR_A )', '$(VAR_A )'],
  ['$()', '$()'],
  ['$(date +%s)', '$(date +%s)'],
  // Two dollars are one.
  ['$$', '$'],
  ['$$$$', '$$'],
  ['$$$', '$$'],
  ['$$(VAR_A)', '$(VAR_A)'],
  ['$$$(VAR_A)', '$A'],
  ['$$$$(VAR_A)', '$$(VAR_A)'],
  ['$$$$$(VAR_A)', '$$A'],
  ['$$(VAR_A)_$(VAR_A)', '$(VAR_A)_A'],
  ['a$$b', 'a$b'],
  ['$$PATH', '$PATH'],
  // Any other dollar is itself.
  ['$', '$'],
  ['$VAR_A', '$VAR_A'],
  ['${VAR_A}', '${VAR_A}'],
  ['cost: 5$', 'cost: 5$'],
  ['$x$(VAR_A)', '$xA'],
  ['$ (VAR_A)', '$ (VAR_A)'],
  ['$é$(VAR_A)', '$éA'],
  ['%(VAR_A)', '%(VAR_A)'],
  ['(VAR_A)', '(VAR_A)'],
  // References that are never closed.
  ['$(', '$('],
  ['$(VAR_A', '$(VAR_A'],
  ['$(VAR_A$(VAR_B', '$(VAR_A$(VAR_B'],
  ['$(VAR_A)$(VAR_B', 'A$(VAR_B'],
  ['$($$', '$($'],
  // A reference ends at the first closing parenthesis.
  ['$($(VAR_A))', '$($(VAR_A))'],
  ['$(VAR_A))', 'A)'],
  ['$((VAR_A))', '$((VAR_A))'],
  ['$(VAR_$(VAR_A))', '$(VAR_$(VAR_A))'],
  ['$(VAR_A)\n$(VAR_B)', 'A\nB'],
  ['$(VAR\n_A)', '$(VAR\n_A)'],
  ['f$(VAR_A)(x)', 'fA(x)'],
];

for (const [written, expanded] of cases)
  test(`${JSON.stringify(written)} becomes ${JSON.stringify(expanded)}`, () => {
    assert.equal(expand(written, values), expanded);
  });

test('a long text of unclosed references is fast', () => {
  const text = '$('.repeat(500_000);
  const start = performance.now();
  assert.equal(expand(text, values), text);
  assert.ok(performance.now() - start < 5000);
});

test('a variable can refer to earlier variables, not to later ones', () => {
  const env = [
    { name: 'EARLY', value: '$(LATE)' },
    { name: 'LATE', value: 'late' },
    { name: 'BOTH', value: '$(EARLY) $(LATE)' },
    { name: 'SELF', value: '$(SELF)' },
  ];
  assert.deepEqual(desired(podWithContainer({ env })).containers[0]?.env, [
    { name: 'EARLY', value: '$(LATE)' },
    { name: 'LATE', value: 'late' },
    { name: 'BOTH', value: '$(LATE) late' },
    { name: 'SELF', value: '$(SELF)' },
  ]);
});

test('command and args can refer to every variable', () => {
  const container = desired(
    podWithContainer({
      command: ['sh', '-c', 'echo $(A) $$(A) $(date)'],
      args: ['$(B)'],
      env: [
        { name: 'A', value: '1' },
        { name: 'B', value: '$(A)2' },
      ],
    }),
  ).containers[0];
  assert.ok(container);
  assert.deepEqual(container.command, ['sh', '-c', 'echo 1 $(A) $(date)']);
  assert.deepEqual(container.args, ['12']);
});
