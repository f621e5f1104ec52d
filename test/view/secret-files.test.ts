import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path/posix';
import { suite, test } from 'node:test';
import type { Plan } from '../../src/plan/plan.ts';
import { capabilitiesOf, OLDEST_PODMAN } from '../../src/podman/inspect/version.ts';
import type { Operation } from '../../src/podman/operations/operation.ts';
import { renderPlanCommands } from '../../src/view/plan/commands.ts';
import { renderPlanJson } from '../../src/view/plan/json.ts';

suite('plan --format commands with secret values', () => {
  test('the script begins with the variables and what their files contain', () => {
    const [comment] = printed(secret('B-C', 1), secret('USER', 2), pull('registry.example/app:1', 3)).split(
      '\n(\n',
    );
    assert.equal(
      comment,
      `# These commands need secret values. Before you run them, export each variable with the path of a file that contains
# exactly the value, with no line break added:
#   SECRET_A_APP_B_C: variable B-C of pod/a container/app
#   SECRET_A_APP_USER: variable USER of pod/a container/app
#   SECRET_REGISTRY_CREDENTIALS: credentials for image registry.example/app:1, in the format of ~/.docker/config.json`,
    );
  });

  test('a script without secret values has neither a comment nor a subshell', () => {
    assert.equal(printed(pull('app:1')), 'podman pull app:1\n');
  });

  test('two values never share a variable, and one value of two pulls does', () => {
    const text = printed(
      secret('B-C', 1),
      secret('B.C', 2),
      pull('one', 3),
      pull('two', 4),
      pull('three', 3),
    );
    const used = [...text.matchAll(/- <"\$\{(\w+):|"\$1"' podman (\w+) <"\$\{(\w+):/g)].map((match) =>
      match.slice(1).filter(Boolean).join(' '),
    );
    assert.deepEqual(used, [
      'SECRET_A_APP_B_C',
      'SECRET_A_APP_B_C_2',
      'one SECRET_REGISTRY_CREDENTIALS',
      'two SECRET_REGISTRY_CREDENTIALS_2',
      'three SECRET_REGISTRY_CREDENTIALS',
    ]);
    assert.match(text, /^# {3}SECRET_A_APP_B_C_2: variable B\.C of/m);
    const json = renderPlanJson(planOf([secret('B-C', 1), secret('B.C', 2)]), CAPABILITIES);
    assert.match(json, /\{SECRET_A_APP_B_C:[^]*\{SECRET_A_APP_B_C_2:/);
  });

  test('a name with a line break or a terminal sequence stays inside the comment', () => {
    const text = printed(secret('X\ntouch /tmp/x\u001b[31m', 1));
    assert.match(text, /^# {3}\w+: variable X␊touch \/tmp\/x␛\[31m of pod\/a container\/app$/m);
  });

  for (const [name, flags] of [
    ['a script', []],
    ['an interactive shell', ['-i']],
  ] as const)
    test(`${name} runs no command where a file is not given or cannot be read`, () => {
      const text = printed(pull('app:1'), secret('B', 1), secret('C', 2));
      const directory = mkdtempSync(join(tmpdir(), 'podpose-'));
      try {
        const file = join(directory, 'value');
        writeFileSync(file, 'one');
        const runs = [{}, { SECRET_A_APP_B: file }, { SECRET_A_APP_B: file, SECRET_A_APP_C: `${file}2` }];
        const [unset, second, unreadable] = runs.map((files) => run(text, flags, files));
        assert.match(
          unset?.stderr ?? '',
          /SECRET_A_APP_B: set it to the path of a file with the secret value/,
        );
        assert.match(
          second?.stderr ?? '',
          /SECRET_A_APP_C: set it to the path of a file with the secret value/,
        );
        assert.match(unreadable?.stderr ?? '', /value2/);
        for (const each of [unset, second, unreadable]) assert.equal(each?.stdout, '');
        const both = run(text, flags, { SECRET_A_APP_B: file, SECRET_A_APP_C: file });
        assert.match(both.stdout, /^pull app:1\nsecret create .*\nsecret create .*\n$/);
      } finally {
        rmSync(directory, { recursive: true });
      }
    });
});

const CAPABILITIES = capabilitiesOf(OLDEST_PODMAN);

function printed(...operations: readonly Operation[]): string {
  return renderPlanCommands(planOf(operations), CAPABILITIES, 'podman');
}

function planOf(operations: readonly Operation[]): Plan {
  const steps = operations.map((operation, index) => ({ id: `${index}`, needs: [], operation }));
  return { project: 'demo', changes: [], steps, warnings: [] };
}

function secret(variable: string, number: number): Operation {
  const fingerprint = `hmac-sha256:${number}`;
  return {
    kind: 'create-secret',
    project: 'demo',
    pod: 'a',
    container: 'app',
    role: 'container',
    variable,
    fingerprint,
  };
}

function pull(image: string, number?: number): Operation {
  return {
    kind: 'pull-image',
    image,
    ...(number === undefined ? {} : { credentials: `hmac-sha256:${number}` }),
  };
}

/** The script in a shell of its own session, with a podman that prints its arguments. */
function run(script: string, flags: readonly string[], files: Readonly<Record<string, string>>) {
  const input = script.replaceAll(' podman ', ' echo ').replaceAll(/^podman /gm, 'echo ');
  return spawnSync('setsid', ['--wait', 'sh', ...flags], {
    input,
    encoding: 'utf8',
    env: { ...process.env, ...files },
  });
}
