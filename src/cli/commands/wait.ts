import { jsonPathText, selectJsonPath } from '../../base/json-path.ts';
import { success, type Result } from '../../base/result.ts';
import { failed, usageError } from '../../engine/failure.ts';
import type { PodView } from '../../engine/pod-facts.ts';
import { stopControl } from '../../engine/stop-control.ts';
import { waitForPods, type WaitOptions } from '../../engine/wait-for-pods.ts';
import { podItem } from '../../view/status/pod-list.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { mistakesIn, targetOptions } from '../options.ts';
import { duration, text } from '../parse/option-values.ts';
import { podNames } from '../pod-kind.ts';

/** Seconds without `--timeout`, as in kubectl. */
const TIMEOUT_SECONDS = 30;

/** `podpose wait`: waits for a condition of pods, as kubectl does. */
export const wait: Command = {
  run: async (context) => {
    const { engine, platform, values } = context;
    const condition = conditionIn(text(values, 'for'));
    const timeout = duration(values, 'timeout');
    const operands = podNames('wait', context.operands);
    if (!condition.ok || !timeout.ok || !operands.ok)
      return failed('usage', mistakesIn(condition, timeout, operands));
    const control = stopControl(platform);
    try {
      const end = await waitForPods(engine, {
        ...targetOptions({ values, operands: operands.value }),
        condition: condition.value,
        timeout: (timeout.value ?? TIMEOUT_SECONDS) * 1000,
        stop: control.stop,
        onMet: (pod) => {
          platform.stdout.write(`pod/${pod} condition met\n`);
        },
      });
      if (end.ok) return success(EXIT.done);
      return end.error.isUnchanged === true ? failed('interrupted', []) : end;
    } finally {
      control.release();
    }
  },
};

/** The condition of `--for`, in kubectl's notation, and `phase=`. */
function conditionIn(given: string | undefined): Result<WaitOptions['condition']> {
  if (given === undefined)
    return {
      ok: false,
      error: [usageError('missing-argument', 'wait needs --for', `For example: ${FORMS}.`)],
    };
  if (given === 'delete') return success('deleted');
  const [, type, status] = /^condition=([^=]+)(?:=(.+))?$/.exec(given) ?? [];
  if (type !== undefined) return success((view) => hasCondition(view, type, status ?? 'True'));
  const [, phase] = /^phase=(.+)$/.exec(given) ?? [];
  if (phase !== undefined) return success(({ status: now }) => isSame(now.phase, phase));
  const [, braced, plain, value] = /^jsonpath=(?:(\{.*\})|([^=]+))(?:=(.*))?$/s.exec(given) ?? [];
  const path = braced ?? plain;
  if (path === undefined) return invalid(given, `Use one of ${FORMS}.`);
  const tried = selectJsonPath(path, {});
  if (!tried.ok) return invalid(given, `${tried.error}.`);
  return success((view) => selects(view, path, value));
}

const FORMS = "condition=Ready, phase=Running, jsonpath='{.status.phase}'=Running, delete";

function hasCondition({ status }: PodView, type: string, wanted: string): boolean {
  return status.conditions.some(
    (condition) => isSame(condition.type, type) && isSame(condition.status, wanted),
  );
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** Whether the path has this value, or any value. Several values are none, as in kubectl. */
function selects(view: PodView, path: string, wanted: string | undefined): boolean {
  const found = selectJsonPath(path, JSON.parse(JSON.stringify(podItem(view))));
  if (!found.ok) return false;
  const [value, ...others] = found.value;
  if (wanted === undefined) return value !== undefined;
  return others.length === 0 && value !== undefined && jsonPathText(value) === wanted;
}

function invalid(given: string, help: string): Result<never> {
  return { ok: false, error: [usageError('option-value', `invalid value '${given}' for --for`, help)] };
}
