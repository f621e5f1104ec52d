import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildKustomization } from '../../src/engine/kustomize.ts';
import type { ProcessEnd, ProcessOutput } from '../../src/platform/process.ts';
import { testPlatform } from '../support/platform.ts';

type Answer = ProcessEnd & ProcessOutput;

const NOT_FOUND: Answer = {
  kind: 'not-started',
  reason: 'not-found',
  message: 'ENOENT',
  stdout: '',
  stderr: '',
};

function ended(exitCode: number, stdout: string, stderr = ''): Answer {
  return { kind: 'exited', exitCode, stdout, stderr };
}

const TREE: Readonly<Record<string, readonly string[]>> = {
  '/here/dev': ['kustomization.yml', 'pod.yaml'],
  '/here/-k': ['Kustomization'],
  '/here/plain': ['pod.yaml'],
  '/here/chart': ['Chart.yaml', 'templates'],
  '/here/none': [],
};

/** Builds with programs that answer by their command line. */
async function build(directory: string, answers: Readonly<Record<string, Answer>>) {
  const commands: string[] = [];
  const platform = testPlatform({});
  const built = await buildKustomization(
    {
      ...platform,
      cwd: '/here',
      files: {
        ...platform.files,
        list: (path) => Promise.resolve(TREE[path] ?? []),
        typeOf: (path) => (path in TREE ? 'directory' : path === '/here/pod.yaml' ? 'file' : 'absent'),
      },
      createRunner: () => ({
        query: (program, args) => {
          const command = [program, ...args].join(' ');
          commands.push(command);
          return Promise.resolve(answers[command] ?? NOT_FOUND);
        },
      }),
    },
    directory,
  );
  return {
    commands,
    built,
    words: built.ok ? [] : built.error.flatMap((one) => [one.code, one.message, one.help]),
  };
}

test('kustomize is preferred to kubectl', async () => {
  const { commands, built } = await build('dev', {
    'kustomize build dev': ended(0, 'kind: Pod', "# Warning: 'bases' is deprecated.\n"),
    'kubectl kustomize dev': ended(0, 'kind: Other'),
  });
  assert.deepEqual(commands, ['kustomize build dev']);
  assert.deepEqual(built, {
    ok: true,
    value: {
      file: 'dev/kustomization.yml',
      text: 'kind: Pod',
      built: { warnings: ["'bases' is deprecated."] },
    },
  });
});

test('kubectl builds without kustomize, and a directory is no option', async () => {
  const { commands, built } = await build('-k', { 'kubectl kustomize ./-k': ended(0, 'kind: Pod') });
  assert.deepEqual(commands, ['kustomize build ./-k', 'kubectl kustomize ./-k']);
  assert.ok(built.ok);
});

test('without both, the message says what to install', async () => {
  const { words } = await build('dev', {});
  assert.match(
    words.join(' '),
    /^kustomize-missing dev: neither 'kustomize' nor 'kubectl' .*Install kustomize/,
  );
});

/** What programs print, and what podpose makes of it. */
const failures: readonly (readonly [string, Readonly<Record<string, Answer>>, RegExp])[] = [
  [
    'kubectl 1.20 of Debian 12, with a base in resources',
    {
      'kubectl kustomize dev': ended(
        1,
        '',
        "Error: rawResources failed to read Resources: Load from path ../../base failed: '../../base' must be a file (got d='/here/base')\n\n",
      ),
      'kubectl version --client': ended(
        0,
        'Client Version: version.Info{Major:"1", Minor:"20", GitVersion:"v1.20.2"}',
      ),
    },
    /'kubectl kustomize dev' failed: rawResources .*'\/here\/base'\) kubectl v1\.20\.2 has kustomize 2\.0\.3, .*Install a current kustomize/,
  ],
  [
    'kubectl 1.32, with a file of another directory',
    {
      'kubectl kustomize dev': ended(
        1,
        '',
        `E1129 07:53:51.333053   20784 run.go:72] "command failed" err="security; file '/here/a \\"b\\".yaml' is not in or below '/here/dev'"`,
      ),
      'kubectl version --client': ended(0, 'Client Version: v1.32.4\nKustomize Version: v5.5.0'),
    },
    /failed: security; file '\/here\/a "b"\.yaml' is not in .*: kubectl kustomize --load-restrictor LoadRestrictionsNone dev \| podpose up -$/,
  ],
  [
    'kustomize 5.7, with a chart',
    { 'kustomize build dev': ended(1, '', 'Error: trouble: must specify --enable-helm') },
    /failed: trouble: .*: kustomize build --enable-helm dev \| podpose up -$/,
  ],
  [
    'kubectl 1.32, with several lines',
    {
      'kubectl kustomize dev': ended(
        1,
        '',
        'E1129 07:53:52.874175   20867 run.go:72] "command failed" err=<\n\tone\n\ttwo\n >',
      ),
      'kubectl version --client': ended(0, 'Client Version: v1.32.4'),
    },
    /failed: one\ntwo $/,
  ],
  ['no output', { 'kustomize build dev': ended(3, '') }, /failed: exit code 3 $/],
  [
    'a signal',
    { 'kustomize build dev': { kind: 'signalled', signal: 'SIGKILL', stdout: 'kind: Pod', stderr: '' } },
    /failed: ended by SIGKILL $/,
  ],
  ['no object', { 'kustomize build dev': ended(0, '\n') }, /'kustomize build dev' printed no object/],
];

for (const [name, answers, expected] of failures)
  test(`a failure is explained: ${name}`, async () => {
    const { words } = await build('dev', answers);
    assert.match(words.join(' '), /^kustomize-failed /);
    assert.match(words.join(' '), expected);
  });

test('what is no kustomization is refused before a program runs', async () => {
  for (const [directory, code, expected] of [
    ['gone', 'file-missing', /gone: no such file or directory/],
    ['pod.yaml', 'file-type', /podpose up -k \.$/],
    ['plain', 'kustomize-failed', /none of kustomization\.yaml.*: podpose up plain$/],
    ['none', 'kustomize-failed', /Name the directory of a kustomization/],
    ['chart', 'other-format', /helm template chart \| podpose up -$/],
    ['https://example.com/x', 'file-is-url', /: kustomize build https:\/\/example\.com\/x \| podpose up -$/],
    ['github.com/a/b?ref=v1', 'file-is-url', /: kustomize build "github\.com\/a\/b\?ref=v1" \|/],
  ] as const) {
    const { words, commands } = await build(directory, {});
    assert.equal(words[0], code);
    assert.match(words.join(' '), expected);
    assert.deepEqual(commands, []);
  }
});
