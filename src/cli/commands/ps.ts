import { success } from '../../base/result.ts';
import { failed } from '../../engine/failure.ts';
import { observeStatus, readMessages } from '../../engine/pod-status.ts';
import { viewPods, type PodView } from '../../engine/pod-facts.ts';
import { selectsContainer, type Target } from '../../engine/target.ts';
import { noPodsMessage } from '../../view/status/no-pods.ts';
import { renderPs, type PsFormat } from '../../view/status/ps.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { namespacesShown, targetOptions } from '../options.ts';
import { choice, flag } from '../parse/option-values.ts';
import { readOnly } from '../read-only.ts';
import { observedObjects } from './find-objects.ts';
import { otherTables } from './get-kinds.ts';

/** `podpose ps`: pods and containers in the format of kubectl. */
export const ps: Command = {
  run: readOnly(async (context) => {
    const { engine, platform, values, say, paintOut } = context;
    const output = choice(values, 'output', ['wide', 'json', 'yaml', 'name']);
    if (!output.ok) return failed('usage', output.error);
    const all = flag(values, 'all');
    const format: PsFormat = flag(values, 'quiet') ? 'ids' : (output.value ?? 'table');
    const addresses = SHOWS_DETAILS.includes(format);
    const isTable = format === 'table' || format === 'wide';
    const status = await observeStatus(engine, {
      ...targetOptions(context),
      ...{ all, addresses, services: isTable },
    });
    if (!status.ok) return status;
    const { observed, target, known, unwatched, interrupted } = status.value;
    const selection = all ? {} : target;
    const views = viewPods(observed, selection, known);
    const described = SHOWS_DETAILS.includes(format)
      ? viewPods(observed, selection, known, await readMessages(engine, endedIn(views)))
      : views;
    const now = platform.today() / 1000;
    const shown = LISTS_CONTAINERS.includes(format) ? onlySelected(described, target) : described;
    const tables = [
      renderPs(shown, format, { now, allProjects: all, paint: paintOut, ...namespacesShown(values) }),
      ...(isTable && isWhole(target) ? otherTables(context, observedObjects(status.value, all)) : []),
    ];
    platform.stdout.write(tables.filter((table) => table !== '').join('\n'));
    if (views.length === 0 && isTable) say(noPodsMessage(all ? undefined : target.project));
    for (const project of isTable ? unwatched : [])
      say(
        `Nobody restarts the containers of project '${project}' when they end: its watcher is not running. 'podpose up -d' starts it.\n`,
      );
    for (const { name } of isTable ? interrupted : [])
      say(`pod/${name} has not started completely, and nothing is starting it. 'podpose up -d' continues.\n`);
    return success(EXIT.done);
  }),
};

/** Whether no pod is named: the workloads and Services are shown, too. */
function isWhole({ pods, namespace }: Target): boolean {
  return pods === undefined || namespace !== undefined;
}

/** Addresses and messages: they cost queries. */
const SHOWS_DETAILS: readonly PsFormat[] = ['wide', 'json', 'yaml'];

/** In these formats `ps POD/CONTAINER` lists that container only. JSON and YAML have whole pods. */
const LISTS_CONTAINERS: readonly PsFormat[] = ['table', 'wide', 'ids'];

function onlySelected(views: readonly PodView[], target: Target): readonly PodView[] {
  return views.map((view) => {
    const isSelected = ({ name }: { readonly name: string }) =>
      selectsContainer(target, view.observed.name, name);
    return {
      ...view,
      initContainers: view.initContainers.filter(isSelected),
      containers: view.containers.filter(isSelected),
    };
  });
}

function endedIn(views: readonly PodView[]) {
  return views
    .flatMap(({ initContainers, containers }) => [...initContainers, ...containers])
    .flatMap(({ observed, status }) =>
      observed !== undefined && status.state.kind === 'terminated' ? [observed] : [],
    );
}
