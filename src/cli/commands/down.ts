import { success } from '../../base/result.ts';
import { applyPlan, NO_SECRETS } from '../../engine/apply-project.ts';
import { queryEngine } from '../../engine/engine.ts';
import { failed } from '../../engine/failure.ts';
import { projectLock } from '../../engine/project-lock.ts';
import { stopControl, unlessStopped } from '../../engine/stop-control.ts';
import { planTakeDown, planTakeDownAgain, type DownOptions } from '../../engine/take-down.ts';
import { claimVolumesOf, keptNetworkOf, type DownInput } from '../../plan/plan-down.ts';
import { showNothingToDo, showOutcome } from '../apply.ts';
import type { Command } from '../command.ts';
import { confirmDataLoss } from '../confirm.ts';
import { EXIT } from '../exit-code.ts';
import { targetOptions } from '../options.ts';
import { flag, wholeNumber } from '../parse/option-values.ts';

/** `podpose down`: stops and removes the project's pods. Data of PersistentVolumeClaims is kept. */
export const down: Command = {
  run: async (context) => {
    const { platform, engine, values, say } = context;
    const graceSeconds = wholeNumber(values, 'time');
    if (!graceSeconds.ok) return failed('usage', graceSeconds.error);
    const volumes = flag(values, 'volumes');
    const options: DownOptions = { ...targetOptions(context), graceSeconds: graceSeconds.value, volumes };
    const control = stopControl(platform);
    const lock = projectLock(engine, 'down', control);
    try {
      const planning = planTakeDown(queryEngine(engine, control.stop), options, lock);
      const planned = await unlessStopped(planning, control.stop);
      if (!planned.ok) return planned;
      const { input, plan } = planned.value;
      const kept = `${volumes ? '' : keptVolumes(input)}${keptNetwork(input)}`;
      if (plan.steps.length === 0) {
        const words = `No pods in project '${plan.project}'. (podpose ps --all lists every project)\n${kept}`;
        return showNothingToDo(context, plan, words);
      }
      const confirmed = await confirmDataLoss(context, plan, control);
      if (!confirmed.ok) return confirmed;
      const planAgain = () => planTakeDownAgain(queryEngine(engine, control.stop), planned.value, options);
      const outcome = await applyPlan(engine, plan, { control, retryUntil: 0 }, NO_SECRETS, { planAgain });
      const shown = showOutcome(context, plan.project, outcome);
      if (shown.ok && shown.value === EXIT.done && kept !== '') say(kept);
      return shown.ok ? success(shown.value) : shown;
    } finally {
      lock.release();
      control.release();
    }
  },
};

/** Names the kept volumes. Empty if there are none. */
function keptVolumes(input: DownInput): string {
  const names = claimVolumesOf(input).map(({ name }) => name);
  if (names.length === 0) return '';
  const are = names.length === 1 ? 'is kept with its' : 'are kept with their';
  return `${listed(names)} ${are} data. podpose -p ${input.project} down --volumes removes ${names.length === 1 ? 'it' : 'them'}.\n`;
}

/** Names the network that others use. Empty if none is kept. */
function keptNetwork(input: DownInput): string {
  const network = keptNetworkOf(input);
  return network === undefined
    ? ''
    : `network/${network.name} is kept: ${network.users.join(', ')} ${network.users.length === 1 ? 'is' : 'are'} connected to it. 'podpose -p ${input.project} down' removes it when no one is.\n`;
}

function listed(names: readonly string[]): string {
  return [...names]
    .sort()
    .map((name) => `volume/${name}`)
    .join(', ');
}
