import assert from 'node:assert/strict';
import { WATCH_DEFAULTS } from '../../src/kubelet/watched.ts';
import { commandClient } from '../../src/podman/client/client.ts';
import { join } from 'node:path/posix';
import { suite, test } from 'node:test';
import type { ProcessEnd } from '../../src/platform/process.ts';
import type { SidecarWatch } from '../../src/apply/context.ts';
import type { ApplyEvent, Outcome } from '../../src/apply/events.ts';
import { preStopWarning } from '../../src/apply/hooks.ts';
import { execute } from '../../src/apply/execute.ts';
import type { PodDeadlines } from '../../src/apply/pod-deadlines.ts';
import { defined } from '../../src/base/defined.ts';
import type { HookFailure, HookRunner } from '../../src/kubelet/hooks.ts';
import type { Plan } from '../../src/plan/plan.ts';
import type { Step } from '../../src/plan/step.ts';
import { capabilitiesOf, OLDEST_PODMAN } from '../../src/podman/inspect/version.ts';
import { planCase } from '../support/plan-case.ts';
import {
  calm,
  handClock,
  scriptedRunner,
  type HandClock,
  type ScriptedRunner,
} from '../support/scripted-runner.ts';

interface Run {
  readonly podman: ScriptedRunner;
  readonly clock: HandClock;
  readonly stop: AbortController;
  readonly kill: AbortController;
  readonly events: readonly ApplyEvent[];
  readonly outcome: Promise<Outcome>;
}

interface RunOptions {
  readonly concurrency?: number;
  /** Seconds. */
  readonly retryUntil?: number;
  readonly firstBackOffSeconds?: number;
  /** Exit codes of commands that end at once. The test ends all other commands. */
  readonly answers?: Readonly<Record<string, number>>;
  /** Exit code of a command after a signal. Default: it is terminated by the signal. */
  readonly onSignal?: number;
  readonly runHook?: HookRunner;
  readonly onHookFailed?: (failure: HookFailure) => void;
  readonly sidecars?: Partial<SidecarWatch>;
  readonly deadlines?: PodDeadlines;
}

/** Starts to apply a plan, and resolves when it waits for a command or the clock. */
const NO_SIDECARS: SidecarWatch = {
  restartsContainers: false,
  untilRestarted: () => Promise.resolve(true),
  add: () => undefined,
  untilStarted: () => Promise.resolve(true),
  untilReady: () => Promise.resolve(true),
};

async function begin(plan: Plan, options: RunOptions = {}): Promise<Run> {
  const answers = Object.entries(options.answers ?? {});
  const { onSignal } = options;
  const endOnSignal =
    onSignal === undefined ? undefined : (): ProcessEnd => ({ kind: 'exited', exitCode: onSignal });
  const podman = scriptedRunner((command) => {
    const answer = answers.find(([words]) => command.line.includes(words));
    if (answer !== undefined) command.exit(answer[1]);
  }, endOnSignal);
  const clock = handClock();
  const [stop, kill] = [new AbortController(), new AbortController()];
  const events: ApplyEvent[] = [];
  const outcome = execute(plan, {
    podman: commandClient(podman, 'podman'),
    capabilities: capabilitiesOf(OLDEST_PODMAN),
    secrets: { reveal: () => undefined, redact: (text) => text.replaceAll('hunter2', '***') },
    clock,
    runHook: options.runHook ?? (() => Promise.resolve({ kind: 'succeeded' })),
    onHookFailed: options.onHookFailed ?? (() => undefined),
    emit: (event) => events.push(event),
    concurrency: options.concurrency ?? 4,
    stop: stop.signal,
    kill: kill.signal,
    retryUntil: (options.retryUntil ?? Infinity) * 1000,
    settings: { ...WATCH_DEFAULTS, ...defined({ firstBackOffSeconds: options.firstBackOffSeconds }) },
    sidecars: { ...NO_SIDECARS, ...options.sidecars },
    ...defined({ deadlines: options.deadlines }),
  });
  await calm();
  return { podman, clock, stop, kill, events, outcome };
}

const ALL_SUCCEED = { '': 0 };

async function planOf(name: string): Promise<Plan> {
  const { plan, text } = await planCase(join(import.meta.dirname, '../cases', name), undefined, '5.4.2');
  assert.ok(plan, text);
  return plan;
}

function plan(...steps: readonly Step[]): Plan {
  return { project: 'demo', changes: [], steps, warnings: [] };
}

/** A step that finishes when the run is stopped. */
function short(id: string, ...needs: readonly string[]): Step {
  return { id, needs, operation: { kind: 'remove-volumes', volumes: [id] } };
}

function pull(id: string): Step {
  return { id, needs: [], operation: { kind: 'pull-image', image: id } };
}

function ids(steps: readonly Step[]): readonly string[] {
  return steps.map(({ id }) => id);
}

/** The commands that were started, by their last arguments. */
function started({ podman }: Run): readonly string[] {
  return podman.commands.map(({ args }) => args.at(-1) ?? '');
}

suite('order', () => {
  test('a step starts when all steps it needs have succeeded', async () => {
    const run = await begin(plan(short('a'), short('b', 'a'), short('c', 'a'), short('d', 'b', 'c')));
    assert.deepEqual(started(run), ['a']);
    run.podman.find('a').exit(0);
    await calm();
    assert.deepEqual(started(run), ['a', 'b', 'c']);
    run.podman.find('rm c').exit(0);
    await calm();
    assert.deepEqual(started(run), ['a', 'b', 'c']);
    run.podman.find('rm b').exit(0);
    await calm();
    run.podman.find('rm d').exit(0);
    const outcome = await run.outcome;
    assert.equal(outcome.status, 'done');
    assert.deepEqual(ids(outcome.succeeded), ['a', 'c', 'b', 'd']);
  });

  test('a step starts when the steps that it follows have ended, also with a failure', async () => {
    const run = await begin(plan(short('a'), { ...short('b'), after: ['a'] }));
    assert.deepEqual(started(run), ['a']);
    run.podman.find('a').exit(1);
    await calm();
    run.podman.find('rm b').exit(0);
    assert.deepEqual(ids((await run.outcome).succeeded), ['b']);
  });

  test('the number of parallel commands is limited', async () => {
    const run = await begin(plan(...['a', 'b', 'c', 'd', 'e'].map((id) => short(id))), { concurrency: 2 });
    let most = 0;
    while (run.podman.running().length > 0) {
      most = Math.max(most, run.podman.running().length);
      run.podman.running()[0]?.exit(0);
      await calm();
    }
    assert.equal(most, 2);
    assert.equal((await run.outcome).succeeded.length, 5);
  });

  test('four commands that wait for containers to stop count as one', async () => {
    const removals = ['a', 'b', 'c', 'd', 'e', 'f'].map((pod): Step => ({
      id: `remove-pod/${pod}`,
      needs: [],
      operation: { kind: 'remove-pod', pod, graceSeconds: 30, containers: 2 },
    }));
    const run = await begin(plan(short('z'), ...removals, short('y')), { concurrency: 2 });
    assert.deepEqual(started(run), ['z', 'a', 'b', 'c', 'd']);
    run.podman.find(' z').exit(0);
    await calm();
    assert.deepEqual(started(run).slice(5), ['e', 'f'], 'the limit is reached');
    for (const command of run.podman.running()) command.exit(0);
    await calm();
    run.podman.find(' y').exit(0);
    assert.equal((await run.outcome).succeeded.length, 8);
  });

  test('init containers run one after another, then the app containers in parallel', async () => {
    const run = await begin(await planOf('init-containers-one-after-another'), {
      answers: { 'podman pull': 0, 'podman network': 0, 'podman pod create': 0 },
    });
    for (const init of ['web-fetch', 'web-unpack', 'web-check']) {
      const running = run.podman.running();
      assert.equal(running.length, 1);
      assert.match(running[0]?.line ?? '', new RegExp(`--name ${init} `));
      running[0]?.exit(0);
      await calm();
    }
    const names = run.podman.running().map(({ args }) => args[args.indexOf('--name') + 1]);
    assert.deepEqual(names, ['web-tomcat', 'web-logs']);
    for (const command of run.podman.running()) command.exit(0);
    assert.equal((await run.outcome).status, 'done');
  });

  test('a plan without steps is done', async () => {
    const run = await begin(plan());
    assert.deepEqual(await run.outcome, {
      status: 'done',
      succeeded: [],
      failed: [],
      skipped: [],
      undone: [],
    });
    assert.deepEqual(
      run.events.map(({ kind }) => kind),
      ['plan-started', 'plan-finished'],
    );
  });
});

suite('failures', () => {
  test('only steps that need a failed step are skipped', async () => {
    const run = await begin(await planOf('two-pods'), {
      answers: { 'pod create --name web': 125, ...ALL_SUCCEED },
    });
    const { status, failed, skipped, succeeded } = await run.outcome;
    assert.equal(status, 'failed');
    assert.deepEqual(ids(failed.map(({ step }) => step)), ['pod/web']);
    assert.deepEqual(ids(skipped), ['pod/web container/nginx']);
    assert.ok(ids(succeeded).includes('pod/db container/postgres'));
    assert.deepEqual(
      run.events
        .filter(({ kind }) => kind === 'step-skipped')
        .map((event) => 'because' in event && event.because),
      ['needs-failed'],
    );
  });

  test('the diagnostic has the operation and the error of podman', async () => {
    const run = await begin(plan(pull('nginx:9')));
    run.podman.find('pull').print('Trying to pull docker.io/library/nginx:9...', 'stderr');
    run.podman.find('pull').print('Error: reading manifest 9: manifest unknown', 'stderr');
    run.podman.find('pull').exit(125);
    const [failed] = (await run.outcome).failed;
    assert.ok(failed?.failure.kind === 'command');
    assert.equal(failed.failure.diagnostic.code, 'image-not-found');
    assert.match(failed.failure.diagnostic.message, /^cannot pull image nginx:9: /);
  });

  test('a registry that cannot be reached: only an image of this machine can be used instead', async () => {
    const helpOf = async (present: { readonly presentId?: string }) => {
      const operation = { kind: 'pull-image', image: 'nginx:9', ...present } as const;
      const run = await begin(plan({ id: 'pull', needs: [], operation }));
      run.podman.find('pull').print('Error: pinging container registry docker.io: no such host', 'stderr');
      run.podman.find('pull').exit(125);
      const [{ failure } = { failure: undefined }] = (await run.outcome).failed;
      assert.ok(failure?.kind === 'command');
      return failure.diagnostic.help ?? '';
    };
    assert.match(await helpOf({}), /^Check the network/);
    assert.match(await helpOf({ presentId: 'abc' }), /^With --pull missing, .*\nCheck the network/);
  });

  test('a missing podman has a diagnostic of its own', async () => {
    const run = await begin(plan(short('a')));
    run.podman.find('a').end({ kind: 'not-started', reason: 'not-found', message: 'spawn podman ENOENT' });
    const [failed] = (await run.outcome).failed;
    assert.ok(failed?.failure.kind === 'command');
    assert.equal(failed.failure.diagnostic.code, 'podman-not-found');
  });

  test('the rollback runs in order, and continues after a failure', async () => {
    const run = await begin(await planOf('changed-image'), {
      answers: { 'start web-nginx_new': 125, 'rm --force': 1, ...ALL_SUCCEED },
    });
    const { failed } = await run.outcome;
    const undone = run.podman.commands.slice(-2).map(({ line }) => line);
    assert.deepEqual(undone, ['podman rm --force --time 30 web-nginx_new', 'podman start web-nginx']);
    assert.equal(failed[0]?.failure.undone, false);
  });

  test('a new container that exits at once is removed, and the old one is started again', async () => {
    const run = await begin(await planOf('changed-image'), {
      answers: { 'podman top': 125, ...ALL_SUCCEED },
    });
    assert.equal(run.podman.commands.at(-1)?.line, 'podman start web-nginx_new', 'waits before the check');
    await run.clock.advance(30);
    const { failed, skipped } = await run.outcome;
    assert.deepEqual(ids(failed.map(({ step }) => step)), ['see/web/nginx']);
    assert.equal(failed[0]?.failure.undone, true);
    assert.deepEqual(ids(skipped), ['remove/web/nginx', 'pod/web container/nginx']);
    assert.equal(run.podman.commands.at(-1)?.line, 'podman start web-nginx');
  });
});

suite('a step whose successor is skipped', () => {
  const START_OLD = 'podman start shop-web';
  const planWithReplacement = () => planOf('surplus-container-whose-volume-another-takes');
  const stopped = 'podman stop --time 30 shop-web';
  const surplus = 'podman stop --time 30 shop-db';
  const times = (run: Run, words: string) => run.podman.commands.filter(({ line }) => line === words).length;
  /** Both stop commands are running. */
  const stopping = async () =>
    begin(await planWithReplacement(), {
      answers: { create: 0, 'podman rm': 0, 'podman start': 0, 'podman top': 0, 'podman rename': 0 },
    });

  test('is rolled back if it has succeeded: the old container is started again', async () => {
    const run = await stopping();
    run.podman.find(stopped).exit(0);
    await calm();
    assert.equal(times(run, 'podman start shop-web_new'), 0);
    run.podman.find(surplus).exit(125);
    const { failed, skipped, undone } = await run.outcome;
    assert.deepEqual(ids(failed.map(({ step }) => step)), ['stop/shop']);
    assert.ok(ids(skipped).includes('start/shop/web'));
    assert.deepEqual(
      undone.map(({ step, isUndone }) => [step.id, isUndone]),
      [['stop/shop/web', true]],
    );
    assert.deepEqual(
      run.podman.commands.slice(-2).map(({ line }) => line),
      ['podman rm --force --time 30 shop-web_new', START_OLD],
    );
  });

  test('is rolled back once if it succeeds later', async () => {
    const run = await stopping();
    run.podman.find(surplus).exit(125);
    await calm();
    assert.equal(times(run, START_OLD), 0, 'it is still stopping');
    run.podman.find(stopped).exit(0);
    assert.equal((await run.outcome).undone.length, 1);
    assert.equal(times(run, START_OLD), 1);
  });

  test('is rolled back once if it fails', async () => {
    const run = await stopping();
    run.podman.find(surplus).exit(125);
    run.podman.find(stopped).exit(125);
    const { failed, undone } = await run.outcome;
    assert.deepEqual(undone, []);
    assert.equal(failed.find(({ step }) => step.id === 'stop/shop/web')?.failure.undone, true);
    assert.equal(times(run, START_OLD), 1);
  });

  test('is rolled back after Ctrl-C', async () => {
    const run = await stopping();
    run.stop.abort('interrupted');
    run.podman.find(surplus).exit(0);
    run.podman.find(stopped).exit(0);
    const { status, undone } = await run.outcome;
    assert.equal(status, 'interrupted');
    assert.deepEqual(ids(undone.map(({ step }) => step)), ['stop/shop/web']);
    assert.equal(times(run, START_OLD), 1);
  });

  test('is not rolled back if the successor has started', async () => {
    const run = await stopping();
    run.podman.find(surplus).exit(0);
    run.podman.find(stopped).exit(0);
    await calm();
    await run.clock.advance(30);
    const { status, undone } = await run.outcome;
    assert.equal(status, 'done');
    assert.deepEqual(undone, []);
  });
});

suite('a failed init container', () => {
  const answers = {
    ...{ 'podman pull': 0, 'podman network': 0, 'podman pod create': 0, '--name web-nginx': 0 },
    // podman does not tell when the container has run.
    'container inspect': 1,
  };

  /** Fails after each of these times, in seconds. Returns the times until the retries, and the run, which goes on. */
  async function failAfter(lengths: readonly number[], firstBackOffSeconds = 10) {
    const run = await begin(await planOf('restart-policy-on-failure'), { answers, firstBackOffSeconds });
    const waits: number[] = [];
    for (const seconds of lengths) {
      await run.clock.advance(seconds * 1000);
      const before = run.podman.commands.filter(({ line }) => line.includes('--name web-setup')).length;
      const isRetried = () =>
        run.podman.commands.filter(({ line }) => line.includes('--name web-setup')).length > before;
      run.podman.find('--name web-setup').exit(1);
      await calm();
      const start = run.clock.now();
      await run.clock.advance(0);
      while (!isRetried()) await run.clock.advance(100);
      waits.push((run.clock.now() - start) / 1000);
    }
    return { run, waits };
  }

  test('has a new back-off after a run of more than 10 minutes', async () => {
    const { waits } = await failAfter([0, 0, 0, 599, 601, 0]);
    assert.deepEqual(waits, [0, 10, 20, 40, 0, 10]);
  });

  test('PODPOSE_BACK_OFF sets the first wait, and the others are in proportion', async () => {
    const { waits } = await failAfter([0, 0, 0, 0, 61, 0], 1);
    assert.deepEqual(waits, [0, 1, 2, 4, 0, 1]);
  });

  test('is retried at once, then after 10, 20, 40 ... and at most 300 seconds', async () => {
    const { run, waits } = await failAfter([0, 0, 0, 0, 0, 0, 0, 0]);
    assert.deepEqual(waits, [0, 10, 20, 40, 80, 160, 300, 300]);
    assert.deepEqual(
      run.events.flatMap((event) =>
        event.kind === 'step-waiting' ? [[event.attempt, event.exitCode, event.seconds]] : [],
      ),
      waits.map((seconds, index) => [index + 1, 1, seconds]),
    );
    run.podman.find('--name web-setup').exit(0);
    assert.equal((await run.outcome).status, 'done');
  });

  test('is replaced by the retry', async () => {
    const run = await begin(await planOf('restart-policy-on-failure'), { answers });
    assert.doesNotMatch(run.podman.find('--name web-setup').line, /--replace/);
    run.podman.find('--name web-setup').exit(1);
    await calm();
    await run.clock.advance(10_000);
    assert.match(run.podman.find('--name web-setup').line, /run --replace --pod web --name web-setup /);
    assert.match(
      run.podman.find('--name web-setup').line,
      /podpose.watcher=\{"at":0,"lastEnd":\{"exitCode":1,"reason":"Error"\},"restarts":1\}/,
    );
    run.podman.find('--name web-setup').exit(0);
    assert.equal((await run.outcome).status, 'done');
  });

  test('is not retried after the deadline', async () => {
    const run = await begin(await planOf('restart-policy-on-failure'), { answers, retryUntil: 15 });
    run.podman.find('--name web-setup').exit(1);
    await calm();
    await run.clock.advance(10_000);
    run.podman.find('--name web-setup').exit(4);
    const { status, failed, skipped } = await run.outcome;
    assert.equal(status, 'failed');
    assert.deepEqual(failed[0]?.failure, { kind: 'init-container', exitCode: 4, attempts: 2, lastLines: [] });
    assert.deepEqual(ids(skipped), ['pod/web container/nginx']);
  });

  test('is not retried with restartPolicy Never', async () => {
    const run = await begin(await planOf('restart-policy-never'), { answers });
    run.podman.find('--name web-setup').exit(1);
    const { status, failed } = await run.outcome;
    assert.equal(status, 'failed');
    assert.equal(failed[0]?.failure.kind, 'init-container');
    assert.equal(run.clock.now(), 0);
  });

  test('is reported with the last 20 lines of both streams, in order', async () => {
    const run = await begin(await planOf('restart-policy-never'), { answers });
    const setup = run.podman.find('--name web-setup');
    for (let line = 1; line <= 30; line++) setup.print(`line ${line}`, line % 2 === 0 ? 'stderr' : 'stdout');
    setup.exit(1);
    const [failed] = (await run.outcome).failed;
    assert.ok(failed?.failure.kind === 'init-container');
    const lines = failed.failure.lastLines;
    assert.deepEqual([lines.length, lines[0], lines.at(-1)], [20, 'line 11', 'line 30']);
    assert.equal(run.events.filter(({ kind }) => kind === 'step-output').length, 30);
  });

  for (const exitCode of [125, 126, 127])
    test(`exit code ${exitCode} is its own unless podman reports an error`, async () => {
      const own = await begin(await planOf('restart-policy-never'), { answers });
      own.podman.find('--name web-setup').print('Error: cannot go on', 'stderr');
      own.podman.find('--name web-setup').print('bye', 'stderr');
      own.podman.find('--name web-setup').print('Error: this is how my program talks', 'stdout');
      own.podman.find('--name web-setup').exit(exitCode);
      assert.equal((await own.outcome).failed[0]?.failure.kind, 'init-container');

      const podmans = await begin(await planOf('restart-policy-on-failure'), { answers });
      podmans.podman
        .find('--name web-setup')
        .print('Error: crun: executable file `x` not found in $PATH', 'stderr');
      podmans.podman.find('--name web-setup').exit(exitCode);
      const [failed] = (await podmans.outcome).failed;
      assert.ok(failed?.failure.kind === 'command');
      assert.equal(failed.failure.diagnostic.code, 'command-not-found');
    });

  test('any other exit code is its own, whatever it prints', async () => {
    const run = await begin(await planOf('restart-policy-never'), { answers });
    run.podman.find('--name web-setup').print('Error: no such file', 'stderr');
    run.podman.find('--name web-setup').exit(1);
    assert.equal((await run.outcome).failed[0]?.failure.kind, 'init-container');
  });
});

suite('a pod whose deadline passes while its init container runs', () => {
  const answers = { 'podman pull': 0, 'podman network': 0, 'podman pod create': 0 };
  const begun = async (name: string) => {
    const passed = new AbortController();
    const deadlines: PodDeadlines = {
      passed: () => passed.signal,
      error: (pod) => ({ code: 'deadline-exceeded', severity: 'error', message: `${pod} is late` }),
    };
    return { run: await begin(await planOf(name), { answers, deadlines }), passed };
  };
  const failures = ({ failed }: Outcome) =>
    failed.map(({ failure }) => (failure.kind === 'command' ? failure.diagnostic.message : failure.kind));

  test('fails for it, whatever the exit code of the container', async () => {
    const { run, passed } = await begun('restart-policy-on-failure');
    passed.abort();
    run.podman.find('--name web-setup').exit(143);
    const outcome = await run.outcome;
    assert.deepEqual([outcome.status, failures(outcome)], ['failed', ['web is late']]);
    assert.equal(run.clock.now(), 0, 'no retry');
  });

  test('starts no other container, if the init container has completed', async () => {
    const { run, passed } = await begun('restart-policy-on-failure');
    passed.abort();
    run.podman.find('--name web-setup').exit(0);
    assert.deepEqual(failures(await run.outcome), ['web is late']);
    assert.throws(() => run.podman.find('--name web-nginx'));
  });

  test('does not wait for the end of a back-off', async () => {
    const { run, passed } = await begun('restart-policy-on-failure');
    run.podman.find('--name web-setup').exit(1);
    await calm();
    passed.abort();
    assert.deepEqual(failures(await run.outcome), ['web is late']);
  });
});

suite('arguments resolved at run time', () => {
  test('podman is queried right before the command runs', async () => {
    const run = await begin(await planOf('run-as-group-alone-keeps-the-user-of-the-image'), {
      answers: { 'podman pull': 0, 'podman network': 0, 'podman pod create': 0, 'podman run': 0 },
    });
    run.podman.find('image inspect').print('app');
    run.podman.find('image inspect').exit(0);
    assert.equal((await run.outcome).status, 'done');
    assert.match(run.podman.find('podman run').line, / --user app:2000 /);
  });

  test('an argument may contain several answers, and end with line breaks', async () => {
    const run = await begin(await planOf('env-from-a-file-in-other-texts'), {
      answers: {
        'chmod 0777': 0,
        'podman pull': 0,
        'podman network': 0,
        'podman pod create': 0,
        'podman start': 0,
        'podman run': 0,
      },
    });
    while (run.podman.running().length > 0) {
      for (const asked of run.podman.running()) {
        const before = asked.args.includes('--env=HOST=') ? '--env=HOST=' : '';
        if (asked.line.includes('awk "$1"')) asked.print(`${before}db.\n\n.`);
        if (asked.line.includes('fib_trie')) asked.print('10.0.0.2');
        asked.exit(0);
      }
      await calm();
    }
    assert.equal((await run.outcome).status, 'done');
    const { args } = run.podman.find('--name web-app');
    for (const word of ['--env=HOST=db.\n\n', 'IP=10.0.0.2', 'URL=10.0.0.2->db.\n\n'])
      assert.ok(args.includes(word), `${word} not found in\n${args.join('\n')}`);
    assert.ok(args.includes('["serve","--to=db.\n\n"]'));
  });

  test('the command does not run if the query fails', async () => {
    const run = await begin(await planOf('empty-dir-sub-path'), {
      answers: {
        'volume create': 0,
        unshare: 0,
        'podman pull': 0,
        'podman network': 0,
        'podman pod create': 0,
      },
    });
    while (run.podman.running().length > 0) {
      for (const asked of run.podman.running()) {
        asked.print('Error: no volume with name "web-data" found: no such volume', 'stderr');
        asked.exit(125);
      }
      await calm();
    }
    const [failed] = (await run.outcome).failed;
    assert.ok(failed?.failure.kind === 'command');
    assert.match(
      failed.failure.diagnostic.message,
      /^cannot set the permissions of the volumes of pod\/web: no volume with name/,
    );
    assert.ok(run.podman.commands.every(({ line }) => !line.includes('unshare')));
  });
});

suite('stop and kill', () => {
  const answers = { 'podman pull': 0, 'podman network': 0, 'podman pod create': 0 };

  test('an init container is stopped with its grace period, and no new step starts', async () => {
    const run = await begin(await planOf('restart-policy-on-failure'), { answers });
    run.stop.abort('interrupted');
    await calm();
    assert.equal(run.podman.find('podman stop').line, 'podman stop --time 30 web-setup');
    assert.deepEqual(run.podman.find('--name web-setup').signals, []);
    run.podman.find('podman stop').exit(0);
    run.podman.find('--name web-setup').exit(143);
    const { status, failed, skipped } = await run.outcome;
    assert.equal(status, 'interrupted');
    assert.deepEqual(failed[0]?.failure, { kind: 'stopped', because: 'interrupted' });
    assert.deepEqual(ids(skipped), ['pod/web container/nginx']);
    assert.deepEqual(
      run.events.flatMap((event) => (event.kind === 'stopping' ? [event.because] : [])),
      ['interrupted'],
    );
  });

  test('the stop of an init container is retried while podman is still creating it', async () => {
    const run = await begin(await planOf('restart-policy-on-failure'), { answers });
    run.stop.abort('interrupted');
    await calm();
    run.podman.find('podman stop').exit(125);
    await calm();
    await run.clock.advance(250);
    assert.equal(run.podman.commands.filter(({ line }) => line.startsWith('podman stop')).length, 2);
    run.podman.find('podman stop').exit(0);
    run.podman.find('--name web-setup').exit(143);
    assert.equal((await run.outcome).status, 'interrupted');
    assert.equal(run.clock.sleepers(), 0);
  });

  test('an init container that completes after the stop signal has succeeded', async () => {
    const run = await begin(await planOf('restart-policy-on-failure'), { answers });
    run.stop.abort('interrupted');
    await calm();
    run.podman.find('--name web-setup').exit(0);
    const { status, failed, skipped } = await run.outcome;
    assert.equal(status, 'interrupted');
    assert.deepEqual(failed, []);
    assert.deepEqual(ids(skipped), ['pod/web container/nginx']);
  });

  test('the back-off delay ends at the stop signal', async () => {
    const run = await begin(await planOf('restart-policy-on-failure'), { answers });
    run.podman.find('--name web-setup').exit(7);
    await calm();
    run.stop.abort('interrupted');
    const { status, failed } = await run.outcome;
    assert.equal(status, 'interrupted');
    assert.deepEqual(failed[0]?.failure, { kind: 'init-container', exitCode: 7, attempts: 1, lastLines: [] });
    assert.equal(run.clock.now(), 0);
  });

  test('a pull is terminated, and a short command finishes', async () => {
    const run = await begin(plan(pull('nginx'), short('a'), short('b', 'a')));
    run.stop.abort('interrupted');
    await calm();
    assert.deepEqual(run.podman.find('pull').signals, ['SIGTERM']);
    assert.deepEqual(run.podman.find('rm a').signals, []);
    run.podman.find('rm a').exit(0);
    const { status, succeeded, failed, skipped } = await run.outcome;
    assert.equal(status, 'interrupted');
    assert.deepEqual([ids(succeeded), ids(skipped)], [['a'], ['b']]);
    assert.deepEqual(failed[0]?.failure, { kind: 'stopped', because: 'interrupted' });
  });

  test('secret values are redacted in errors and output of podman', async () => {
    const run = await begin(plan(pull('nginx')));
    run.podman.find('pull').print('Error: invalid reference hunter2', 'stderr');
    run.podman.find('pull').exit(125);
    const { failed } = await run.outcome;
    assert.match(JSON.stringify(failed), /invalid reference \*\*\*/);
    assert.doesNotMatch(JSON.stringify([failed, run.events]), /hunter2/);
  });

  test("output of an init container is not redacted, but podman's messages in it are", async () => {
    const run = await begin(await planOf('restart-policy-on-failure'), { answers });
    const init = run.podman.find('--name web-setup');
    init.print('my password is hunter2', 'stdout');
    init.print('time="2026-11-21T10:29:09Z" level=error msg="hunter2"', 'stderr');
    init.print('Error: hunter2', 'stderr');
    init.exit(125);
    await run.outcome;
    const lines = run.events.flatMap((event) => (event.kind === 'step-output' ? [event.line] : []));
    assert.deepEqual(lines.slice(-3), [
      'my password is hunter2',
      'time="2026-11-21T10:29:09Z" level=error msg="***"',
      'Error: ***',
    ]);
  });

  test('a terminated pull has not succeeded, even if it exits with 0', async () => {
    const run = await begin(plan(pull('nginx'), short('a', 'pull')), { onSignal: 0 });
    run.stop.abort('interrupted');
    const { status, succeeded, failed } = await run.outcome;
    assert.equal(status, 'interrupted');
    assert.deepEqual(ids(succeeded), []);
    assert.deepEqual(failed[0]?.failure, { kind: 'stopped', because: 'interrupted' });
  });

  test('the kill signal kills all running commands', async () => {
    const run = await begin(plan(short('a'), short('b'), short('c', 'a')));
    run.stop.abort('interrupted');
    await calm();
    run.kill.abort();
    const { status, failed, skipped } = await run.outcome;
    assert.equal(status, 'interrupted');
    assert.deepEqual(
      run.podman.commands.map(({ signals }) => signals),
      [['SIGKILL'], ['SIGKILL']],
    );
    assert.deepEqual(
      failed.map(({ failure }) => failure.kind),
      ['stopped', 'stopped'],
    );
    assert.deepEqual(ids(skipped), ['c']);
  });

  test('the outcome of a time limit is timeout', async () => {
    const run = await begin(plan(short('a'), short('b', 'a')));
    run.stop.abort('timeout');
    run.podman.find('rm a').exit(0);
    const { status, skipped } = await run.outcome;
    assert.equal(status, 'timeout');
    assert.deepEqual(ids(skipped), ['b']);
  });

  test('a command does not start if the run is stopped while its arguments are resolved', async () => {
    const run = await begin(await planOf('run-as-group-alone-keeps-the-user-of-the-image'), { answers });
    run.stop.abort('interrupted');
    run.podman.find('image inspect').exit(0);
    const { status, failed } = await run.outcome;
    assert.equal(status, 'interrupted');
    assert.deepEqual(failed[0]?.failure, { kind: 'stopped', because: 'interrupted' });
    assert.ok(run.podman.commands.every(({ line }) => !line.startsWith('podman run')));
  });

  test('a stop signal during the last step does not change the outcome', async () => {
    const run = await begin(plan(short('a')));
    run.stop.abort('interrupted');
    run.podman.find('rm a').exit(0);
    assert.equal((await run.outcome).status, 'done');
  });

  test('a command that fails while the run is stopping has failed', async () => {
    const run = await begin(plan(short('a'), short('b', 'a')));
    run.stop.abort('interrupted');
    run.podman.find('rm a').print('Error: it broke', 'stderr');
    run.podman.find('rm a').exit(125);
    const { failed } = await run.outcome;
    assert.equal(failed[0]?.failure.kind, 'command');
  });
});

test('events are emitted in order', async () => {
  const run = await begin(plan(short('a'), short('b', 'a')));
  run.podman.find('rm a').print('a', 'stdout');
  run.podman.find('rm a').exit(0);
  await calm();
  run.podman.find('rm b').exit(1);
  await run.outcome;
  const kinds = run.events.map((event) => ('step' in event ? `${event.kind} ${event.step.id}` : event.kind));
  assert.deepEqual(kinds, [
    'plan-started',
    'step-started a',
    'step-output a',
    'step-succeeded a',
    'step-started b',
    'step-failed b',
    'plan-finished',
  ]);
});

suite('hooks', () => {
  const postStart: Step = {
    id: 'hook',
    needs: [],
    operation: {
      ...{ kind: 'run-post-start', pod: 'web', container: 'app', role: 'container', name: 'web-app' },
      ...{
        hook: { exec: { command: ['greet'] } },
        graceSeconds: 5,
        restartPolicy: 'Always',
        hostNetwork: false,
      },
    },
  };
  const preStop = { exec: { command: ['leave'] } };
  const terminate: Step = {
    id: 'stop',
    needs: [],
    operation: {
      ...{ kind: 'terminate-containers', pod: 'web', containers: [{ name: 'web-app', preStop }] },
      ...{ sidecars: [], graceSeconds: 5, besideOthers: false, hostNetwork: false },
    },
  };

  test('a failed postStart is reported with its output, and the container is killed', async () => {
    const run = await begin(plan(postStart), {
      answers: ALL_SUCCEED,
      runHook: () => Promise.resolve({ kind: 'failed', message: 'exit code 3: not yet' }),
    });
    const { failed } = await run.outcome;
    const [{ failure } = { failure: undefined }] = failed;
    assert.ok(failure?.kind === 'command');
    assert.equal(
      failure.diagnostic.message,
      'postStart of pod/web container/app failed: exit code 3: not yet',
    );
    assert.deepEqual(started(run), ['web-app']);
  });

  interface FailedStart {
    readonly step?: Step;
    readonly operation?: object;
    readonly exitCode?: number;
    readonly podmansPolicy?: string;
    readonly sidecars?: Partial<SidecarWatch>;
  }

  /** The hook fails, and the container ends with this exit code. Another step needs that of the hook. */
  async function failStart({ exitCode = 143, podmansPolicy = 'no', ...given }: FailedStart): Promise<Run> {
    const hook = { ...postStart, ...given.step };
    const operation = { ...hook.operation, ...given.operation };
    const run = await begin(plan({ ...hook, operation }, short('next', 'hook')), {
      runHook: () => Promise.resolve({ kind: 'failed', message: 'exit code 3: not yet' }),
      sidecars: { restartsContainers: true, ...given.sidecars },
    });
    const row = {
      ...{ Id: 'id', HostConfig: { RestartPolicy: { Name: podmansPolicy } } },
      State: { Status: 'exited', StartedAt: 'the failed run', ExitCode: exitCode },
    };
    for (let rounds = 0; rounds < 6; rounds++) {
      for (const command of run.podman.running()) {
        if (command.line.includes('inspect')) command.print(JSON.stringify([row]));
        command.exit(0);
      }
      await calm();
    }
    return run;
  }

  const restarts: readonly (readonly [what: string, given: FailedStart, kind: string])[] = [
    ['by its policy', {}, 'restarting'],
    ['also after exit code 0', { exitCode: 0 }, 'restarting'],
    ['not under Never', { operation: { restartPolicy: 'Never' } }, 'command'],
    ['under OnFailure', { operation: { restartPolicy: 'OnFailure' } }, 'restarting'],
    ['not if it has completed', { operation: { restartPolicy: 'OnFailure' }, exitCode: 0 }, 'command'],
    [
      'by a rule',
      {
        operation: {
          restartPolicy: 'Never',
          restartPolicyRules: [{ action: 'Restart', exitCodes: { operator: 'In', values: [143] } }],
        },
      },
      'restarting',
    ],
    ['not without a watcher', { sidecars: { restartsContainers: false } }, 'command'],
    ['not by podman, without its hook', { podmansPolicy: 'always' }, 'command'],
  ];
  for (const [what, given, kind] of restarts)
    test(`a container whose postStart has failed is restarted ${what}`, async () => {
      const { status, failed, succeeded } = await (await failStart(given)).outcome;
      assert.deepEqual(
        [status, failed.map(({ failure }) => failure.kind), ids(succeeded)],
        kind === 'restarting' ? ['done', [kind], ['next']] : ['failed', [kind], []],
      );
    });

  const sidecar: FailedStart = { operation: { role: 'init' } };

  test('the containers after a sidecar wait until it was restarted, and its hook has succeeded', async () => {
    const waits: string[] = [];
    const untilRestarted: SidecarWatch['untilRestarted'] = (name, failedRun, onWait) => {
      waits.push(name, failedRun);
      onWait('Error with exit code 143');
      return Promise.resolve(true);
    };
    const run = await failStart({ ...sidecar, sidecars: { untilRestarted } });
    const { status, failed, succeeded } = await run.outcome;
    assert.deepEqual(waits, ['web-app', 'the failed run']);
    assert.deepEqual(
      [status, failed.map(({ failure }) => failure.kind), ids(succeeded)],
      ['done', ['restarted'], ['next']],
    );
    assert.deepEqual(
      run.events.flatMap((event) => (event.kind === 'step-output' ? [event.line] : [])),
      ['postStart of pod/web init/app failed: exit code 3: not yet', 'Error with exit code 143'],
    );
  });

  test('they do not start if it was not restarted in time, or is the replacement of another one', async () => {
    const late = await failStart({
      ...sidecar,
      sidecars: { untilRestarted: () => Promise.resolve(false) },
    });
    const replaced = await failStart({ ...sidecar, step: { ...postStart, undo: [] } });
    for (const { outcome } of [late, replaced]) {
      const { status, failed, skipped } = await outcome;
      assert.deepEqual(
        [status, failed.map(({ failure }) => failure.kind), ids(skipped)],
        ['failed', ['command'], ['next']],
      );
    }
  });

  test('a stop request cuts postStart off', async () => {
    const run = await begin(plan(postStart), {
      runHook: (_hook, _target, _seconds, cancel) =>
        new Promise((resolve) => {
          cancel.addEventListener('abort', () => {
            resolve({ kind: 'cut-off' });
          });
        }),
    });
    run.stop.abort();
    const { failed, status } = await run.outcome;
    assert.deepEqual([status, failed.map(({ failure }) => failure.kind)], ['interrupted', ['stopped']]);
  });

  test('a failed preStop is a warning, and the container is stopped', async () => {
    const warnings: string[] = [];
    const run = await begin(plan(terminate), {
      runHook: () => Promise.resolve({ kind: 'failed', message: 'exit code 1' }),
      onHookFailed: (failure) => warnings.push(preStopWarning(failure).message),
    });
    run.podman.find('inspect').print('running');
    run.podman.find('inspect').exit(0);
    await calm();
    run.podman.find('stop').exit(0);
    assert.equal((await run.outcome).status, 'done');
    assert.deepEqual(warnings, ['preStop of pod/web container/app failed: exit code 1']);
  });
});
