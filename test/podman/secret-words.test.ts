import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { isSecretWord, secretsIn } from '../../src/kube/spec/container-secrets.ts';
import type { DesiredContainer } from '../../src/kube/spec/desired.ts';
import { secretCommand } from '../../src/podman/operations/secret-words.ts';
import { findings, mean, podWithContainer, show } from '../kube/manifest.ts';

const VALUE = ` a'b"c\\d $(NAME) $HOME \`id\` *\nlast line\n\n`;

/** Without a Secret of a manifest: the values of the variables. */
type Values = Readonly<Record<string, string>>;

function container(fields: Pick<DesiredContainer, 'env' | 'command' | 'args'>) {
  return { image: 'shop:1', ...fields };
}

/** The program's arguments and environment as the container runtime and the shell leave them. */
function runs(
  shell: string,
  { env, command = [], args = [], image }: ReturnType<typeof container>,
  secrets: Values,
  answer = '',
) {
  const { variables, entrypoint } = secretCommand({ env, command, args, image });
  const [, ...words] = JSON.parse(`${entrypoint.before}${answer}]`) as string[];
  const given = [...env, ...variables].map((variable): readonly [string, string] => {
    if ('secret' in variable) return [variable.name, secrets[variable.secret] ?? ''];
    assert.ok(typeof variable.value === 'string');
    return [variable.name, variable.value];
  });
  const written = [...command, ...args].map((word) => (isSecretWord(word) ? word.text : word));
  const ended = spawnSync(shell, [...words, ...written.map(String)], {
    env: { PATH: process.env['PATH'], ...Object.fromEntries(given) },
    argv0: 'sh',
    encoding: 'utf8',
  });
  assert.equal(ended.stderr, '');
  return ended.stdout;
}

/** The programs that are /bin/sh in most images, besides busybox. */
const SHELLS = ['dash', 'bash'];

const PRINT = ['sh', '-c', `printf '<%s>' "$@"`, 'sh'];

test('a secret stays one word, whatever it contains', () => {
  const args = [
    '',
    '$(A)',
    { secret: 'a', text: '--password=$(PASSWORD)' },
    { secret: 'b', text: '$(B)' },
    "it's",
  ];
  for (const shell of SHELLS)
    assert.equal(
      runs(shell, container({ env: [], command: PRINT, args }), { a: `--password=${VALUE}`, b: '' }),
      `<><$(A)><--password=${VALUE}><><it's>`,
    );
});

test('with args alone, the ENTRYPOINT of the image comes first', () => {
  const args = [{ secret: 'a', text: '$(A)' }, 'b'];
  const answer = PRINT.map((word) => `,${JSON.stringify(word)}`).join('');
  for (const shell of SHELLS) {
    assert.equal(runs(shell, container({ env: [], args }), { a: VALUE }, answer), `<${VALUE}><b>`);
    // Without an ENTRYPOINT, the first word is the program.
    const program = [
      { secret: 'a', text: '$(A)' },
      { secret: 'b', text: '$(B)' },
    ];
    assert.equal(runs(shell, container({ env: [], args: program }), { a: 'printf', b: VALUE }), VALUE);
  }
});

test('the program gets its own variables, with all names, and no others', () => {
  const env = [
    { name: 'discovery.type', value: 'single-node' },
    { name: 'it\'s-"$x`', secret: 'a' },
    { name: 'IFS', value: ':' },
    { name: 'PWD', value: '/old' },
    { name: 'PODPOSE_N', value: '1' },
    { name: '-i', value: '2' },
  ];
  const command = ['env', { secret: 'b', text: 'x=$(B)' }, 'env', '-0'];
  for (const shell of SHELLS) {
    const answer = ',"env","image.name=1"';
    const printed = runs(shell, container({ env, command }), { a: VALUE, b: 'x=2' }, answer).split('\0');
    const shown = printed.filter((line) => !/^(PATH|SHLVL|_)=/.test(line));
    assert.deepEqual(shown.sort(), [
      '',
      '-i=2',
      'IFS=:',
      'PODPOSE_N=1',
      'PWD=/old',
      'discovery.type=single-node',
      'image.name=1',
      `it's-"$x\`=${VALUE}`,
      'x=2',
    ]);
  }
});

test('the exit code is that of the program', () => {
  const { variables, entrypoint } = secretCommand(
    container({ env: [], command: ['sh', '-c', { secret: 'a', text: '$(A)' }] }),
  );
  const [, ...words] = JSON.parse(`${entrypoint.before}]`) as string[];
  const env = { PATH: process.env['PATH'], [variables[0]?.name ?? '']: 'echo $PPID; exit 7' };
  const { status, stdout } = spawnSync('sh', [...words, 'sh', '-c', '$(A)'], { env, encoding: 'utf8' });
  assert.equal(status, 7);
  // Its parent is that of the shell, which it has replaced.
  assert.equal(stdout, `${process.pid}\n`);
});

test('only words that refer to a secret are secrets', () => {
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'db' },
    stringData: { pw: VALUE, none: '' },
  };
  const from = (key: string) => ({ valueFrom: { secretKeyRef: { name: 'db', key } } });
  const pod = podWithContainer({
    env: [
      { name: 'PW', ...from('pw') },
      { name: 'USER', value: 'ann' },
      { name: 'NONE', ...from('none') },
      { name: 'EARLY', value: '$(PW)' },
      { name: 'LAST', ...from('pw') },
      { name: 'LAST', value: 'plain' },
    ],
    args: ['-p', '$(PW)', '$$(PW)', '$(UNKNOWN)', 'db://$(USER):$(PW)@db', '$(NONE)', '$(EARLY)', '$(LAST)'],
  });
  const { pods, diagnostics } = mean(JSON.stringify(secret), pod);
  assert.deepEqual(
    diagnostics.map(show).filter((line) => line.includes('secret')),
    [1, 4, 5, 6].map(
      (at) =>
        `warning: spec.containers[0].args[${at}]: all users of this machine can read this secret in the process list while the program runs [secret-in-command]`,
    ),
  );
  const [first] = pods[0]?.pod.containers ?? [];
  assert.ok(first !== undefined);
  assert.deepEqual(
    first.args?.map((word) => (isSecretWord(word) ? { text: word.text } : word)),
    [
      '-p',
      { text: '$(PW)' },
      '$(PW)',
      '$(UNKNOWN)',
      { text: 'db://$(USER):$(PW)@db' },
      '',
      { text: '$(EARLY)' },
      'plain',
    ],
  );
  assert.deepEqual(
    first.env.find(({ name }) => name === 'NONE'),
    { name: 'NONE', value: '' },
  );
  assert.deepEqual(
    secretsIn(first).map(({ fingerprint: _, ...use }) => use),
    [
      ...['PW', 'EARLY'].map((variable) => ({ variable })),
      ...[1, 4, 6].map((index) => ({ field: 'args', index })),
    ],
  );
});

test('an address of the pod and a secret in one word are not supported', () => {
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'db' }, stringData: { pw: 'x' } };
  const pod = podWithContainer({
    env: [
      { name: 'PW', valueFrom: { secretKeyRef: { name: 'db', key: 'pw' } } },
      { name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
    ],
    command: ['a', '$(IP)', '$(PW)@$(IP)'],
  });
  assert.ok(
    findings(JSON.stringify(secret), pod).includes(
      'spec.containers[0].command[2]: not supported: an address of the pod and a secret in the same value [not-supported]',
    ),
  );
});
