import { defined } from '../../base/defined.ts';
import type { Diagnostic } from '../../base/diagnostic.ts';
import { success } from '../../base/result.ts';
import { suggest } from '../../base/suggest.ts';
import { queryEngine } from '../../engine/engine.ts';
import { failed, usageError, type EngineResult } from '../../engine/failure.ts';
import { rolloutHistory } from '../../engine/rollout-history.ts';
import { stopControl, unlessStopped } from '../../engine/stop-control.ts';
import { waitForRollout } from '../../engine/wait-for-rollout.ts';
import { renderHistory } from '../../view/status/rollout-history.ts';
import type { Command, CommandContext } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { mistakesIn, targetOptions } from '../options.ts';
import { duration, text, wholeNumber } from '../parse/option-values.ts';
import { OF_ACTION, ROLLOUT_ACTIONS, rolloutOperands } from '../parse/rollout-operands.ts';
import { runUp } from './up.ts';

/** `podpose rollout`: the rollout of a workload, as in kubectl. */
export const rollout: Command = {
  run: async (context) => {
    const [word = '', ...rest] = context.operands;
    const action = ROLLOUT_ACTIONS.find((one) => one === word);
    if (action === undefined) return failed('usage', [unknownAction(word)]);
    const operands = rolloutOperands(action, rest, text(context.values, 'namespace'));
    const mistakes = [...mistakesIn(operands), ...misplacedOptions(context, action)];
    if (!operands.ok || mistakes.length > 0) return failed('usage', mistakes);
    const { workloads, owners, files } = operands.value;
    switch (action) {
      case 'status':
        return showStatus({ ...context, operands: [...workloads, ...files] });
      case 'history':
        return showHistory({ ...context, operands: [...workloads, ...files] });
      case 'restart':
      case 'undo':
        return change({ ...context, operands: files }, action, owners);
    }
  },
};

/** Restarts and undoes as `up -d` would with other templates in the files. */
async function change(
  context: CommandContext,
  action: 'restart' | 'undo',
  owners: ReadonlySet<string>,
): Promise<EngineResult<ExitCode>> {
  const revision = wholeNumber(context.values, 'to-revision');
  if (!revision.ok) return failed('usage', revision.error);
  // 0 is that before, as in kubectl.
  const wanted = revision.value === 0 ? undefined : revision.value;
  const at = `${new Date(context.platform.today()).toISOString().slice(0, 19)}Z`;
  return runUp(
    { ...context, values: { ...context.values, detach: true } },
    {
      only: owners,
      revision: {
        owners,
        action:
          action === 'restart' ? { kind: 'restart', at } : { kind: 'undo', ...defined({ revision: wanted }) },
      },
    },
  );
}

async function showStatus(context: CommandContext): Promise<EngineResult<ExitCode>> {
  const { engine, platform, values } = context;
  const timeout = duration(values, 'timeout');
  if (!timeout.ok) return failed('usage', timeout.error);
  // As in kubectl, 0 is no limit.
  const control = stopControl(platform, timeout.value === 0 ? undefined : timeout.value);
  try {
    const [workload = ''] = context.operands;
    const end = await waitForRollout(engine, {
      ...targetOptions(context),
      waits: values['watch'] !== false,
      stop: control.stop,
      onChange: ({ kind, words }) => {
        if (kind === 'progressing') platform.stdout.write(`Waiting for ${workload}: ${words}\n`);
      },
    });
    if (end.ok && end.value.kind === 'complete')
      platform.stdout.write(`${workload} successfully rolled out: ${end.value.words}\n`);
    if (end.ok) return success(EXIT.done);
    if (end.error.isUnchanged !== true) return end;
    return control.stop.reason === 'timeout'
      ? failed('timeout', [timedOut(workload)])
      : failed('interrupted', []);
  } finally {
    control.release();
  }
}

async function showHistory(context: CommandContext): Promise<EngineResult<ExitCode>> {
  const { engine, platform, paintOut } = context;
  const control = stopControl(platform);
  const finding = rolloutHistory(queryEngine(engine, control.stop), targetOptions(context));
  const history = await unlessStopped(finding, control.stop).finally(control.release);
  if (!history.ok) return history;
  platform.stdout.write(renderHistory(history.value, paintOut));
  return success(EXIT.done);
}

function unknownAction(word: string): Diagnostic {
  return {
    ...usageError(
      word === '' ? 'missing-argument' : 'option-value',
      word === '' ? 'rollout needs an action' : `rollout has no action '${word}'`,
      ['pause', 'resume'].includes(word)
        ? "Write 'paused: true' into the spec of the Deployment, or remove it, and run 'podpose up'."
        : `Use one of ${ROLLOUT_ACTIONS.join(', ')}: podpose rollout restart deploy/web`,
    ),
    ...defined({ suggestion: suggest(word, ROLLOUT_ACTIONS) }),
  };
}

function misplacedOptions({ values }: CommandContext, action: string): readonly Diagnostic[] {
  return Object.entries(OF_ACTION)
    .filter(([name, actions]) => values[name] !== undefined && !actions.some((one) => one === action))
    .map(([name, actions]) =>
      usageError(
        'option-value',
        `rollout ${action} does not support --${name}`,
        `It is an option of rollout ${actions.join(' and rollout ')}.`,
      ),
    );
}

function timedOut(workload: string): Diagnostic {
  return usageError(
    'wait-timeout',
    `timed out waiting for the rollout of ${workload}`,
    `'podpose get pods' shows the state of its pods; --timeout sets another time limit.`,
  );
}
